namespace Sommelier.Wire.BedrockConverse;

/// <summary>Bedrock's words for formats of sound and film, where they differ from the media type's second half.</summary>
/// <param name="kind">The media type's first half.</param>
/// <param name="words">Word and second half; the first word for a half is the one that is written.</param>
/// <param name="known">All words of the SDK's list.</param>
internal sealed class ConverseMedia(string kind, (string Word, string Half)[] words, string[] known)
{
    /// <summary>Sound.</summary>
    public static ConverseMedia Audio { get; } = new(
        "audio",
        [("mp3", "mpeg"), ("wav", "x-wav"), ("wav", "wave"), ("wav", "vnd.wave"), ("m4a", "x-m4a"), ("mka", "x-matroska"), ("flac", "x-flac"), ("pcm", "l16")],
        ["aac", "flac", "m4a", "mka", "mkv", "mp3", "mp4", "mpeg", "mpga", "ogg", "opus", "pcm", "wav", "webm", "x-aac"]);

    /// <summary>Film.</summary>
    public static ConverseMedia Video { get; } = new(
        "video",
        [("mov", "quicktime"), ("mkv", "x-matroska"), ("three_gp", "3gpp"), ("wmv", "x-ms-wmv"), ("flv", "x-flv")],
        ["flv", "mkv", "mov", "mp4", "mpeg", "mpg", "three_gp", "webm", "wmv"]);

    /// <summary>The media type of a word: sound as other dialects name it, e.g. <c>audio/wav</c>.</summary>
    public string MediaType(string word) => string.Concat(kind, "/", Half(word));

    /// <summary>The word for a media type; null when Bedrock does not read it.</summary>
    public string? Format(string mediaType)
    {
        var half = mediaType.AsSpan(mediaType.IndexOf('/', StringComparison.Ordinal) + 1);
        if (half.IndexOf(';') is >= 0 and var cut)
        {
            half = half[..cut].TrimEnd();
        }

        foreach (var (word, other) in words)
        {
            if (half.Equals(other, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        foreach (var word in known)
        {
            if (half.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        return null;
    }

    // "mp3" and "wav" are what everybody else calls them too.
    private string Half(string word)
    {
        if (word is "mp3" or "wav" or "flac" or "pcm")
        {
            return word;
        }

        foreach (var (known, half) in words)
        {
            if (string.Equals(known, word, StringComparison.Ordinal))
            {
                return half;
            }
        }

        return word;
    }
}
