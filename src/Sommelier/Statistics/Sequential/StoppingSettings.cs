namespace Sommelier.Statistics.Sequential;

internal enum StoppingMethod
{
    /// <summary>The asymptotic confidence sequence: for scores of any range.</summary>
    Asymptotic,

    /// <summary>Bets: holds for every sample size, for scores in [0, 1] only.</summary>
    Betting,
}

/// <summary>When a comparison of two models on the same items may stop.</summary>
/// <param name="Alpha">The chance of ever naming a winner where there is none, or of naming equals where there are none: 0.05 each.</param>
/// <param name="Equivalent">Differences below this are as good as none, in the unit of the scores; 0 never stops for equality.</param>
/// <param name="MinItems">No verdict before so many items, 20 unless said otherwise.</param>
/// <param name="Method">Which confidence sequence.</param>
internal sealed record StoppingSettings(
    double Alpha = 0.05, double Equivalent = 0, int MinItems = 20, StoppingMethod Method = StoppingMethod.Asymptotic)
{
    /// <summary>For one of several challengers against one baseline: each gets its share of alpha (Bonferroni), alpha / (m - 1) for m models.</summary>
    public StoppingSettings ForChallengers(int challengers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(challengers);
        return this with { Alpha = Alpha / challengers };
    }
}
