using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.HostedTools;

/// <summary>The most searches of the web that tools on offer allow, see <see cref="RequestOutline.WebSearches"/>.</summary>
internal static class SearchLimit
{
    /// <summary>Whether the word at which the reader stands is the type of a search, of whichever version (Anthropic's <c>web_search_20250305</c>, OpenAI's <c>web_search_preview</c>).</summary>
    public static bool IsSearch(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        && (reader.ValueIsEscaped ? JsonText.Tolerant(ref reader).StartsWith("web_search", StringComparison.Ordinal) : reader.ValueSpan.StartsWith("web_search"u8));

    /// <summary>The limit of one tool as Anthropic offers it, at whose start the reader stands; 0 for one that does not search. Leaves the reader at its end.</summary>
    public static int OfTool(ref Utf8JsonReader reader)
    {
        var isSearch = false;
        var most = WebSearch.AssumedUses;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isLimit = !isType && reader.ValueTextEquals("max_uses"u8);
            reader.Read();
            isSearch = isType ? IsSearch(ref reader) : isSearch;
            most = isLimit ? Of(ref reader) : most;
            reader.Skip();
        }

        return isSearch ? most : 0;
    }

    /// <summary>The limit at which the reader stands; <see cref="WebSearch.AssumedUses"/> for none. At least 1: a model of another format, to which the limit is not told, may search all the same.</summary>
    public static int Of(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var uses) ? (int)Math.Clamp(Math.Ceiling(uses), 1, int.MaxValue) : WebSearch.AssumedUses;

    /// <summary>Both together.</summary>
    public static int Add(int left, int right) => (int)Math.Min(int.MaxValue, (long)left + right);
}
