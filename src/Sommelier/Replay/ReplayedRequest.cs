namespace Sommelier.Replay;

/// <summary>How much is known of what a request would have cost under another policy.</summary>
internal enum ReplayCertainty
{
    /// <summary>The same model would have answered: what it cost is in the ledger.</summary>
    Exact,

    /// <summary>Another model would have answered: the tokens that were used, at its price of that moment.</summary>
    Estimated,

    /// <summary>Nothing can be said, see <see cref="UndecidedReason"/>.</summary>
    Undecided,
}

/// <summary>Why nothing can be said of a request.</summary>
internal enum UndecidedReason
{
    /// <summary>No policy had anything to decide: the caller was refused before, or the record is gone.</summary>
    NoDecision,

    /// <summary>The record was written by another version of the program.</summary>
    UnreadableRecord,

    /// <summary>It was decided on a catalog or a version of the quality table that is not held any more.</summary>
    OtherCatalog,

    /// <summary>Nobody answered, or nobody else is left, so nobody knows what an answer would have used.</summary>
    NoAnswer,

    /// <summary>A stored answer was given, and nobody knows whether it would have been.</summary>
    StoredAnswer,

    /// <summary>The policy has no candidate for it.</summary>
    Refused,

    /// <summary>The model that would have answered has no price.</summary>
    NoPrice,

    /// <summary>A cheap model would have been asked first, and nobody knows whether its answer would have passed the checks.</summary>
    Cascade,
}

/// <summary>One logged request under another policy.</summary>
/// <param name="Certainty">How much is known.</param>
/// <param name="Logged">What it cost, nano-USD.</param>
/// <param name="Replayed">What it would have cost, nano-USD; without meaning when undecided.</param>
/// <param name="From">Who answered; null when nobody did.</param>
/// <param name="To">Who would have answered; null when nobody would, or when undecided.</param>
/// <param name="Why">Why nothing can be said; null otherwise.</param>
internal sealed record ReplayedRequest(ReplayCertainty Certainty, long Logged, long Replayed, string? From, string? To, UndecidedReason? Why = null)
{
    /// <summary>Whether the same model would have answered.</summary>
    public bool Same => Certainty == ReplayCertainty.Exact;

    /// <summary>A request of which nothing can be said.</summary>
    public static ReplayedRequest Undecided(long logged, string? from, UndecidedReason why) => new(ReplayCertainty.Undecided, logged, 0, from, null, why);
}
