using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes a whole answer of any origin.</summary>
internal static class AnthropicResponseWriter
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Writes the body.</summary>
    public static void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("id"u8, AnthropicIds.Message(response.Id ?? context.FallbackId));
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("model"u8, response.ResponseModel ?? context.Model);
        writer.WriteStartArray("content"u8);
        var refused = false;
        foreach (var part in response.Parts)
        {
            refused |= part is RefusalPart;
            Part(part, response.Parts, writer, warnings);
        }

        writer.WriteEndArray();
        var reason = response.FinishReason;
        writer.WriteString("stop_reason"u8, StopReason(reason, refused, warnings));
        writer.WriteString("stop_sequence"u8, reason.StopSequence);
        writer.WritePropertyName("usage"u8);
        AnthropicUsageWriter.Write(writer, response.Usage ?? default);
        Extras.Write(response.Extra, writer, Format, "", warnings);
        writer.WriteEndObject();
        if (response.MoreChoices.Count > 0)
        {
            warnings.Add(new Warning("dropped", "choices", "this dialect has one answer; the others are left out"));
        }
    }

    private static string StopReason(FinishReason reason, bool refused, ICollection<Warning> warnings)
    {
        if (refused && reason.Kind == FinishReasonKind.Stop)
        {
            return "refusal";
        }

        var word = AnthropicStopReason.Write(reason, out var known);
        if (!known)
        {
            warnings.Add(LostFinish.Replaced(reason, "stop_reason"));
        }

        return word;
    }

    private static void Part(ContentPart part, IReadOnlyList<ContentPart> parts, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        switch (part)
        {
            case TextPart { Text.Length: > 0 } text:
                Text(text.Text, text.Extra, text.Citations, writer, warnings);
                break;
            case TextPart:
                break;
            case RefusalPart refusal:
                Text(refusal.Text, refusal.Extra, [], writer, warnings);
                break;
            case ReasoningPart thinking:
                AnthropicPartWriter.Thinking(thinking, writer, warnings, "content");
                break;
            case ToolCallPart call:
                AnthropicPartWriter.ToolUse(call, writer, warnings, "content");
                break;
            case OpaquePart opaque when string.Equals(opaque.Format, Format, StringComparison.Ordinal):
                writer.WriteRawValue(opaque.Json, skipInputValidation: true);
                break;
            default:
                LostPart.Warn(part, parts, warnings);
                break;
        }
    }

    // Another vendor's citation cannot be made one of Anthropic's, which are sealed and come back with the next request.
    private static void Text(string text, Extra? extra, IReadOnlyList<Citation> citations, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
        var own = citations.Where(static citation => string.Equals(citation.Source?.Format, Format, StringComparison.Ordinal)).ToArray();
        if (own.Length > 0)
        {
            writer.WriteStartArray("citations"u8);
            foreach (var citation in own)
            {
                writer.WriteRawValue(citation.Source!.Json, skipInputValidation: true);
            }

            writer.WriteEndArray();
        }

        if (own.Length < citations.Count)
        {
            CitationWarnings.Add(warnings);
        }

        Extras.Write(extra, writer, Format, "content", warnings);
        writer.WriteEndObject();
    }
}
