using System.Text;
using Sommelier.Canonical;

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

    /// <summary>What every wrapped seal begins with: a body that holds it cannot be forwarded as it is.</summary>
    public static ReadOnlySpan<byte> Mark => "sommelier.seal."u8;

    /// <summary>The same mark where the seal is written as base64, for dialects whose seals are bytes: fifteen bytes are twenty letters, without a rest.</summary>
    public static ReadOnlySpan<byte> EncodedMark => "c29tbWVsaWVyLnNlYWwu"u8;

    private const string EncodedPrefix = "c29tbWVsaWVyLnNlYWwu";

    /// <summary>A seal as a client of another vendor's dialect gets it.</summary>
    /// <param name="vendor">Whose it is.</param>
    /// <param name="seal">The vendor's opaque text.</param>
    public static string Wrap(string vendor, string seal) => string.Concat(Prefix, vendor, ":", seal);

    /// <summary>A seal with the vendor's id of the sealed piece, as a client of another vendor's dialect gets it.</summary>
    public static string Wrap(string vendor, string? id, string seal) => id is null ? Wrap(vendor, seal) : Wrap($"{vendor}#{id}", seal);

    /// <summary>The seal of a piece of thinking as a client of a dialect gets it: bare when it is the dialect's own vendor's; null when there is none.</summary>
    /// <param name="part">The piece.</param>
    /// <param name="own">The vendor of the client's dialect.</param>
    public static string? Carry(ReasoningPart part, string own)
    {
        if (part.Redacted is null && part.Signature is null)
        {
            return null;
        }

        return part.Vendor is null || string.Equals(part.Vendor, own, StringComparison.Ordinal)
            ? part.Signature ?? part.Redacted
            : Wrap(part.Vendor, part.Id, part.Redacted is { } redacted ? $"~{redacted}" : part.Signature!);
    }

    /// <summary>As <see cref="Carry"/>, for a dialect whose clients read seals as base64 (Google's: <c>thoughtSignature</c> is bytes): a wrapped one is base64 as a whole.</summary>
    public static string? CarryBytes(ReasoningPart part, string own)
    {
        var seal = Carry(part, own);
        return seal?.StartsWith(Prefix, StringComparison.Ordinal) is true ? Convert.ToBase64String(Encoding.UTF8.GetBytes(seal)) : seal;
    }

    /// <summary>A piece of thinking with the seal that <see cref="Carry"/> gave out; text that is null or empty is no seal.</summary>
    public static ReasoningPart Receive(ReasoningPart part, string? text, string own)
    {
        if (string.IsNullOrEmpty(text))
        {
            return part;
        }

        var (vendor, id, seal) = Open(text, own);
        var redacted = seal.StartsWith('~') && !string.Equals(vendor, own, StringComparison.Ordinal);
        return part with { Vendor = vendor, Id = id ?? part.Id, Signature = redacted ? null : seal, Redacted = redacted ? seal[1..] : null };
    }

    /// <summary>Whether it is another vendor's, as <see cref="Carry"/> or <see cref="CarryBytes"/> gave it out.</summary>
    public static bool IsWrapped(string seal) =>
        seal.StartsWith(Prefix, StringComparison.Ordinal) || seal.StartsWith(EncodedPrefix, StringComparison.Ordinal);

    /// <summary>Reads a seal that a client sent back, with the id that was wrapped with it.</summary>
    public static (string? Vendor, string? Id, string Seal) Open(string text, string? own)
    {
        var (vendor, seal) = Unwrap(text, own);
        return vendor?.IndexOf('#', StringComparison.Ordinal) is >= 0 and var mark ? (vendor[..mark], vendor[(mark + 1)..], seal) : (vendor, null, seal);
    }

    /// <summary>Reads a seal that a client sent back.</summary>
    /// <param name="text">What stands in the client's message.</param>
    /// <param name="own">The vendor of the client's dialect, whose seals are not wrapped; null where the dialect has no vendor of seals.</param>
    public static (string? Vendor, string Seal) Unwrap(string text, string? own)
    {
        if (text.StartsWith(EncodedPrefix, StringComparison.Ordinal) && Decode(text) is { } decoded)
        {
            text = decoded;
        }

        if (text.StartsWith(Prefix, StringComparison.Ordinal) && text.IndexOf(':', Prefix.Length) is > 0 and var colon)
        {
            return (text[Prefix.Length..colon], text[(colon + 1)..]);
        }

        return (own, text);
    }

    // Clients that read bytes write them back in either alphabet, with or without the rest.
    private static string? Decode(string text)
    {
        var bare = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '='), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
