namespace Sommelier.Wire;

/// <summary>
/// Vendors seal a model's thinking and want the seal back. A client of another dialect carries it for us: wrapped with
/// the vendor's name, so that only that vendor ever gets it.
/// </summary>
public static class Seals
{
    /// <summary>Anthropic's, on whichever platform the model runs: signatures hold across its own API, Bedrock and Vertex AI.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>Google's thought signatures.</summary>
    public const string Google = "google";

    /// <summary>OpenAI's encrypted reasoning.</summary>
    public const string OpenAI = "openai";

    private const string Prefix = "sommelier.seal.";

    /// <summary>How every wrapped seal begins, for readers of bytes.</summary>
    internal static ReadOnlySpan<byte> WrappedUtf8 => "sommelier.seal."u8;

    /// <summary>A seal as a client of another vendor's dialect gets it.</summary>
    /// <param name="vendor">Whose it is.</param>
    /// <param name="seal">The vendor's opaque text.</param>
    public static string Wrap(string vendor, string seal) => string.Concat(Prefix, vendor, ":", seal);

    /// <summary>Reads a seal that a client sent back.</summary>
    /// <param name="text">What stands in the client's message.</param>
    /// <param name="own">The vendor of the client's dialect, whose seals are not wrapped; null where the dialect has no vendor of seals.</param>
    public static (string? Vendor, string Seal) Unwrap(string text, string? own)
    {
        if (text.StartsWith(Prefix, StringComparison.Ordinal) && text.IndexOf(':', Prefix.Length) is > 0 and var colon)
        {
            return (text[Prefix.Length..colon], text[(colon + 1)..]);
        }

        return (own, text);
    }
}
