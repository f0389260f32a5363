using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Media;

/// <summary>Says what bytes are by how they begin.</summary>
internal static class MediaSniffer
{
    /// <summary>The media type of a file; null when it is none of those that models read.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : IsRiff(bytes, "WEBP"u8) ? "image/webp"
        : IsRiff(bytes, "WAVE"u8) ? "audio/wav"
        : bytes.StartsWith("%PDF-"u8) ? "application/pdf"
        : bytes.StartsWith("ID3"u8) || IsMp3Frame(bytes) ? "audio/mp3"
        : null;

    /// <summary>The media type under which fetched bytes are passed on.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="declared">What the server calls it, or null.</param>
    /// <param name="kind">What the caller calls it.</param>
    /// <exception cref="MediaRefusedException">They do not agree.</exception>
    public static string Check(ReadOnlySpan<byte> bytes, string? declared, MediaKind kind)
    {
        var type = TypeOf(bytes);
        var isSaid = declared is { Length: > 0 } and not ("application/octet-stream" or "binary/octet-stream");
        if (type is null || MediaType.Kind(type) != kind || (isSaid && MediaType.Kind(declared!) != kind) || (isSaid && kind == MediaKind.Document && !IsPdf(declared!)))
        {
            throw new MediaRefusedException(kind switch
            {
                MediaKind.Image => "what lies there is no PNG, JPEG, GIF or WebP image",
                MediaKind.Audio => "what lies there is no WAV or MP3 sound",
                _ => "what lies there is no PDF document",
            });
        }

        return type;
    }

    private static bool IsPdf(string declared) =>
        declared.Equals("application/pdf", StringComparison.OrdinalIgnoreCase) || declared.Equals("application/x-pdf", StringComparison.OrdinalIgnoreCase);

    private static bool IsRiff(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> form) =>
        bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes.Slice(8, 4).SequenceEqual(form);

    // Eleven bits of sync, MPEG version 1 or 2, layer III.
    private static bool IsMp3Frame(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2 && bytes[0] == 0xFF && (bytes[1] & 0xF6) == 0xF2;
}
