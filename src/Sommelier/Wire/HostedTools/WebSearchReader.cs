using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.HostedTools;

/// <summary>Reads a web search as OpenAI's responses and Anthropic's messages offer it: what they share has the same names.</summary>
/// <remarks>Sources: openai 7.57.0 (<c>WebSearchTool</c>), @anthropic-ai/sdk 1.12.0 (<c>WebSearchTool20250305</c>), @google/genai 3.3.0 (<c>GoogleSearch</c>).</remarks>
internal static class WebSearchReader
{
    private static readonly string[] Known =
        ["type", "name", "filters", "allowed_domains", "blocked_domains", "max_uses", "search_context_size", "user_location"];

    /// <summary>The search.</summary>
    public static WebSearch Read(JsonFields tool)
    {
        var domains = tool.Object("filters") ?? tool;
        return new WebSearch
        {
            AllowedDomains = Texts(domains, "allowed_domains"),
            BlockedDomains = Texts(domains, "blocked_domains"),
            MaxUses = tool.Int("max_uses"),
            ContextSize = tool.Text("search_context_size"),
            Location = tool.Object("user_location") is { } place
                ? new SearchLocation(place.Text("city"), place.Text("region"), place.Text("country"), place.Text("timezone"))
                : null,
        };
    }

    /// <summary>What else the tool says, which no other host knows; null when it says nothing.</summary>
    public static Extra? Rest(JsonFields tool, string format) => Extras.Join(
        tool.Unknown(format, Known),
        Extras.Join(
            Extras.Within("filters.", tool.Object("filters")?.Unknown(format, ["allowed_domains", "blocked_domains"])),
            Extras.Within("user_location.", tool.Object("user_location")?.Unknown(format, ["type", "city", "region", "country", "timezone"]))));

    private static IReadOnlyList<string> Texts(JsonFields owner, string name)
    {
        if (owner.List(name) is not { } list)
        {
            return [];
        }

        return [.. list.EnumerateArray().Select(item => JsonFields.Text(item, owner.At(name)))];
    }
}
