using System.Buffers;

namespace Sommelier.Wire.Sse;

/// <summary>One server-sent event. The spans live until the next read.</summary>
internal readonly ref struct SseEvent(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
{
    /// <summary>The event's bytes with the blank line that ends it: what a relay passes on.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>The <c>event:</c> field, or empty.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The <c>data:</c> fields, joined by line feeds; empty for comments and other fields.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>Cuts a byte stream into server-sent events, wherever the network cut it.</summary>
/// <remarks>
/// Events that lie whole in a chunk are handed out as slices of it; only an event that a chunk cuts is copied, into one
/// pooled buffer, and no byte of it is searched twice. The grammar is that of the HTML standard's section on server-sent
/// events: lines end with LF, CRLF or CR, and a byte order mark may open the stream.
/// </remarks>
internal sealed class SseReader : IDisposable
{
    /// <summary>The largest event that is held: a bigger one is a broken or hostile upstream.</summary>
    public const int MaxEventBytes = 32 * 1024 * 1024;

    private byte[]? carry;
    private int carried;
    private int consumed;

    // How many of the held bytes are known to hold no end of an event.
    private int searched;
    private byte[]? joined;
    private int joinedLength;
    private bool begun;

    /// <summary>
    /// Reads the next whole event from what was kept and <paramref name="chunk"/>, which shrinks by what was used.
    /// Call until it returns false; the chunk is then used up.
    /// </summary>
    public bool TryRead(ref ReadOnlySpan<byte> chunk, out SseEvent result)
    {
        if (carried > consumed)
        {
            Keep(chunk);
            chunk = default;
            var held = carry.AsSpan(consumed, carried - consumed);
            var length = EventLength(held, searched);
            if (length == 0)
            {
                searched = held.Length;
                result = default;
                return false;
            }

            searched = 0;
            result = Parse(held[..length]);
            consumed += length;
            return true;
        }

        consumed = carried = searched = 0;
        var whole = EventLength(chunk, 0);
        if (whole == 0)
        {
            Keep(chunk);
            searched = chunk.Length;
            chunk = default;
            result = default;
            return false;
        }

        result = Parse(chunk[..whole]);
        chunk = chunk[whole..];
        return true;
    }

    /// <summary>What is left when the connection ends, as an event that lacks its blank line; false when nothing is.</summary>
    public bool TryReadRest(out SseEvent result)
    {
        var rest = carry.AsSpan(consumed, carried - consumed);
        consumed = carried;
        searched = 0;
        if (rest.Trim("\r\n"u8).IsEmpty)
        {
            result = default;
            return false;
        }

        result = Parse(rest);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (carry is not null)
        {
            ArrayPool<byte>.Shared.Return(carry);
            carry = null;
        }

        if (joined is not null)
        {
            ArrayPool<byte>.Shared.Return(joined);
            joined = null;
        }

        carried = consumed = searched = 0;
    }

    // The length of the first event with its blank line, or 0 when it is cut.
    private static int EventLength(ReadOnlySpan<byte> bytes, int searched)
    {
        // A blank line may have begun with the last two bytes that were searched.
        var from = Math.Max(searched - 2, 0);
        if (from == 0 && !bytes.IsEmpty && bytes[0] is (byte)'\n' or (byte)'\r')
        {
            // A blank line that opens the bytes ends an empty event of its own.
            return LineEnd(bytes, 0);
        }

        while (true)
        {
            var at = bytes[from..].IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0)
            {
                return 0;
            }

            var next = LineEnd(bytes, from + at);
            if (next == 0 || next == bytes.Length)
            {
                return 0;
            }

            if (bytes[next] is (byte)'\n' or (byte)'\r')
            {
                return LineEnd(bytes, next);
            }

            from = next;
        }
    }

    // The first byte after the line end at a position; 0 when a CR comes last, which an LF may still follow.
    private static int LineEnd(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes[at] == (byte)'\n')
        {
            return at + 1;
        }

        return at + 1 == bytes.Length ? 0 : bytes[at + 1] == (byte)'\n' ? at + 2 : at + 1;
    }

    private SseEvent Parse(ReadOnlySpan<byte> raw)
    {
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> data = default;
        var pieces = 0;
        var rest = raw;
        if (!begun)
        {
            begun = true;
            rest = rest.StartsWith("\uFEFF"u8) ? rest[3..] : rest;
        }

        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.StartsWith("data:"u8))
            {
                var value = Value(line[5..]);
                data = pieces++ == 0 ? value : Join(data, value, isSecond: pieces == 2);
            }
            else if (line.StartsWith("event:"u8))
            {
                name = Value(line[6..]);
            }
        }

        return new SseEvent(raw, name, data);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text) => text.StartsWith(" "u8) ? text[1..] : text;

    // The second line brings the first one with it; later ones are added to what is joined already.
    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> data, ReadOnlySpan<byte> line, bool isSecond)
    {
        if (isSecond)
        {
            joinedLength = 0;
            Append(data);
        }

        Append("\n"u8);
        Append(line);
        return joined.AsSpan(0, joinedLength);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var needed = joinedLength + bytes.Length;
        if (joined is null || joined.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed * 2, 256));
            joined.AsSpan(0, joinedLength).CopyTo(larger);
            if (joined is not null)
            {
                ArrayPool<byte>.Shared.Return(joined);
            }

            joined = larger;
        }

        bytes.CopyTo(joined.AsSpan(joinedLength));
        joinedLength = needed;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var held = carried - consumed;
        var needed = held + bytes.Length;
        if (needed > MaxEventBytes)
        {
            throw UpstreamException.Protocol($"A streamed event is larger than {MaxEventBytes / (1024 * 1024)} MB.");
        }

        if (carry is null || carry.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 1024));
            carry.AsSpan(consumed, held).CopyTo(larger);
            if (carry is not null)
            {
                ArrayPool<byte>.Shared.Return(carry);
            }

            carry = larger;
        }
        else if (consumed > 0)
        {
            carry.AsSpan(consumed, held).CopyTo(carry);
        }

        bytes.CopyTo(carry.AsSpan(held));
        consumed = 0;
        carried = needed;
    }
}
