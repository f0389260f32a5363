using Sommelier.Canonical;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Addresses in Amazon's storage, which Bedrock reads by itself and nobody else does.</summary>
internal static class AmazonFiles
{
    /// <summary>Whether an address is one.</summary>
    public static bool Are(string uri) => uri.StartsWith("s3://", StringComparison.Ordinal);

    /// <summary>
    /// The member that the file goes into, and Bedrock's word for its format, by the ending of its name: Bedrock does not find out
    /// for itself. Null when it reads no such files.
    /// </summary>
    public static (string Kind, string Format)? Of(UriPart file)
    {
        var ending = file.Uri[(file.Uri.LastIndexOf('.') + 1)..].ToLowerInvariant();
        return file.Kind switch
        {
            MediaKind.Image => ending is "jpg" ? ("image", "jpeg") : ending is "png" or "jpeg" or "gif" or "webp" ? ("image", ending) : null,
            MediaKind.Video => ConverseMedia.Video.Format($"video/{ending}") is { } film ? ("video", film) : null,
            MediaKind.Audio => ConverseMedia.Audio.Format($"audio/{ending}") is { } sound ? ("audio", sound) : null,
            _ => ConverseDocuments.IsFormat(ending) ? ("document", ending) : null,
        };
    }
}
