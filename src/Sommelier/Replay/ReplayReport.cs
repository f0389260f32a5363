using System.Runtime.InteropServices;
using Sommelier.Routing;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Replay;

/// <summary>What logged requests would have cost and scored under another policy.</summary>
internal sealed record ReplayReport
{
    /// <summary>The other policy.</summary>
    public required Policy Policy { get; init; }

    /// <summary>Which catalog requests were decided on.</summary>
    public ReplayedCatalog Catalog { get; init; }

    /// <summary>Requests that began then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Requests that began before then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>All of them.</summary>
    public required int Requests { get; init; }

    /// <summary>Those that the same model would have answered: their cost is exact.</summary>
    public required int Same { get; init; }

    /// <summary>Those that another model would have answered: their cost is estimated.</summary>
    public required int Changed { get; init; }

    /// <summary>Those of which nothing can be said, by reason.</summary>
    public required IReadOnlyList<KeyValuePair<UndecidedReason, int>> Undecided { get; init; }

    /// <summary>Groups of conversations that the intervals are drawn over.</summary>
    public required int Groups { get; init; }

    /// <summary>Money.</summary>
    public required ReplayedCost Cost { get; init; }

    /// <summary>Ratings by callers.</summary>
    public required RatedQuality Rated { get; init; }

    /// <summary>What the quality table believes: mean expected success, 0 to 1, of those decided that have an intent.</summary>
    public required ReplayedMean Believed { get; init; }

    /// <summary>Milliseconds from the request to the last byte. The replayed ones are the other model's median in the window: an estimate.</summary>
    public required ReplayedMean Latency { get; init; }

    /// <summary>What changes most, by money.</summary>
    public required IReadOnlyList<ReplayedChange> Changes { get; init; }

    /// <summary>Those decided.</summary>
    public int Decided => Same + Changed;
}

/// <summary>Money of both policies, nano-USD, of those requests that were decided.</summary>
/// <param name="Logged">What they cost.</param>
/// <param name="Exact">What those would have cost that the same model would have answered.</param>
/// <param name="Estimated">What the others would have cost.</param>
/// <param name="LoggedUndecided">What the requests cost of which nothing can be said: in none of the others.</param>
/// <param name="PerRequest">95 % interval of the difference per request, nano-USD; null with too few conversations.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReplayedCost(long Logged, long Exact, long Estimated, long LoggedUndecided, Interval? PerRequest)
{
    /// <summary>What they would have cost.</summary>
    public long Replayed => Exact + Estimated;

    /// <summary>What would have been paid more; below zero: less.</summary>
    public long Difference => Replayed - Logged;
}

/// <summary>A mean under both policies.</summary>
/// <param name="Count">Over how many requests.</param>
/// <param name="Logged">As it was; null with none.</param>
/// <param name="Replayed">As it would have been.</param>
/// <param name="Difference">95 % interval of the difference; null with too few conversations.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReplayedMean(int Count, double? Logged, double? Replayed, Interval? Difference);

/// <summary>Requests that would have gone from one model to another.</summary>
/// <param name="From">Who answered.</param>
/// <param name="To">Who would have.</param>
/// <param name="Requests">How many.</param>
/// <param name="Difference">What would have been paid more, nano-USD.</param>
internal sealed record ReplayedChange(string From, string To, int Requests, long Difference);
