namespace Sommelier.Wire;

/// <summary>Whether a body with media may name some of it by address.</summary>
internal static class MediaAddresses
{
    /// <summary>One search of the bytes: false is certain for every way in which JSON is usually written, true is worth a closer look.</summary>
    public static bool MayHold(ReadOnlySpan<byte> body) => body.IndexOf("://"u8) >= 0 || body.IndexOf(":\\/"u8) >= 0;
}
