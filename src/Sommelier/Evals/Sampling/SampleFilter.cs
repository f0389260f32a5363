using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Evals.Sampling;

/// <summary>What a caller thought of an answer.</summary>
internal enum SampleRating
{
    /// <summary>0.5 or better.</summary>
    Up,

    /// <summary>Worse than 0.5.</summary>
    Down,

    /// <summary>Something.</summary>
    Rated,

    /// <summary>Nothing that was said.</summary>
    Unrated,
}

/// <summary>Which requests of the ledger become cases. What is null or empty does not matter.</summary>
internal sealed record SampleFilter
{
    /// <summary>Time, key, team and organisation.</summary>
    public LedgerFilter Ledger { get; init; } = new() { Limit = 0 };

    /// <summary>One of these intents.</summary>
    public IReadOnlyList<Intent> Intents { get; init; } = [];

    /// <summary>One of these models answered (<c>provider/model</c>) or was asked for by that name.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Decided under this policy.</summary>
    public string? Policy { get; init; }

    /// <summary>With each of these tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How it ended.</summary>
    public LedgerOutcome Outcome { get; init; } = LedgerOutcome.Succeeded;

    /// <summary>What its caller thought of the answer.</summary>
    public SampleRating? Rating { get; init; }

    /// <summary>Cost in USD, all attempts together.</summary>
    public (decimal? Least, decimal? Most) Usd { get; init; }

    /// <summary>From the start to the last byte, in milliseconds.</summary>
    public (double? Least, double? Most) Ms { get; init; }

    /// <summary>Whether an entry that <see cref="Ledger"/> lets through passes the rest.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="score">What its caller thought of the answer, 0 to 1; null when nothing was said.</param>
    public bool Passes(LedgerEntry entry, double? score) =>
        entry.Outcome == Outcome
        && (Intents.Count == 0 || (entry.Intent is { } intent && Intents.Contains(intent)))
        && (Models.Count == 0 || Models.Contains(entry.DeploymentId ?? "", StringComparer.Ordinal) || Models.Contains(entry.OriginalModel, StringComparer.Ordinal))
        && (Policy is null || string.Equals(Policy, entry.Policy, StringComparison.Ordinal))
        && Tags.All(tag => entry.Tags.Contains(tag, StringComparer.Ordinal))
        && Rating switch
        {
            SampleRating.Up => score >= 0.5,
            SampleRating.Down => score < 0.5,
            SampleRating.Rated => score is not null,
            SampleRating.Unrated => score is null,
            _ => true,
        }
        && Within(NanoUsd.ToUsd(LedgerSums.Of(entry.Attempts).CostNanoUsd), Usd.Least, Usd.Most)
        && Within(entry.Duration.TotalMilliseconds, Ms.Least, Ms.Most);

    private static bool Within<T>(T value, T? least, T? most)
        where T : struct, IComparable<T> =>
        (least is not { } from || value.CompareTo(from) >= 0) && (most is not { } to || value.CompareTo(to) <= 0);
}
