using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>Counts the bytes of text in a request, as UTF-8 after unescaping, and those outside ASCII.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TextCount
{
    /// <summary>All bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Those outside ASCII.</summary>
    public long NonAscii { get; private set; }

    /// <summary>Adds the string at which a reader stands.</summary>
    public void Add(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        Bytes += raw.Length;
        NonAscii += OutsideAscii(raw);
        if (reader.ValueIsEscaped)
        {
            AddEscapes(raw);
        }
    }

    /// <summary>Adds raw JSON, such as a list of tools, as it stands.</summary>
    public void AddRaw(ReadOnlySpan<byte> raw)
    {
        Bytes += raw.Length;
        NonAscii += OutsideAscii(raw);
    }

    /// <summary>How many bytes are outside ASCII.</summary>
    public static long OutsideAscii(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return 0;
        }

        long count = 0;
        var vectors = MemoryMarshal.Cast<byte, Vector256<byte>>(bytes);
        foreach (ref readonly var vector in vectors)
        {
            count += BitOperations.PopCount(vector.ExtractMostSignificantBits());
        }

        foreach (var single in bytes[(vectors.Length * Vector256<byte>.Count)..])
        {
            count += single >> 7;
        }

        return count;
    }

    // Corrects the count of raw bytes: \n is one byte of text, and 한 is three that are not ASCII.
    private void AddEscapes(ReadOnlySpan<byte> raw)
    {
        for (var at = raw.IndexOf((byte)'\\'); at >= 0;)
        {
            var length = 2;
            if (raw[at + 1] == (byte)'u')
            {
                length = 6;
                var unit = JsonText.CodeUnit(raw.Slice(at + 2, 4));
                // Each half of a pair stands for two of its four bytes.
                var bytes = unit < 0x80 ? 1 : unit < 0x800 || char.IsSurrogate((char)unit) ? 2 : 3;
                Bytes -= 6 - bytes;
                NonAscii += bytes > 1 ? bytes : 0;
            }
            else
            {
                Bytes--;
            }

            var next = raw[(at + length)..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + length + next;
        }
    }
}
