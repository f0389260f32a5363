using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes a request of any origin. The conversation is arranged as Anthropic's is: Bedrock took its rules from there.</summary>
internal static class ConverseRequestWriter
{
    private const string Format = BedrockConverseFormat.FormatName;

    /// <summary>Writes a request; what Bedrock has no word for is emulated or dropped, with a warning.</summary>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        request = CacheMarks.AsBlocks(request, target.Quirks.CacheMarks, warnings);
        var system = new List<ContentPart>();
        var turns = AnthropicConversation.Arrange(request, system, warnings, isOwn: false);
        var form = AnthropicAnswerForm.For(request, target.Quirks, system, warnings, describes: true);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        var blocks = new ConverseBlockWriter(string.Equals(request.Format, Format, StringComparison.Ordinal), writer, warnings);
        writer.WriteStartObject();
        Messages(turns, blocks, writer, warnings);
        System(system, blocks, writer);
        ConverseSettingsWriter.Write(request, target, form, writer, warnings);
        ConverseToolWriter.Write(request, target, form, turns, writer, warnings);
        Rest(request, writer, warnings);
        writer.WriteEndObject();
    }

    private static void Messages(List<AnthropicTurn> turns, ConverseBlockWriter blocks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartArray("messages"u8);
        foreach (var turn in turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, turn.Role == Role.Assistant ? "assistant"u8 : "user"u8);
            writer.WriteStartArray("content"u8);
            var written = 0;
            foreach (var result in turn.Results)
            {
                blocks.Result(result);
                written++;
            }

            foreach (var part in turn.Parts)
            {
                written += blocks.Part(part) ? 1 : 0;
            }

            if (written == 0)
            {
                // A turn of which nothing is left would be refused; the conversation must still alternate.
                blocks.Part(new TextPart("(nothing)"));
            }

            writer.WriteEndArray();
            foreach (var (extra, place) in turn.Extra)
            {
                Extras.Write(extra, writer, Format, place, warnings);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void System(List<ContentPart> system, ConverseBlockWriter blocks, Utf8JsonWriter writer)
    {
        if (system.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("system"u8);
        foreach (var part in system)
        {
            blocks.Part(part);
        }

        writer.WriteEndArray();
    }

    private static void Rest(ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.EndUser is not null)
        {
            warnings.Add(new Warning("dropped", "user", "the target's wire format has no field for the end user"));
        }

        if (request.ParallelToolCalls == false)
        {
            warnings.Add(new Warning("dropped", "parallel_tool_calls", "the target calls several tools when it likes"));
        }

        if (request.Extra is not { } extra)
        {
            return;
        }

        if (!string.Equals(extra.Format, Format, StringComparison.Ordinal))
        {
            Extras.Warn(extra, "", warnings);
            return;
        }

        foreach (var (name, json) in extra.Fields)
        {
            if (!name.Contains('.', StringComparison.Ordinal))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }
}
