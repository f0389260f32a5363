using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// The seal on a tool call, where Google's OpenAI-compatible endpoint puts it:
/// <c>extra_content: { google: { thought_signature } }</c> beside <c>function</c>.
/// </summary>
internal static class CallSeal
{
    /// <summary>The member's name.</summary>
    public const string Field = "extra_content";

    /// <summary>The seal in a tool call's object; null when there is none.</summary>
    public static string? Read(JsonElement call) =>
        call.TryGetProperty(Field, out var extra) && extra.ValueKind == JsonValueKind.Object
        && extra.TryGetProperty("google", out var google) && google.ValueKind == JsonValueKind.Object
        && google.TryGetProperty("thought_signature", out var seal) && seal.ValueKind == JsonValueKind.String
            ? JsonFields.Text(seal, Field)
            : null;

    /// <summary>Writes the member into an open tool call, if there is a seal.</summary>
    public static void Write(string? seal, Utf8JsonWriter writer)
    {
        if (seal is null)
        {
            return;
        }

        writer.WriteStartObject(Field);
        writer.WriteStartObject("google");
        writer.WriteString("thought_signature", seal);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
