using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Media inside a request: <c>data:image/png;base64,…</c>, or <c>data:image/svg+xml,%3Csvg…</c> (RFC 2397), and sounds by their short names.</summary>
internal static class DataUrl
{
    private static ReadOnlySpan<byte> Mark => ";base64"u8;

    private const int Scheme = 5;

    /// <summary>Takes a data URL apart; false for an address.</summary>
    /// <param name="value">The string.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="mediaType">The media type, without parameters, as vendors spell it.</param>
    /// <param name="data">The content.</param>
    /// <exception cref="WireException">It is no string, or no data URL though it begins like one.</exception>
    public static bool TryParse(JsonElement value, string path, out string mediaType, [NotNullWhen(true)] out BlobData? data)
    {
        (mediaType, data) = ("", null);
        var url = BlobReader.Utf8(value, path);
        if (url.Length < Scheme || !Ascii.EqualsIgnoreCase(url[..Scheme], "data:"u8))
        {
            return false;
        }

        var comma = url.IndexOf((byte)',');
        if (comma < 0)
        {
            throw WireException.Invalid(path, $"'{path}' begins like a data: URL and has no comma before its data. Send data:TYPE;base64,DATA.");
        }

        var head = url[Scheme..comma];
        var isBase64 = head.Length >= Mark.Length && Ascii.EqualsIgnoreCase(head[^Mark.Length..], Mark);
        var type = isBase64 ? head[..^Mark.Length] : head;
        var parameters = type.IndexOf((byte)';');
        type = parameters < 0 ? type : type[..parameters];
        if (type.IsEmpty && isBase64)
        {
            throw WireException.Invalid(path, $"'{path}' is a data: URL that does not say of what. Name the media type: data:image/png;base64,DATA.");
        }

        mediaType = type.IsEmpty ? "text/plain" : MediaType.Usual(Encoding.UTF8.GetString(type));
        data = isBase64 ? BlobData.OfBase64(url[(comma + 1)..].ToArray()) : BlobData.OfBytes(new(Unescape(url[(comma + 1)..], path)));
        return true;
    }

    private static byte[] Unescape(ReadOnlySpan<byte> escaped, string path)
    {
        var bytes = new byte[escaped.Length];
        var written = 0;
        for (var at = 0; at < escaped.Length; at++, written++)
        {
            bytes[written] = escaped[at];
            if (escaped[at] == (byte)'%')
            {
                if (at + 2 >= escaped.Length || Convert.FromHexString(escaped.Slice(at + 1, 2), bytes.AsSpan(written, 1), out _, out _) != OperationStatus.Done)
                {
                    throw WireException.Invalid(path, $"'{path}' is a data: URL without ;base64 in which a % stands before something else than two hexadecimal digits. Send data:TYPE;base64,DATA.");
                }

                at += 2;
            }
        }

        return bytes[..written];
    }

    /// <summary>The media type of a sound's short name.</summary>
    public static string AudioType(string format) => format is "mp3" ? "audio/mpeg" : $"audio/{format}";

    /// <summary>The short name of a sound's media type.</summary>
    public static string AudioFormat(string mediaType) => mediaType switch
    {
        "audio/mpeg" or "audio/mp3" => "mp3",
        "audio/x-wav" or "audio/wave" => "wav",
        _ => mediaType["audio/".Length..],
    };
}
