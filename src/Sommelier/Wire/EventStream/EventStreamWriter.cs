using System.Buffers;
using System.Buffers.Binary;

namespace Sommelier.Wire.EventStream;

/// <summary>Writes frames of <c>application/vnd.amazon.eventstream</c> with JSON in them, byte for byte as AWS does.</summary>
internal static class EventStreamWriter
{
    private const byte TextType = 7;

    /// <summary>Writes a part of the answer.</summary>
    /// <param name="type">The event's name, e.g. <c>contentBlockDelta</c>.</param>
    /// <param name="json">The payload.</param>
    /// <param name="output">Gets one whole frame.</param>
    public static void WriteEvent(ReadOnlySpan<byte> type, ReadOnlySpan<byte> json, IBufferWriter<byte> output) =>
        Write(":event-type"u8, type, "event"u8, json, output);

    /// <summary>Writes an error that ends the answer.</summary>
    /// <param name="type">The exception's name, e.g. <c>throttlingException</c>.</param>
    /// <param name="json">The payload, usually an object with <c>message</c>.</param>
    /// <param name="output">Gets one whole frame.</param>
    public static void WriteException(ReadOnlySpan<byte> type, ReadOnlySpan<byte> json, IBufferWriter<byte> output) =>
        Write(":exception-type"u8, type, "exception"u8, json, output);

    private static void Write(
        ReadOnlySpan<byte> typeName, ReadOnlySpan<byte> type, ReadOnlySpan<byte> message, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var contentName = ":content-type"u8;
        var content = "application/json"u8;
        var messageName = ":message-type"u8;
        var headers = Length(typeName, type) + Length(contentName, content) + Length(messageName, message);
        var length = EventStreamReader.PreludeLength + headers + json.Length + EventStreamReader.ChecksumLength;
        if (length > EventStreamReader.MaxFrameBytes)
        {
            throw new ArgumentException($"A frame holds at most {EventStreamReader.MaxFrameBytes} bytes; cut the payload into several.", nameof(json));
        }

        var frame = output.GetSpan(length)[..length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        BinaryPrimitives.WriteInt32BigEndian(frame[4..], headers);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Crc32.Of(frame[..8]));
        var rest = frame[EventStreamReader.PreludeLength..];
        rest = Header(rest, typeName, type);
        rest = Header(rest, contentName, content);
        rest = Header(rest, messageName, message);
        json.CopyTo(rest);
        BinaryPrimitives.WriteUInt32BigEndian(rest[json.Length..], Crc32.Of(frame[..^EventStreamReader.ChecksumLength]));
        output.Advance(length);
    }

    private static int Length(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => 1 + name.Length + 1 + 2 + value.Length;

    private static Span<byte> Header(Span<byte> target, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        target[0] = (byte)name.Length;
        name.CopyTo(target[1..]);
        target = target[(1 + name.Length)..];
        target[0] = TextType;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], checked((ushort)value.Length));
        value.CopyTo(target[3..]);
        return target[(3 + value.Length)..];
    }
}
