using System.Buffers;
using System.Text;

namespace Sommelier.Upstream.Auth;

/// <summary>Writes the one form of a request that both sides sign, whatever proxies do to its spelling.</summary>
/// <remarks>Rules: AWS, "Create a signed AWS API request"; a path is escaped twice for every service but S3.</remarks>
internal static class SigV4Canonical
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    /// <summary>Writes the whole form.</summary>
    /// <param name="request">The request.</param>
    /// <param name="headers">Every signed header, names in small letters, sorted.</param>
    /// <param name="signed">Their names, joined by semicolons.</param>
    /// <param name="contentHash">SHA-256 of the body in hexadecimal digits.</param>
    /// <param name="output">Gets the form.</param>
    public static void Write(
        in SigV4Request request, ReadOnlySpan<KeyValuePair<string, string>> headers, string signed, string contentHash, IBufferWriter<byte> output)
    {
        Append(request.Method, output);
        Append("\n", output);
        WritePath(request.Path, output);
        Append("\n", output);
        WriteQuery(request.Query, output);
        Append("\n", output);
        for (var i = 0; i < headers.Length; i++)
        {
            // A name that comes again adds its value to the line of the first.
            var again = i > 0 && string.Equals(headers[i].Key, headers[i - 1].Key, StringComparison.Ordinal);
            if (again)
            {
                Append(",", output);
            }
            else
            {
                Append(i > 0 ? "\n" : "", output);
                Append(headers[i].Key, output);
                Append(":", output);
            }

            WriteValue(headers[i].Value, output);
        }

        Append("\n\n", output);
        Append(signed, output);
        Append("\n", output);
        Append(contentHash, output);
    }

    /// <summary>Writes text as UTF-8.</summary>
    public static void Append(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        if (!text.IsEmpty)
        {
            output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
        }
    }

    private static void WritePath(ReadOnlySpan<char> path, IBufferWriter<byte> output)
    {
        if (path.IsEmpty)
        {
            Append("/", output);
        }
        else if (!path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal))
        {
            Escape(path, output);
        }
        else
        {
            WriteNormalized(path, output);
        }
    }

    // Without empty and dot segments (RFC 3986, section 6).
    private static void WriteNormalized(ReadOnlySpan<char> path, IBufferWriter<byte> output)
    {
        var kept = new List<Range>();
        foreach (var range in path.Split('/'))
        {
            switch (path[range])
            {
                case "" or ".":
                    break;
                case "..":
                    kept.RemoveRange(Math.Max(kept.Count - 1, 0), Math.Min(kept.Count, 1));
                    break;
                default:
                    kept.Add(range);
                    break;
            }
        }

        foreach (var range in kept)
        {
            Append("/", output);
            Escape(path[range], output);
        }

        Append(kept.Count == 0 || path[^1] == '/' ? "/" : "", output);
    }

    // Sorted by escaped name, then by escaped value.
    private static void WriteQuery(ReadOnlySpan<char> query, IBufferWriter<byte> output)
    {
        if (query.IsEmpty)
        {
            return;
        }

        var pairs = new List<(string Name, string Value)>();
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            if (!pair.IsEmpty)
            {
                pairs.Add(equals < 0 ? (Reescape(pair), "") : (Reescape(pair[..equals]), Reescape(pair[(equals + 1)..])));
            }
        }

        pairs.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var byName ? byName : string.CompareOrdinal(a.Value, b.Value));
        for (var i = 0; i < pairs.Count; i++)
        {
            Append(i > 0 ? "&" : "", output);
            Append(pairs[i].Name, output);
            Append("=", output);
            Append(pairs[i].Value, output);
        }
    }

    private static string Reescape(ReadOnlySpan<char> text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    // Trimmed, and each run of spaces one space.
    private static void WriteValue(ReadOnlySpan<char> value, IBufferWriter<byte> output)
    {
        value = value.Trim(" \t\r\n");
        while (value.IndexOf("  ") is >= 0 and var at)
        {
            Append(value[..(at + 1)], output);
            value = value[at..].TrimStart(' ');
        }

        Append(value, output);
    }

    private static void Escape(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            var target = output.GetSpan(length * 3);
            if (length == 1 && (bytes[0] == (byte)'/' || Unreserved.Contains(bytes[0])))
            {
                target[0] = bytes[0];
                output.Advance(1);
                continue;
            }

            for (var i = 0; i < length; i++)
            {
                target[i * 3] = (byte)'%';
                target[(i * 3) + 1] = Digit(bytes[i] >> 4);
                target[(i * 3) + 2] = Digit(bytes[i] & 15);
            }

            output.Advance(length * 3);
        }
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
}
