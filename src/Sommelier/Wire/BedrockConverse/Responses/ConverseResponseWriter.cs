using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes whole answers.</summary>
internal static class ConverseResponseWriter
{
    /// <summary>Writes an answer of any origin.</summary>
    public static void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        var blocks = new ConverseBlockWriter(isOwn: true, writer, warnings);
        writer.WriteStartObject();
        writer.WriteStartObject("output"u8);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteStartArray("content"u8);
        foreach (var part in response.Parts)
        {
            if (part is ReasoningPart thinking)
            {
                ConverseThinkingWriter.Block(thinking, writer, warnings);
            }
            else if (part is TextPart { Text.Length: > 0 } text)
            {
                if (ConverseCitations.TryWrite(text, writer))
                {
                    continue;
                }

                // White space between pieces is part of an answer; only in requests is it refused.
                writer.WriteStartObject();
                writer.WriteString("text"u8, text.Text);
                Extras.Write(text.Extra, writer, BedrockConverseFormat.FormatName, "content", warnings);
                writer.WriteEndObject();
                CitationWarnings.Add(text, warnings);
            }
            else if (part is OpaquePart { Format: not BedrockConverseFormat.FormatName })
            {
                LostPart.Warn(part, response.Parts, warnings);
            }
            else
            {
                blocks.Part(part);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        LostFinish.Warn(response.FinishReason, "stopReason", warnings);
        writer.WriteString("stopReason"u8, ConverseStopReason.Write(RefusedAnswer.Finish(response.FinishReason, response.Parts)));
        ConverseUsage.Write(response.Usage ?? default, writer);
        Metrics(writer);
        if (response.Usage is { } counts)
        {
            UsageWriter.WriteCost(counts, context, writer);
        }

        Extras.Write(response.Extra, writer, BedrockConverseFormat.FormatName, "", warnings);
        if (response.MoreChoices.Count > 0)
        {
            warnings.Add(new Warning("dropped", "choices", "this dialect has one answer"));
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the member that the dialect's clients demand. How long the model took only its host can say.</summary>
    public static void Metrics(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("metrics"u8);
        writer.WriteNumber("latencyMs"u8, 0);
        writer.WriteEndObject();
    }
}
