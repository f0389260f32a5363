namespace Sommelier.Wire.OpenAIChat;

/// <summary>Media inside a request: <c>data:image/png;base64,…</c>, and sounds by their short names.</summary>
internal static class DataUrl
{
    /// <summary>Takes a data URL apart; false for an address.</summary>
    public static bool TryParse(string url, out string mediaType, out string base64)
    {
        mediaType = base64 = "";
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !url.AsSpan(5, comma - 5).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var type = url.AsSpan(5, comma - 5 - 7);
        var parameters = type.IndexOf(';');
        mediaType = (parameters < 0 ? type : type[..parameters]).ToString();
        base64 = url[(comma + 1)..];
        return true;
    }

    /// <summary>Puts a data URL together.</summary>
    public static string Of(string mediaType, string base64) => $"data:{mediaType};base64,{base64}";

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
