using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>When splicing is not enough.</summary>
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
}
