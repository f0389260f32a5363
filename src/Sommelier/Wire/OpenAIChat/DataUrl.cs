using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Media inside a request: <c>data:image/png;base64,…</c>, and sounds by their short names.</summary>
internal static class DataUrl
{
    private static ReadOnlySpan<byte> Mark => ";base64"u8;

    private const int Scheme = 5;

    /// <summary>Takes a data URL apart; false for an address.</summary>
    /// <param name="value">The string.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="mediaType">The media type, without parameters, as vendors spell it.</param>
    /// <param name="data">The content.</param>
    /// <exception cref="WireException">It is no string.</exception>
    public static bool TryParse(JsonElement value, string path, out string mediaType, [NotNullWhen(true)] out BlobData? data)
    {
        (mediaType, data) = ("", null);
        var url = BlobReader.Utf8(value, path);
        var comma = url.IndexOf((byte)',');
        if (comma < Scheme || !Ascii.EqualsIgnoreCase(url[..Scheme], "data:"u8))
        {
            return false;
        }

        var head = url[Scheme..comma];
        if (head.Length < Mark.Length || !Ascii.EqualsIgnoreCase(head[^Mark.Length..], Mark))
        {
            return false;
        }

        var type = head[..^Mark.Length];
        var parameters = type.IndexOf((byte)';');
        mediaType = MediaType.Usual(Encoding.UTF8.GetString(parameters < 0 ? type : type[..parameters]));
        data = BlobData.OfBase64(url[(comma + 1)..].ToArray());
        return true;
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
