using Sommelier.Catalog;

namespace Sommelier.Quality;

/// <summary>What is to become a version.</summary>
internal sealed record Publication
{
    /// <summary>New evidence; none publishes what waits.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>What for, as people will read it, e.g. <c>eval run 2026-11-26-ab12</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Who publishes, as the audit log says: a key's id, <c>cli</c>, <c>feedback</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>Whether it is only to be looked at: stored and compared, not used.</summary>
    public bool Shadow { get; init; }

    /// <summary>Whether the feedback that waits goes in; else only what the version in force has of it.</summary>
    public bool WithFeedback { get; init; }

    /// <summary>Publish only when this version is still in force; null: whatever is.</summary>
    public long? OnlyOn { get; init; }

    /// <summary>Knows which model a deployment is of.</summary>
    public required CatalogSnapshot Catalog { get; init; }

    /// <summary>How evidence becomes belief.</summary>
    public QualitySettings Settings { get; init; } = QualitySettings.Default;
}
