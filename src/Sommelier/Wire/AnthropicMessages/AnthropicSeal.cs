using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Seals in thinking blocks: Anthropic's own stand bare, another vendor's are wrapped with its name.</summary>
internal static class AnthropicSeal
{
    /// <summary>A piece of thinking with the seal that a client sent.</summary>
    /// <param name="part">The piece without it.</param>
    /// <param name="text">The block's <c>signature</c> or <c>data</c>; null or empty when it has none.</param>
    /// <param name="redacted">Whether the block shows nothing but the seal.</param>
    public static ReasoningPart Read(ReasoningPart part, string? text, bool redacted)
    {
        var (vendor, id, seal) = Seals.Open(text ?? "", Seals.Anthropic);
        return redacted
            ? part with { Redacted = seal, Vendor = vendor, Id = id }
            : part with { Signature = seal.Length > 0 ? seal : null, Vendor = vendor, Id = id };
    }

    /// <summary>A seal as it stands in a block for a client.</summary>
    public static string? Write(string? seal, string? vendor, string? id) =>
        seal is null || vendor is null or Seals.Anthropic ? seal : Seals.Wrap(vendor, id, seal);

    /// <summary>Whether a target of this format takes a piece of thinking back: it is sealed, and by Anthropic.</summary>
    public static bool IsOwn(ReasoningPart part, bool ownRequest) =>
        (part.Signature is not null || part.Redacted is not null)
        && (part.Vendor is null ? ownRequest : string.Equals(part.Vendor, Seals.Anthropic, StringComparison.Ordinal));
}
