using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.BedrockConverse;
using Sommelier.Wire.EventStream;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// Takes Anthropic's events out of the frames that Bedrock's InvokeModel puts them into: <c>chunk</c> with
/// <c>{ "bytes": base64 }</c>. What comes out is the stream as Anthropic itself would send it.
/// </summary>
internal sealed class FramedEvents : IDisposable
{
    private readonly EventStreamReader frames = new();
    private readonly ArrayBufferWriter<byte> events = new(1024);
    private byte[] decoded = [];

    /// <summary>An exception that came in a frame.</summary>
    public UpstreamFailure? Failure { get; private set; }

    /// <summary>The events among the frames that a chunk completes. The memory lives until the next call.</summary>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> chunk)
    {
        events.ResetWrittenCount();
        while (Failure is null && frames.TryRead(ref chunk, out var frame))
        {
            if (frame.Kind != EventStreamKind.Event)
            {
                Failure = ConverseErrorReader.InStream(frame.ExceptionType.IsEmpty ? frame.ErrorCode : frame.ExceptionType, frame.Payload, frame.ErrorMessage);
            }
            else if (frame.EventType.SequenceEqual("chunk"u8))
            {
                Add(frame.Payload);
            }
        }

        return events.WrittenSpan;
    }

    /// <inheritdoc/>
    public void Dispose() => frames.Dispose();

    private void Add(ReadOnlySpan<byte> payload)
    {
        try
        {
            var json = Inside(payload);
            events.Write("event: "u8);
            events.Write(Type(json));
            events.Write("\ndata: "u8);
            events.Write(json);
            events.Write("\n\n"u8);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("A frame of the stream holds no JSON.");
        }
    }

    private ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBytes = reader.ValueTextEquals("bytes"u8);
            reader.Read();
            if (!isBytes || reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            // Base64 has nothing that JSON escapes but the slash, which AWS leaves alone.
            var text = reader.ValueSpan;
            if (decoded.Length < Base64.GetMaxDecodedFromUtf8Length(text.Length))
            {
                decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) * 2];
            }

            return Base64.DecodeFromUtf8(text, decoded, out _, out var length) == OperationStatus.Done
                ? decoded.AsSpan(0, length)
                : throw UpstreamException.Protocol("A frame of the stream holds no base64.");
        }

        throw UpstreamException.Protocol("A frame of the stream holds no bytes.");
    }

    private static ReadOnlySpan<byte> Type(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                return reader.ValueSpan;
            }

            reader.Skip();
        }

        return "message"u8;
    }
}
