namespace Sommelier.Catalog;

/// <summary>Prices that replace the base prices of the whole request once its input is larger than a limit.</summary>
/// <remarks>All prices are USD per million tokens; null means "as in the base price".</remarks>
public sealed record PriceTier
{
    /// <summary>The tier holds for requests with more input tokens than this, cached ones included.</summary>
    public required int AboveInputTokens { get; init; }

    /// <summary>Input.</summary>
    public decimal? InputUsdPerMillion { get; init; }

    /// <summary>Output.</summary>
    public decimal? OutputUsdPerMillion { get; init; }

    /// <summary>Input read from a cache.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Input written to a cache for five minutes, or for the provider's only time to live.</summary>
    public decimal? CacheWrite5m { get; init; }

    /// <summary>Input written to a cache for one hour.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Output spent on reasoning.</summary>
    public decimal? Reasoning { get; init; }
}
