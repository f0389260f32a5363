using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Anthropic's words for where a call is served, see <see cref="Canonical.Usage.InferenceGeo"/>.</summary>
internal static class InferencePlaces
{
    /// <summary>The place of the word at which the reader stands; null for anywhere, and for what is no word. Leaves the reader there.</summary>
    public static string? Of(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty || reader.ValueTextEquals("global"u8) || reader.ValueTextEquals("not_available"u8))
        {
            reader.Skip();
            return null;
        }

        return reader.ValueTextEquals("us"u8) ? "us" : ServiceTiers.Other(JsonText.Tolerant(ref reader));
    }
}
