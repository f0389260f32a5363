using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.EventStream;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Passes frames on byte for byte, while it reads off what the record needs.</summary>
internal sealed class ConverseStreamRelay(ReplyContext context) : StreamRelay
{
    private readonly EventStreamReader frames = new();
    private bool stopped;
    private bool counted;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        while (frames.TryRead(ref chunk, out var frame))
        {
            if (Ended || Failure is not null)
            {
                return;
            }

            Pass(frame, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output) => Ended |= stopped && Failure is null && !frames.HasRest;

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => ConverseStreamEncoder.WriteException(error, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            frames.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Pass(in EventStreamFrame frame, IBufferWriter<byte> output)
    {
        if (frame.Kind != EventStreamKind.Event)
        {
            Failure = ConverseErrorReader.InStream(frame.ExceptionType.IsEmpty ? frame.ErrorCode : frame.ExceptionType, frame.Payload, frame.ErrorMessage);
            return;
        }

        try
        {
            if (frame.EventType.SequenceEqual("contentBlockDelta"u8))
            {
                // All of its payload but a few names is the model's.
                Facts.OutputBytes += Math.Max(0, frame.Payload.Length - 60);
                HasContent = true;
            }
            else if (frame.EventType.SequenceEqual("contentBlockStart"u8))
            {
                HasContent = true;
                Facts.HasToolCall |= frame.Payload.IndexOf("\"toolUse\""u8) >= 0 && frame.Payload.IndexOf("server_tool_use"u8) < 0;
            }
            else if (frame.EventType.SequenceEqual("messageStop"u8))
            {
                Facts.FinishReason = ConverseStopReason.Read(StopReason(frame.Payload));
                stopped = HasContent = true;
            }
            else if (frame.EventType.SequenceEqual("metadata"u8))
            {
                Count(frame.Payload);
                counted = true;
            }
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("An event is not valid JSON.");
        }

        Ended = stopped && counted;
        if (counted && frame.EventType.SequenceEqual("metadata"u8) && Facts.Usage is { } usage && context.CostUsd?.Invoke(usage) is { } cost)
        {
            WriteWithCost(frame.Payload, cost, output);
            return;
        }

        output.Write(frame.Raw);
    }

    private static string? StopReason(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = reader.ValueTextEquals("stopReason"u8);
            reader.Read();
            if (isReason && reader.TokenType == JsonTokenType.String)
            {
                return Encoding.UTF8.GetString(reader.ValueSpan);
            }

            reader.Skip();
        }

        return null;
    }

    private void Count(ReadOnlySpan<byte> payload)
    {
        Facts.Usage = ConverseUsage.Of(payload) ?? Facts.Usage;
    }

    private static void WriteWithCost(ReadOnlySpan<byte> payload, decimal cost, IBufferWriter<byte> output)
    {
        var end = payload.LastIndexOf((byte)'}');
        var whole = new ArrayBufferWriter<byte>(payload.Length + 64);
        whole.Write(payload[..end]);
        whole.Write(","u8);
        whole.Write(JsonBytes.Members(json =>
        {
            json.WriteStartObject("sommelier");
            json.WriteNumber("cost_usd", cost);
            json.WriteEndObject();
        }).Span);
        whole.Write(payload[end..]);
        EventStreamWriter.WriteEvent("metadata"u8, whole.WrittenSpan, output);
    }
}
