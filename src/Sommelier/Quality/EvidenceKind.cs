namespace Sommelier.Quality;

/// <summary>Where a score of answers comes from. Stored by name.</summary>
internal enum EvidenceKind
{
    /// <summary>An eval with a deterministic grader.</summary>
    Eval,

    /// <summary>An eval that a model judged.</summary>
    Judged,

    /// <summary>A caller's word on an answer to its own request.</summary>
    Feedback,

    /// <summary>What callers did with an answer, without saying anything.</summary>
    Implicit,
}

/// <summary>What the kinds weigh, and how they are called.</summary>
internal static class EvidenceKinds
{
    /// <summary>
    /// How many answers of a deterministic eval one answer counts for: 1, thumbs 0.3, implicit 0.1. What a judge weighs depends on how
    /// often it agrees with people: the square of that correlation; 0.5, which is a correlation of 0.7, until it was measured.
    /// </summary>
    public static double Weight(this EvidenceKind kind) => kind switch
    {
        EvidenceKind.Eval => 1,
        EvidenceKind.Judged => 0.5,
        EvidenceKind.Feedback => 0.3,
        _ => 0.1,
    };

    /// <summary>What a source is called in decisions, e.g. <c>eval run 2026-11-26-ab12 (extraction.suite)</c>, <c>feedback</c>.</summary>
    public static string Label(this EvidenceKind kind, string source) => kind switch
    {
        EvidenceKind.Eval => $"eval run {source}",
        EvidenceKind.Judged => $"judged run {source}",
        EvidenceKind.Feedback => "feedback",
        _ => $"implicit {source}",
    };
}
