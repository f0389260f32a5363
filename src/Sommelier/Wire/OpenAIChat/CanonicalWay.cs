using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>When splicing is not enough, and when dropping a field loses nothing.</summary>
internal static class CanonicalWay
{
    /// <summary>Whether a target's quirks reach so deep into this request that it must be read and written whole.</summary>
    public static bool IsNeeded(ReadOnlySpan<byte> body, RequestOutline outline, WireQuirks quirks)
    {
        if (EmulatesForm(outline, quirks))
        {
            return true;
        }

        if ((outline.ToolChoice == ToolChoiceMode.Named && !quirks.ToolChoiceNamed)
            || (outline.ToolChoice is ToolChoiceMode.Named or ToolChoiceMode.None && !quirks.ToolChoice))
        {
            return true;
        }

        if (outline.CustomTools && !quirks.CustomTools)
        {
            return true;
        }

        if (quirks.ToolCallIdLength is not null && outline.ToolsUsed)
        {
            return true;
        }

        return !quirks.RemoteImages && outline.Media.HasFlag(MediaKind.Image) && MediaAddresses.MayHold(body);
    }

    // Whether the form of the answer that is asked for is one that the target can only be asked for in words.
    private static bool EmulatesForm(RequestOutline outline, WireQuirks quirks) =>
        (outline.ResponseFormat == ResponseFormatKind.JsonSchema && !quirks.AsksSchema)
        || (outline.ResponseFormat == ResponseFormatKind.JsonObject && quirks.JsonSchema == JsonSchemaSupport.None);

    /// <summary>Whether a field says only what holds without it.</summary>
    public static bool IsHarmless(string name, ReadOnlySpan<byte> value) => value.SequenceEqual("null"u8) || name switch
    {
        "n" or "top_p" or "temperature" => value.SequenceEqual("1"u8) || value.SequenceEqual("1.0"u8),
        "frequency_penalty" or "presence_penalty" => value.SequenceEqual("0"u8) || value.SequenceEqual("0.0"u8),
        "logprobs" or "store" => value.SequenceEqual("false"u8),
        "parallel_tool_calls" => value.SequenceEqual("true"u8),
        "tool_choice" => value.SequenceEqual("\"auto\""u8),
        _ => false,
    };
}
