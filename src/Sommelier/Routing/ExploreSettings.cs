namespace Sommelier.Routing;

/// <summary>How much of the traffic tries other models than the one that ranks first, so that evidence about them grows.</summary>
public sealed record ExploreSettings
{
    /// <summary>The share of eligible requests, above 0 to 0.5.</summary>
    public required double Share { get; init; }

    /// <summary>Models that cost more than this many times the first are left out; 3 by default.</summary>
    public double MaxCostRatio { get; init; } = 3;
}
