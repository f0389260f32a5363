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
/// pooled buffer. Lines end with LF or CRLF (a lone CR is not used by any provider). The grammar is that of the HTML
/// standard's section on server-sent events.
/// </remarks>
internal sealed class SseReader : IDisposable
{
    /// <summary>The largest event that is held: a bigger one is a broken or hostile upstream.</summary>
    public const int MaxEventBytes = 32 * 1024 * 1024;

    private byte[]? carry;
    private int carried;
    private int consumed;
    private byte[]? joined;

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
            var length = EventLength(held);
            if (length == 0)
            {
                result = default;
                return false;
            }

            result = Parse(held[..length]);
            consumed += length;
            return true;
        }

        consumed = carried = 0;
        var whole = EventLength(chunk);
        if (whole == 0)
        {
            Keep(chunk);
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

        carried = consumed = 0;
    }

    // The length of the first event with its blank line, or 0 when it is cut.
    private static int EventLength(ReadOnlySpan<byte> bytes)
    {
        var from = 0;
        while (true)
        {
            var feed = bytes[from..].IndexOf((byte)'\n');
            if (feed < 0)
            {
                return 0;
            }

            var next = from + feed + 1;
            if (next < bytes.Length && bytes[next] == '\n')
            {
                return next + 1;
            }

            if (next + 1 < bytes.Length && bytes[next] == '\r' && bytes[next + 1] == '\n')
            {
                return next + 2;
            }

            // A blank line that opens the bytes ends an empty event of its own.
            if (from == 0 && (feed == 0 || (feed == 1 && bytes[0] == '\r')))
            {
                return next;
            }

            from = next;
        }
    }

    private SseEvent Parse(ReadOnlySpan<byte> raw)
    {
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> data = default;
        var pieces = 0;
        var rest = raw;
        while (!rest.IsEmpty)
        {
            var feed = rest.IndexOf((byte)'\n');
            var line = feed < 0 ? rest : rest[..feed];
            rest = feed < 0 ? default : rest[(feed + 1)..];
            if (line.EndsWith("\r"u8))
            {
                line = line[..^1];
            }

            if (line.StartsWith("data:"u8))
            {
                var value = Value(line[5..]);
                data = pieces++ == 0 ? value : Join(data, value);
            }
            else if (line.StartsWith("event:"u8))
            {
                name = Value(line[6..]);
            }
        }

        return new SseEvent(raw, name, data);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text) => text.StartsWith(" "u8) ? text[1..] : text;

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var length = first.Length + 1 + second.Length;
        var target = ArrayPool<byte>.Shared.Rent(length);
        first.CopyTo(target);
        target[first.Length] = (byte)'\n';
        second.CopyTo(target.AsSpan(first.Length + 1));
        if (joined is not null)
        {
            ArrayPool<byte>.Shared.Return(joined);
        }

        joined = target;
        return target.AsSpan(0, length);
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
