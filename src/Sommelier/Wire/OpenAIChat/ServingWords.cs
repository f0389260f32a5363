using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What an answer, or a chunk of one, says of its serving. Words of another type than they should have are taken for none.</summary>
internal static class ServingWords
{
    /// <summary>When it was made.</summary>
    public static DateTimeOffset? Created(JsonElement answer) =>
        answer.Get("created") is { ValueKind: JsonValueKind.Number } created && created.TryGetInt64(out var seconds) && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Which backend made it.</summary>
    public static string? SystemFingerprint(JsonElement answer) => answer.Text("system_fingerprint");

    /// <summary>As what it was served.</summary>
    public static string? ServiceTier(JsonElement answer) => answer.Text("service_tier");

    /// <summary>Writes the words into the open answer or chunk.</summary>
    public static void Write(string? systemFingerprint, string? serviceTier, Utf8JsonWriter writer)
    {
        if (systemFingerprint is not null)
        {
            writer.WriteString("system_fingerprint"u8, systemFingerprint);
        }

        if (serviceTier is not null)
        {
            writer.WriteString("service_tier"u8, serviceTier);
        }
    }
}
