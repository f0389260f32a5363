using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes the events of a stream, each one whole.</summary>
#pragma warning disable CA1001 // The JSON writer owns nothing: every event flushes it into the output.
internal sealed class AnthropicEventWriter
#pragma warning restore CA1001
{
    private Utf8JsonWriter? writer;

    /// <summary>The answer begins.</summary>
    public void WriteMessageStart(string id, string model, Usage usage, IBufferWriter<byte> output)
    {
        var json = Begin("event: message_start\ndata: "u8, output);
        json.WriteString("type"u8, "message_start"u8);
        json.WriteStartObject("message"u8);
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, model);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        json.WritePropertyName("usage"u8);
        AnthropicUsageWriter.Write(json, usage);
        json.WriteEndObject();
        End(json, output);
    }

    /// <summary>A content block opens.</summary>
    /// <param name="part">What it holds.</param>
    /// <param name="fields">Its members that only this format knows; null for none.</param>
    /// <param name="output">Takes the event.</param>
    public void WriteBlockStart(AnthropicStreamPart part, List<KeyValuePair<string, string>>? fields, IBufferWriter<byte> output)
    {
        if (part.Opening is OpaqueDelta opaque)
        {
            WriteRaw(AnthropicEventType.ContentBlockStart, opaque.Json, part.Block, output);
            return;
        }

        var json = Begin("event: content_block_start\ndata: "u8, output);
        json.WriteString("type"u8, "content_block_start"u8);
        json.WriteNumber("index"u8, part.Block);
        json.WriteStartObject("content_block"u8);
        switch (part.Opening)
        {
            case ToolCallStartDelta call:
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, AnthropicIds.ToolCall(call.Id));
                json.WriteString("name"u8, call.Name);
                json.WriteStartObject("input"u8);
                json.WriteEndObject();
                break;
            case ReasoningDelta { Redacted: { } data } whole:
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, AnthropicSeal.Write(data, whole.Vendor, whole.Id));
                break;
            case ReasoningDelta:
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, ""u8);
                json.WriteString("signature"u8, ""u8);
                break;
            default:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, ""u8);
                break;
        }

        foreach (var (name, value) in fields ?? [])
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value, skipInputValidation: true);
        }

        json.WriteEndObject();
        End(json, output);
    }

    /// <summary>More text.</summary>
    public void WriteTextDelta(int block, string text, IBufferWriter<byte> output) =>
        WriteDelta(block, "text_delta"u8, "text"u8, text, output);

    /// <summary>More thinking.</summary>
    public void WriteThinkingDelta(int block, string text, IBufferWriter<byte> output) =>
        WriteDelta(block, "thinking_delta"u8, "thinking"u8, text, output);

    /// <summary>The seal of thinking.</summary>
    public void WriteSignatureDelta(int block, string signature, IBufferWriter<byte> output) =>
        WriteDelta(block, "signature_delta"u8, "signature"u8, signature, output);

    /// <summary>More of a tool call's arguments.</summary>
    public void WriteArgumentsDelta(int block, string arguments, IBufferWriter<byte> output) =>
        WriteDelta(block, "input_json_delta"u8, "partial_json"u8, arguments, output);

    /// <summary>A content block is complete.</summary>
    public void WriteBlockStop(int block, IBufferWriter<byte> output)
    {
        var json = Begin("event: content_block_stop\ndata: "u8, output);
        json.WriteString("type"u8, "content_block_stop"u8);
        json.WriteNumber("index"u8, block);
        End(json, output);
    }

    /// <summary>The citations of a text, a list of this format's, as the steps in which they are streamed.</summary>
    public static IEnumerable<OpaqueDelta> Citations(int index, string list)
    {
        using var document = JsonDocument.Parse(list);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var citation in document.RootElement.EnumerateArray())
        {
            yield return Citation(index, citation.GetRawText());
        }
    }

    /// <summary>A citation of a text as the step in which it is streamed.</summary>
    public static OpaqueDelta Citation(int index, string citation) =>
        new(AnthropicMessagesFormat.FormatName, "citations_delta", $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"citations_delta","citation":{{{citation}}}}}""");

    /// <summary>Why the model stopped, where its tools ran, as it came (null where that is not said), and the counts.</summary>
    public void WriteMessageDelta(string stopReason, string? stopSequence, string? container, Usage usage, ReplyContext context, IBufferWriter<byte> output)
    {
        var json = Begin("event: message_delta\ndata: "u8, output);
        json.WriteString("type"u8, "message_delta"u8);
        json.WriteStartObject("delta"u8);
        json.WriteString("stop_reason"u8, stopReason);
        json.WriteString("stop_sequence"u8, stopSequence);
        if (container is not null)
        {
            json.WritePropertyName(AnthropicStream.Container);
            json.WriteRawValue(container, skipInputValidation: true);
        }

        json.WriteEndObject();
        json.WritePropertyName("usage"u8);
        AnthropicUsageWriter.Write(json, usage);
        OpenAIChat.UsageWriter.WriteCost(usage, context, json);
        End(json, output);
    }

    /// <summary>Writes an event of this format as it came, under the number that its block has here.</summary>
    public static void WriteRaw(AnthropicEventType type, string json, int block, IBufferWriter<byte> output)
    {
        output.Write(type == AnthropicEventType.ContentBlockStart ? "event: content_block_start\ndata: "u8 : "event: content_block_delta\ndata: "u8);
        using (var document = JsonDocument.Parse(json))
        using (var copy = new Utf8JsonWriter(output, JsonLimits.Writer))
        {
            copy.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.NameEquals("index"u8))
                {
                    copy.WriteNumber("index"u8, block);
                }
                else
                {
                    copy.WritePropertyName(member.Name);
                    copy.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
                }
            }

            copy.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>The JSON of a <c>content_block_start</c> for a block that came without one.</summary>
    public static byte[] BlockStart(int index, ReadOnlySpan<byte> block)
    {
        var buffer = new ArrayBufferWriter<byte>(block.Length + 64);
        using (var json = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "content_block_start"u8);
            json.WriteNumber("index"u8, index);
            json.WritePropertyName("content_block"u8);
            json.WriteRawValue(block, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The JSON of a <c>content_block_start</c> for a block of a whole answer, in one line as an event must be.</summary>
    public static string BlockStart(int index, string block) => Encoding.UTF8.GetString(BlockStart(index, Encoding.UTF8.GetBytes(block.ReplaceLineEndings(" "))));

    /// <summary>The step that tells of members of a block that only this format knows; null when none of the fields is one and says something.</summary>
    /// <param name="index">The part's number.</param>
    /// <param name="part">The part.</param>
    public static OpaqueDelta? Fields(int index, ContentPart part)
    {
        var type = part switch { TextPart => "text", ReasoningPart => "thinking", ToolCallPart => "tool_use", _ => null };
        if (type is null || part.Extra is not { Format: AnthropicMessagesFormat.FormatName } extra)
        {
            return null;
        }

        var fields = extra.Fields.Concat(extra.Marks).Where(static field => field.Key is not "citations" && field.Value is not "null").ToArray();
        return fields.Length == 0 ? null : Fields(index, type, fields);
    }

    /// <summary>The same step, of a block of a kind and its members; it has no name, so that nobody misses it, where they all hold anyway.</summary>
    public static OpaqueDelta Fields(int index, string type, IReadOnlyList<KeyValuePair<string, string>> fields) => new(
        AnthropicMessagesFormat.FormatName,
        string.Join(", ", fields.Where(static field => !AnthropicBlockFields.HoldsAnyway(field)).Select(static field => field.Key)),
        BlockStart(index, $$"""{"type":"{{type}}",{{string.Join(',', fields.Select(static field => $"{JsonBytes.QuotedText(field.Key)}:{field.Value}"))}}}"""));

    /// <summary>Writes an event of this format that is of a kind we do not know.</summary>
    public static void WriteUnknown(string json, ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        output.Write(Encoding.UTF8.GetBytes(json.ReplaceLineEndings(" ")));
        output.Write("\n\n"u8);
    }

    private void WriteDelta(int block, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, string value, IBufferWriter<byte> output)
    {
        var json = Begin("event: content_block_delta\ndata: "u8, output);
        json.WriteString("type"u8, "content_block_delta"u8);
        json.WriteNumber("index"u8, block);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        json.WriteString(name, value);
        json.WriteEndObject();
        End(json, output);
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        output.Write(head);
        if (writer is null)
        {
            writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        }
        else
        {
            writer.Reset(output);
        }

        writer.WriteStartObject();
        return writer;
    }

    private static void End(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.WriteEndObject();
        json.Flush();
        output.Write("\n\n"u8);
    }
}
