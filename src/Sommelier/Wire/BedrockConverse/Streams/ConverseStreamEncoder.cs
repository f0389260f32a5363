using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Citations;
using Sommelier.Wire.EventStream;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>
/// Writes a stream of frames, one block after the other: clients keep one open block in mind. Only a tool call's block is
/// begun by an event of its own, as Bedrock does it.
/// </summary>
internal sealed class ConverseStreamEncoder : StreamEncoder, IAnthropicBlocks
{
    private readonly ArrayBufferWriter<byte> payload = new(256);
    private readonly ReplyContext context;
    private readonly AnthropicBlockOrder order;
    private Utf8JsonWriter? json;
    private bool started;
    private Usage? usage;
    private FinishReason? finish;
    private bool refused;

    /// <summary>Begins an answer.</summary>
    public ConverseStreamEncoder(ReplyContext context)
    {
        this.context = context;
        order = new AnthropicBlockOrder(this);
    }

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case StartDelta:
                Start(output);
                break;
            case TextDelta { Text.Length: > 0 } text:
                order.Route(text.Index, AnthropicPartKind.Text, text, output);
                break;
            case RefusalDelta { Text.Length: > 0 } refusal:
                refused = true;
                order.Route(refusal.Index, AnthropicPartKind.Text, refusal, output);
                break;
            case ReasoningDelta { Redacted: not null } redacted:
                order.Route(redacted.Index, AnthropicPartKind.Redacted, redacted, output);
                break;
            case ReasoningDelta thinking when thinking.Text.Length > 0 || thinking.Signature is not null:
                order.Route(thinking.Index, AnthropicPartKind.Thinking, thinking, output);
                break;
            case ToolCallStartDelta call:
                order.Route(call.Index, AnthropicPartKind.Tool, call, output);
                break;
            case ToolCallArgumentsDelta { Arguments.Length: > 0 } arguments:
                Arguments(arguments, output);
                break;
            case PartEndDelta end:
                order.End(end.Index, output);
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta done:
                LostFinish.Warn(done.Reason, "stopReason", Lost);
                finish = done.Reason;
                break;
            case CitationDelta:
                CitationWarnings.Add(Lost);
                break;
            case OpaqueDelta opaque:
                Lose(opaque.Type);
                break;
            case FailureDelta:
                WriteError(new GatewayError(GatewayErrorKind.UpstreamUnavailable, "The upstream failed while it answered.", 502), output);
                break;
            case EndDelta:
                End(output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => WriteException(error, output);

    /// <inheritdoc/>
    void IAnthropicBlocks.Open(AnthropicStreamPart part, IBufferWriter<byte> output)
    {
        Start(output);
        if (part.Opening is ToolCallStartDelta call)
        {
            Tool(part.Block, call, output);
        }
    }

    /// <inheritdoc/>
    void IAnthropicBlocks.Write(AnthropicStreamPart part, ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case TextDelta text:
                Text(part.Block, text.Text, output);
                break;
            case RefusalDelta refusal:
                Text(part.Block, refusal.Text, output);
                break;
            case ReasoningDelta thinking:
                Thinking(part.Block, thinking, output);
                break;
            case ToolCallArgumentsDelta arguments:
                Arguments(part.Block, arguments.Arguments, output);
                break;
        }
    }

    /// <inheritdoc/>
    void IAnthropicBlocks.Close(AnthropicStreamPart part, IBufferWriter<byte> output)
    {
        var writer = Begin();
        writer.WriteNumber("contentBlockIndex"u8, part.Block);
        Send("contentBlockStop"u8, writer, output);
    }

    /// <summary>Writes an exception frame.</summary>
    public static void WriteException(GatewayError error, IBufferWriter<byte> output)
    {
        var body = new ArrayBufferWriter<byte>(128);
        ConverseErrors.WriteBody(error, body);

        // The names that a stream may fail by; others are no member of it, and clients would not know them.
        var type = ConverseErrors.Type(error) switch
        {
            "ThrottlingException" => "throttlingException"u8,
            "ValidationException" => "validationException"u8,
            "ServiceUnavailableException" => "serviceUnavailableException"u8,
            "ModelTimeoutException" => "modelStreamErrorException"u8,
            _ => "internalServerException"u8,
        };
        EventStreamWriter.WriteException(type, body.WrittenSpan, output);
    }

    private void Start(IBufferWriter<byte> output)
    {
        if (started)
        {
            return;
        }

        started = true;
        var writer = Begin();
        writer.WriteString("role"u8, "assistant"u8);
        Send("messageStart"u8, writer, output);
    }

    private void Text(int block, string text, IBufferWriter<byte> output)
    {
        var writer = Delta(block);
        writer.WriteString("text"u8, text);
        Send(writer, output);
    }

    private void Thinking(int block, ReasoningDelta thinking, IBufferWriter<byte> output)
    {
        if (thinking is { Redacted: { } redacted, Vendor: null or Seals.Anthropic })
        {
            Thought(block, "redactedContent"u8, redacted, output);
            return;
        }

        if (thinking.Text.Length > 0)
        {
            Thought(block, "text"u8, thinking.Text, output);
        }

        var part = new ReasoningPart("", thinking.Signature, thinking.Redacted) { Vendor = thinking.Vendor, Id = thinking.Id };
        if (Seals.Carry(part, Seals.Anthropic) is { } seal)
        {
            Thought(block, "signature"u8, seal, output);
        }
    }

    private void Thought(int block, ReadOnlySpan<byte> name, string text, IBufferWriter<byte> output)
    {
        var writer = Delta(block);
        writer.WriteStartObject("reasoningContent"u8);
        writer.WriteString(name, text);
        writer.WriteEndObject();
        Send(writer, output);
    }

    private void Tool(int block, ToolCallStartDelta call, IBufferWriter<byte> output)
    {
        var writer = Begin();
        writer.WriteNumber("contentBlockIndex"u8, block);
        writer.WriteStartObject("start"u8);
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("toolUseId"u8, AnthropicIds.ToolCall(call.Id));
        writer.WriteString("name"u8, call.Name);
        writer.WriteEndObject();
        writer.WriteEndObject();
        Send("contentBlockStart"u8, writer, output);
    }

    private void Arguments(ToolCallArgumentsDelta delta, IBufferWriter<byte> output)
    {
        if (!order.Arguments(delta, output) && !string.IsNullOrWhiteSpace(delta.Arguments))
        {
            Lost.Add(new Warning("dropped", "tool_calls", "arguments came after their tool call was complete"));
        }
    }

    private void Arguments(int block, string input, IBufferWriter<byte> output)
    {
        var writer = Delta(block);
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("input"u8, input);
        writer.WriteEndObject();
        Send(writer, output);
    }

    private void End(IBufferWriter<byte> output)
    {
        Start(output);
        order.Finish(output);
        var writer = Begin();
        writer.WriteString("stopReason"u8, ConverseStopReason.Write(RefusedAnswer.Finish(finish ?? new(FinishReasonKind.Other), refused)));
        Send("messageStop"u8, writer, output);
        writer = Begin();
        ConverseUsage.Write(usage ?? default, writer);
        ConverseResponseWriter.Metrics(writer);
        UsageWriter.WriteCost(usage ?? default, context, writer);
        Send("metadata"u8, writer, output);
    }

    private Utf8JsonWriter Begin()
    {
        payload.ResetWrittenCount();
        json ??= new Utf8JsonWriter(payload, JsonLimits.Writer);
        json.Reset(payload);
        json.WriteStartObject();
        return json;
    }

    private Utf8JsonWriter Delta(int block)
    {
        var writer = Begin();
        writer.WriteNumber("contentBlockIndex"u8, block);
        writer.WriteStartObject("delta"u8);
        return writer;
    }

    private void Send(Utf8JsonWriter writer, IBufferWriter<byte> output)
    {
        writer.WriteEndObject();
        Send("contentBlockDelta"u8, writer, output);
    }

    private void Send(ReadOnlySpan<byte> type, Utf8JsonWriter writer, IBufferWriter<byte> output)
    {
        writer.WriteEndObject();
        writer.Flush();
        EventStreamWriter.WriteEvent(type, payload.WrittenSpan, output);
    }
}
