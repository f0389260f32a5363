namespace Sommelier.Catalog;

/// <summary>What tokens cost when a call is served in another way than the usual one: first in the queue, when there is room, faster.</summary>
/// <remarks>
/// Cached, audio and reasoning tokens and large requests keep their ratio to input and output: so it is in every published price that has
/// both (OpenAI, Azure and Google in LiteLLM's list of 2026-06-02, Anthropic's and OpenAI's in models.dev of 2026-09-30).
/// </remarks>
public sealed record ServiceTierPrice
{
    /// <summary>Its name, see <see cref="Canonical.Usage.ServiceTier"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Input, in USD per million tokens.</summary>
    public required decimal InputUsdPerMillion { get; init; }

    /// <summary>Output, in USD per million tokens.</summary>
    public required decimal OutputUsdPerMillion { get; init; }

    /// <summary>Where the price was read, as <see cref="Price.Source"/>.</summary>
    public required string Source { get; init; }
}
