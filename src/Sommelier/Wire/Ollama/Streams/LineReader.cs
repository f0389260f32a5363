using System.Buffers;

namespace Sommelier.Wire.Ollama;

/// <summary>Cuts a byte stream into lines, wherever the network cut it. A line that lies whole in a chunk is a slice of it.</summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>The longest line that is held: a longer one is a broken or hostile upstream.</summary>
    public const int MaxLineBytes = 32 * 1024 * 1024;

    private byte[]? carry;
    private int carried;

    /// <summary>Reads the next whole line, its line feed included; the chunk shrinks by what was used. Call until it returns false.</summary>
    public bool TryRead(ref ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> line)
    {
        var end = chunk.IndexOf((byte)'\n');
        if (end < 0)
        {
            Keep(chunk);
            chunk = line = default;
            return false;
        }

        if (carried == 0)
        {
            line = chunk[..(end + 1)];
        }
        else
        {
            Keep(chunk[..(end + 1)]);
            line = carry.AsSpan(0, carried);
            carried = 0;
        }

        chunk = chunk[(end + 1)..];
        return true;
    }

    /// <summary>What is left when the connection ends; false when nothing is.</summary>
    public bool TryReadRest(out ReadOnlySpan<byte> line)
    {
        line = carry.AsSpan(0, carried);
        carried = 0;
        return !line.IsEmpty;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (carry is { } held)
        {
            carry = null;
            ArrayPool<byte>.Shared.Return(held);
        }
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return;
        }

        var wanted = carried + rest.Length;
        if (wanted > MaxLineBytes)
        {
            throw UpstreamException.Protocol($"A line of the stream is longer than {MaxLineBytes / (1024 * 1024)} MB.");
        }

        if (carry is null || carry.Length < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, 1024));
            carry.AsSpan(0, carried).CopyTo(larger);
            Dispose();
            carry = larger;
        }

        rest.CopyTo(carry.AsSpan(carried));
        carried = wanted;
    }
}
