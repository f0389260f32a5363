using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Sends a model's earlier thinking back where the target takes it, in the field that it takes it in.</summary>
internal static class AssistantThinking
{
    /// <summary>Writes the field into the open assistant message.</summary>
    public static void Write(
        IReadOnlyList<ContentPart> parts, FieldPath path, string format, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var thinking = parts.OfType<ReasoningPart>().ToList();
        var field = quirks.ReasoningReplayField;
        if (thinking.Count == 0)
        {
            if (quirks.ReasoningReplayRequired && field is not null)
            {
                writer.WriteString(field, "");
            }

            return;
        }

        var isOurs = string.Equals(format, OpenAIChatFormat.FormatName, StringComparison.Ordinal);
        if (field is null)
        {
            warnings.Add(new Warning("dropped", isOurs ? $"{path}.reasoning_content" : thinking[0].Place.Or(path).ToString(), "the model does not take its thinking back"));
            return;
        }

        if (string.Equals(field, ReasoningParts.Details, StringComparison.Ordinal))
        {
            WriteDetails(thinking, writer);
            return;
        }

        var text = new StringBuilder();
        foreach (var part in thinking)
        {
            text.Append(part.Text);
            if (part.Signature is not null || part.Redacted is not null || part.Extra is not null)
            {
                warnings.Add(new Warning("dropped", isOurs ? $"{path}.reasoning_details" : part.Place.Or(path).ToString(), "another vendor's seal on its thinking"));
            }
        }

        writer.WriteString(field, text.ToString());
    }

    private static void WriteDetails(List<ReasoningPart> thinking, Utf8JsonWriter writer)
    {
        if (thinking is [{ Extra: { } extra }] && Extras.Find(extra, ReasoningParts.Details) is { } raw)
        {
            if (thinking[0].Text.Length > 0)
            {
                writer.WriteString("reasoning", thinking[0].Text);
            }

            writer.WritePropertyName(ReasoningParts.Details);
            writer.WriteRawValue(raw, skipInputValidation: true);
            return;
        }

        var summary = string.Concat(thinking.Where(static part => part.Redacted is not null).Select(static part => part.Text));
        if (summary.Length > 0)
        {
            writer.WriteString("reasoning", summary);
        }

        ReasoningParts.WriteDetails(thinking, writer);
    }
}
