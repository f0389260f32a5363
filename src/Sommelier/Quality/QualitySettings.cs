namespace Sommelier.Quality;

/// <summary>How evidence becomes belief.</summary>
internal sealed record QualitySettings
{
    /// <summary>What holds where the configuration says nothing.</summary>
    public static QualitySettings Default { get; } = new();

    /// <summary>Whether callers' feedback becomes a new version by itself; else it waits until somebody publishes.</summary>
    public bool PublishFeedback { get; init; }

    /// <summary>Whether what an eval run found is only to be looked at until somebody puts it in force.</summary>
    public bool ShadowEvals { get; init; }

    /// <summary>How often at most feedback is published.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After how long evidence counts half.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many answers of the prior are left beside any amount of own evidence (kappa).</summary>
    public double PriorMass { get; init; } = 10;

    /// <summary>The most answers that a belief may be worth.</summary>
    public double MaxMass { get; init; } = 200;
}
