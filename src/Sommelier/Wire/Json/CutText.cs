using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>
/// Gathers the text of one turn for the classifier: at most 3,000 characters of its head and 1,000 of its tail. What
/// lies between is never decoded.
/// </summary>
internal ref struct CutText : ITextSink
{
    private const int HeadLimit = 3_000;
    private const int TailLimit = ConversationTail.MaxCharacters - HeadLimit;

    // A tail of escapes takes six bytes a character.
    private const int TailBytes = TailLimit * 6;

    private char[]? buffer;
    private int head;
    private int tail;

    /// <summary>Adds a piece: the raw inside of a JSON string. Pieces are joined by line feeds.</summary>
    public void Add(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
        {
            return;
        }

        buffer ??= ArrayPool<char>.Shared.Rent(HeadLimit + TailLimit + TailBytes + 1);
        if (head > 0)
        {
            Put("\n"u8);
        }

        Put(raw);
    }

    /// <summary>The text; the memory goes back to its pool.</summary>
    public string Take()
    {
        if (buffer is null)
        {
            return "";
        }

        var text = new string(buffer, 0, head + tail);
        ArrayPool<char>.Shared.Return(buffer);
        buffer = null;
        return text;
    }

    private void Put(ReadOnlySpan<byte> raw)
    {
        if (head < HeadLimit)
        {
            head += JsonText.Unescape(raw, buffer.AsSpan(head, HeadLimit - head), out var used);
            raw = raw[used..];

            // One character may not fit beside a pair; the head is full all the same.
            if (!raw.IsEmpty && head < HeadLimit)
            {
                buffer![head++] = ' ';
            }
        }

        if (raw.IsEmpty)
        {
            return;
        }

        if (raw.Length > TailBytes)
        {
            raw = raw[Boundary(raw, raw.Length - TailBytes)..];
        }

        var room = buffer.AsSpan(HeadLimit);
        var added = JsonText.Unescape(raw, room[tail..], out _);
        var total = tail + added;
        if (total > TailLimit)
        {
            room.Slice(total - TailLimit, TailLimit).CopyTo(room);
            total = TailLimit;
        }

        tail = total;
    }

    // The first byte from a position on that begins a character or an escape.
    private static int Boundary(ReadOnlySpan<byte> raw, int at)
    {
        for (var back = Math.Min(4, at); back >= 1; back--)
        {
            if (raw[at - back] == (byte)'u' && EscapedAt(raw, at - back))
            {
                at += 5 - back;
                break;
            }
        }

        if (EscapedAt(raw, at))
        {
            at += raw[at] == (byte)'u' ? 5 : 1;
        }

        while (at < raw.Length && (raw[at] & 0xC0) == 0x80)
        {
            at++;
        }

        return at;
    }

    private static bool EscapedAt(ReadOnlySpan<byte> raw, int at)
    {
        var slashes = 0;
        while (at - slashes - 1 >= 0 && raw[at - slashes - 1] == (byte)'\\')
        {
            slashes++;
        }

        return slashes % 2 == 1;
    }
}
