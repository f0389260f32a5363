namespace Sommelier.Routing;

/// <summary>A candidate that is sent copies of a policy's requests after they were answered: its answers are recorded, and no caller sees them.</summary>
public sealed record ShadowSettings
{
    /// <summary>The model, as in a policy's <c>order</c>.</summary>
    public required string To { get; init; }

    /// <summary>The share of requests that are copied, above 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The most that the policy's copies may cost in a UTC day, USD; 1 by default.</summary>
    public decimal MaxUsdPerDay { get; init; } = 1;
}
