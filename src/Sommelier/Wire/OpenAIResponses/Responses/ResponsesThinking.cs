using System.Text.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Thinking as an item of an answer. The caller sends it back, so whose it is must be told by it.</summary>
internal static class ResponsesThinking
{
    /// <summary>The id and seal to write: OpenAI's own as they are, another vendor's wrapped, none without one.</summary>
    /// <param name="vendor">Whose seal it is; null when nobody's.</param>
    /// <param name="id">The vendor's id, or null.</param>
    /// <param name="seal">The seal, or null.</param>
    /// <param name="responseId">The answer's id.</param>
    /// <param name="index">Which item it is.</param>
    public static (string Id, string? Seal) Of(string? vendor, string? id, string? seal, string responseId, int index)
    {
        if (string.Equals(vendor, Seals.OpenAI, StringComparison.Ordinal) && (seal is not null || id is not null))
        {
            return (id ?? ResponsesIds.Item("rs_", responseId, index), seal);
        }

        // A seal without a vendor could be opened by nobody.
        return (ResponsesIds.Item(ResponsesIds.OwnThinking, responseId, index), vendor is null || seal is null ? null : Seals.Wrap(vendor, seal));
    }

    /// <summary>Writes the item.</summary>
    public static void Write(string id, string text, string? seal, Utf8JsonWriter writer, Action? more = null)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "reasoning");
        writer.WriteString("id", id);
        ResponsesFields.WriteSummary(text, writer);
        if (seal is not null)
        {
            writer.WriteString("encrypted_content", seal);
        }

        more?.Invoke();
        writer.WriteEndObject();
    }
}
