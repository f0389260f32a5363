namespace Sommelier.Wire.Gemini;

/// <summary>Addresses at which nobody but Google reads.</summary>
internal static class GoogleFiles
{
    /// <summary>Its own storage, its Files API: files of one customer's.</summary>
    public static bool Are(string uri) =>
        uri.StartsWith("gs://", StringComparison.Ordinal)
        || uri.StartsWith("https://generativelanguage.googleapis.com/", StringComparison.Ordinal);

    /// <summary>What Google's API reads by address wherever it runs: those, and YouTube.</summary>
    public static bool AreRead(string uri) =>
        Are(uri)
        || uri.StartsWith("https://www.youtube.com/", StringComparison.Ordinal)
        || uri.StartsWith("https://youtu.be/", StringComparison.Ordinal);
}
