using System.Buffers;
using System.Buffers.Binary;

namespace Sommelier.Wire.EventStream;

/// <summary>Cuts a byte stream into the frames of <c>application/vnd.amazon.eventstream</c>, wherever the network cut it.</summary>
/// <remarks>
/// <para>A frame is: its length, the length of its headers, CRC-32 of these two, headers, payload, CRC-32 of everything
/// before; numbers have four bytes, most significant first.</para>
/// <para>Frames that lie whole in a chunk are handed out as slices of it. Only a frame that a chunk cuts is copied, into
/// one pooled buffer that grows with what has come, never with what a length promises.</para>
/// </remarks>
internal sealed class EventStreamReader : IDisposable
{
    /// <summary>The largest frame that is read: a bigger one is a broken or hostile upstream.</summary>
    public const int MaxFrameBytes = 16 * 1024 * 1024;

    /// <summary>The most bytes of headers in a frame.</summary>
    public const int MaxHeaderBytes = 128 * 1024;

    /// <summary>Both lengths and their checksum.</summary>
    internal const int PreludeLength = 12;

    /// <summary>The checksum at the end.</summary>
    internal const int ChecksumLength = 4;

    private byte[]? carry;
    private int carried;

    // The length of the frame that is carried; 0 while its prelude is not whole.
    private int expected;

    // The carried frame was handed out and goes with the next read.
    private bool spent;

    /// <summary>Whether a frame has begun that is not whole: at the end of the connection, the stream was cut.</summary>
    public bool HasRest => carried > 0 && !spent;

    /// <summary>
    /// Reads the next whole frame from what was kept and <paramref name="chunk"/>, which shrinks by what was used.
    /// Call until it returns false; the chunk is then used up.
    /// </summary>
    /// <exception cref="UpstreamException">The bytes are not such a stream, or damaged.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> chunk, out EventStreamFrame frame)
    {
        if (spent)
        {
            carried = expected = 0;
            spent = false;
        }

        if (carried == 0 && chunk.Length >= PreludeLength)
        {
            expected = FrameLength(chunk);
            if (chunk.Length >= expected)
            {
                frame = Parse(chunk[..expected]);
                chunk = chunk[expected..];
                expected = 0;
                return true;
            }
        }

        if (Fill(ref chunk))
        {
            frame = Parse(carry.AsSpan(0, expected));
            spent = true;
            return true;
        }

        frame = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (carry is not null)
        {
            ArrayPool<byte>.Shared.Return(carry);
            carry = null;
        }

        carried = expected = 0;
        spent = false;
    }

    // Both lengths, checked: a stream that is out of step must not be waited for.
    private static int FrameLength(ReadOnlySpan<byte> prelude)
    {
        if (Crc32.Of(prelude[..8]) != BinaryPrimitives.ReadUInt32BigEndian(prelude[8..]))
        {
            throw UpstreamException.Protocol("A frame of the stream has a wrong checksum over its lengths.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        if (length > MaxFrameBytes || headers > MaxHeaderBytes)
        {
            throw UpstreamException.Protocol(
                $"A frame of the stream is larger than {MaxFrameBytes / (1024 * 1024)} MB, or its headers than {MaxHeaderBytes / 1024} KB.");
        }

        return length >= PreludeLength + headers + ChecksumLength
            ? (int)length
            : throw UpstreamException.Protocol("A frame of the stream is shorter than its own headers.");
    }

    private static EventStreamFrame Parse(ReadOnlySpan<byte> raw)
    {
        if (Crc32.Of(raw[..^ChecksumLength]) != BinaryPrimitives.ReadUInt32BigEndian(raw[^ChecksumLength..]))
        {
            throw UpstreamException.Protocol("A frame of the stream has a wrong checksum.");
        }

        var headersLength = (int)BinaryPrimitives.ReadUInt32BigEndian(raw[4..]);
        var headers = new EventStreamHeaders(raw.Slice(PreludeLength, headersLength));
        ReadOnlySpan<byte> message = default, eventType = default, exceptionType = default, code = default, words = default, content = default;
        while (headers.TryRead())
        {
            var name = headers.Name;
            if (name.SequenceEqual(":message-type"u8))
            {
                message = headers.Text;
            }
            else if (name.SequenceEqual(":event-type"u8))
            {
                eventType = headers.Text;
            }
            else if (name.SequenceEqual(":content-type"u8))
            {
                content = headers.Text;
            }
            else if (name.SequenceEqual(":exception-type"u8))
            {
                exceptionType = headers.Text;
            }
            else if (name.SequenceEqual(":error-code"u8))
            {
                code = headers.Text;
            }
            else if (name.SequenceEqual(":error-message"u8))
            {
                words = headers.Text;
            }
        }

        return new()
        {
            Raw = raw,
            Kind = KindOf(message),
            EventType = eventType,
            ExceptionType = exceptionType,
            ErrorCode = code,
            ErrorMessage = words,
            ContentType = content,
            Payload = raw[(PreludeLength + headersLength)..^ChecksumLength],
        };
    }

    private static EventStreamKind KindOf(ReadOnlySpan<byte> message) =>
        message.SequenceEqual("event"u8) ? EventStreamKind.Event
        : message.SequenceEqual("exception"u8) ? EventStreamKind.Exception
        : message.SequenceEqual("error"u8) ? EventStreamKind.Error
        : throw UpstreamException.Protocol("A frame of the stream does not say whether it is an event or an error.");

    // Whether the carried frame is whole; takes no byte of the frame after it, which may lie whole in the chunk.
    private bool Fill(ref ReadOnlySpan<byte> chunk)
    {
        if (expected == 0)
        {
            Take(ref chunk, PreludeLength - carried);
            if (carried < PreludeLength)
            {
                return false;
            }

            expected = FrameLength(carry);
        }

        Take(ref chunk, expected - carried);
        return carried == expected;
    }

    private void Take(ref ReadOnlySpan<byte> chunk, int wanted)
    {
        var count = Math.Min(wanted, chunk.Length);
        if (count == 0)
        {
            return;
        }

        var needed = carried + count;
        if (carry is null || carry.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, carried * 2), 1024));
            carry.AsSpan(0, carried).CopyTo(larger);
            if (carry is not null)
            {
                ArrayPool<byte>.Shared.Return(carry);
            }

            carry = larger;
        }

        chunk[..count].CopyTo(carry.AsSpan(carried));
        chunk = chunk[count..];
        carried = needed;
    }
}
