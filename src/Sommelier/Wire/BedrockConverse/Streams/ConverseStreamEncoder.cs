using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.EventStream;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes a stream of frames. Only a tool call's block is begun by an event of its own, as Bedrock does it.</summary>
internal sealed class ConverseStreamEncoder(ReplyContext context) : StreamEncoder
{
    private readonly ArrayBufferWriter<byte> payload = new(256);
    private readonly List<(int Part, int Block)> open = [];
    private Utf8JsonWriter? json;
    private int blocks;
    private bool started;
    private Usage? usage;
    private FinishReason? finish;

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case StartDelta:
                Start(output);
                break;
            case TextDelta { Text.Length: > 0 } text:
                Text(text.Index, text.Text, output);
                break;
            case RefusalDelta { Text.Length: > 0 } refusal:
                Text(refusal.Index, refusal.Text, output);
                break;
            case ReasoningDelta thinking:
                Thinking(thinking, output);
                break;
            case ToolCallStartDelta call:
                Tool(call, output);
                break;
            case ToolCallArgumentsDelta { Arguments.Length: > 0 } arguments:
                Arguments(arguments, output);
                break;
            case PartEndDelta end:
                Stop(end.Index, output);
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta done:
                finish = done.Reason;
                break;
            case OpaqueDelta opaque:
                Lost.Add(new Warning("dropped", opaque.Type, "a step that this format has no place for"));
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

    private void Text(int part, string text, IBufferWriter<byte> output)
    {
        var writer = Delta(Block(part, output));
        writer.WriteString("text"u8, text);
        Send(writer, output);
    }

    private void Thinking(ReasoningDelta thinking, IBufferWriter<byte> output)
    {
        var block = Block(thinking.Index, output);
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

    private void Tool(ToolCallStartDelta call, IBufferWriter<byte> output)
    {
        var block = Block(call.Index, output);
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

    private void Arguments(ToolCallArgumentsDelta arguments, IBufferWriter<byte> output)
    {
        var writer = Delta(Block(arguments.Index, output));
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("input"u8, arguments.Arguments);
        writer.WriteEndObject();
        Send(writer, output);
    }

    private int Block(int part, IBufferWriter<byte> output)
    {
        Start(output);
        foreach (var (known, block) in open)
        {
            if (known == part)
            {
                return block;
            }
        }

        open.Add((part, blocks));
        return blocks++;
    }

    private void Stop(int part, IBufferWriter<byte> output)
    {
        var at = open.FindIndex(block => block.Part == part);
        if (at < 0)
        {
            return;
        }

        var writer = Begin();
        writer.WriteNumber("contentBlockIndex"u8, open[at].Block);
        open.RemoveAt(at);
        Send("contentBlockStop"u8, writer, output);
    }

    private void End(IBufferWriter<byte> output)
    {
        Start(output);
        while (open.Count > 0)
        {
            Stop(open[0].Part, output);
        }

        var writer = Begin();
        writer.WriteString("stopReason"u8, ConverseStopReason.Write(finish ?? new(FinishReasonKind.Other)));
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
