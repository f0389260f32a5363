using System.Buffers.Binary;

namespace Sommelier.Wire.EventStream;

/// <summary>
/// Walks a frame's headers: length of the name in a byte, name, type of the value in a byte, value. Every type is
/// understood, so that none hides the next header.
/// </summary>
/// <remarks>Types as in the Smithy specification of <c>application/vnd.amazon.eventstream</c>.</remarks>
internal ref struct EventStreamHeaders(ReadOnlySpan<byte> headers)
{
    private ReadOnlySpan<byte> rest = headers;

    /// <summary>The header's name, after a read.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value where it is text; empty for every other type.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>Reads the next header; false when there are no more.</summary>
    /// <exception cref="UpstreamException">The bytes are no headers.</exception>
    public bool TryRead()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        Name = Take(Take(1)[0]);
        if (Name.IsEmpty)
        {
            throw UpstreamException.Protocol("A frame of the stream has a header without a name.");
        }

        Text = default;
        var type = Take(1)[0];
        switch (type)
        {
            // True, false.
            case 0 or 1:
                break;

            // Whole numbers of 8, 16, 32 and 64 bits.
            case 2 or 3 or 4 or 5:
                Take(1 << (type - 2));
                break;

            // Bytes.
            case 6:
                Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2)));
                break;

            case 7:
                Text = Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2)));
                break;

            // A moment, in milliseconds.
            case 8:
                Take(8);
                break;

            // A UUID.
            case 9:
                Take(16);
                break;

            default:
                throw UpstreamException.Protocol($"A frame of the stream has a header of the unknown type {type}.");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length)
        {
            throw UpstreamException.Protocol("A frame of the stream has a header that reaches beyond its end.");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
