using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>Reads JSON strings into text, with halves of surrogate pairs told or kept rather than crashed on.</summary>
internal static class JsonText
{
    /// <summary>The text of the string or name at which a reader stands, for a caller's request.</summary>
    /// <exception cref="WireException">It holds half of a surrogate pair.</exception>
    public static string Of(ref Utf8JsonReader reader, string path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw FieldError.BadText(path);
        }
    }

    /// <summary>
    /// The text of the string at which a reader stands, for an upstream's answer: half of a surrogate pair, which some
    /// servers send at the end of a chunk, is kept as it is.
    /// </summary>
    public static string Tolerant(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var buffer = ArrayPool<char>.Shared.Rent(raw.Length);
        var text = new string(buffer, 0, Unescape(raw, buffer, out _));
        ArrayPool<char>.Shared.Return(buffer);
        return text;
    }

    /// <summary>Unescapes the inside of a JSON string until it or the target is used up.</summary>
    /// <param name="raw">Well-formed JSON between the quotes.</param>
    /// <param name="target">Takes the characters.</param>
    /// <param name="used">How many bytes were read.</param>
    /// <returns>How many characters were written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<char> target, out int used)
    {
        used = 0;
        var written = 0;
        while (used < raw.Length && written < target.Length)
        {
            var rest = raw[used..];
            if (rest[0] == (byte)'\\')
            {
                target[written++] = Escape(rest, out var length);
                used += length;
                continue;
            }

            var plain = rest.IndexOf((byte)'\\');
            var run = plain < 0 ? rest : rest[..plain];
            System.Text.Unicode.Utf8.ToUtf16(run, target[written..], out var bytes, out var characters, replaceInvalidSequences: true);
            written += characters;
            used += bytes;
            if (bytes < run.Length)
            {
                break;
            }
        }

        return written;
    }

    private static char Escape(ReadOnlySpan<byte> rest, out int length)
    {
        length = 2;
        switch (rest[1])
        {
            case (byte)'n': return '\n';
            case (byte)'t': return '\t';
            case (byte)'r': return '\r';
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'u':
                length = 6;
                return (char)CodeUnit(rest[2..6]);
            default: return (char)rest[1];
        }
    }

    /// <summary>The four hexadecimal digits of a <c>\u</c> escape.</summary>
    public static ushort CodeUnit(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out ushort unit, out _, 'x') ? unit : ushort.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
