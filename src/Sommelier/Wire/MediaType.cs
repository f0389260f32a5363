using System.Text;
using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>What media types stand for.</summary>
internal static class MediaType
{
    /// <summary>The kind of media; documents for everything that is neither picture nor sound nor film.</summary>
    public static MediaKind Kind(string mediaType) =>
        mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? MediaKind.Image
        : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? MediaKind.Audio
        : mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? MediaKind.Video
        : MediaKind.Document;

    /// <summary>A media type as vendors spell it: in small letters, and <c>image/jpeg</c> for what many clients call <c>image/jpg</c>.</summary>
    public static string Usual(string mediaType)
    {
        foreach (var letter in mediaType)
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                mediaType = mediaType.ToLowerInvariant();
                break;
            }
        }

        return mediaType is "image/jpg" or "image/pjpeg" ? "image/jpeg" : mediaType;
    }

    /// <summary>Whether it is plain text in one form or another: Markdown, CSV, HTML.</summary>
    public static bool IsText(string mediaType) => mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same of JSON's bytes, and of those of a <c>data:</c> URL.</summary>
    public static bool IsText(ReadOnlySpan<byte> json)
    {
        var type = json.Length > Scheme.Length && Ascii.EqualsIgnoreCase(json[..Scheme.Length], Scheme) ? json[Scheme.Length..] : json;
        return type.Length > 6 && Ascii.EqualsIgnoreCase(type[..4], "text"u8) && (type[4] == '/' || (type[4] == '\\' && type[5] == '/'));
    }

    private static ReadOnlySpan<byte> Scheme => "data:"u8;

    /// <summary>The media type that an address ends like; null when its ending says nothing.</summary>
    public static string? Of(string uri)
    {
        var end = uri.AsSpan();
        if (end.IndexOfAny('?', '#') is >= 0 and var cut)
        {
            end = end[..cut];
        }

        var dot = end.LastIndexOf('.');
        return dot < 0 ? null : end[(dot + 1)..] switch
        {
            var e when e.Equals("png", StringComparison.OrdinalIgnoreCase) => "image/png",
            var e when e.Equals("jpg", StringComparison.OrdinalIgnoreCase) || e.Equals("jpeg", StringComparison.OrdinalIgnoreCase) => "image/jpeg",
            var e when e.Equals("gif", StringComparison.OrdinalIgnoreCase) => "image/gif",
            var e when e.Equals("webp", StringComparison.OrdinalIgnoreCase) => "image/webp",
            var e when e.Equals("pdf", StringComparison.OrdinalIgnoreCase) => "application/pdf",
            var e when e.Equals("wav", StringComparison.OrdinalIgnoreCase) => "audio/wav",
            var e when e.Equals("mp3", StringComparison.OrdinalIgnoreCase) => "audio/mp3",
            var e when e.Equals("mp4", StringComparison.OrdinalIgnoreCase) => "video/mp4",
            _ => null,
        };
    }
}
