namespace Sommelier.Catalog;

/// <summary>What is known about the end of one pinned name.</summary>
public sealed record PinFinding
{
    /// <summary>The name as it was written.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was found.</summary>
    public required string Where { get; init; }

    /// <summary>How urgent it is.</summary>
    public required PinState State { get; init; }

    /// <summary>The day on which it ends or ended; null when none is announced.</summary>
    public DateOnly? RetiresOn { get; init; }

    /// <summary>Days until then, negative when it is over; null when no day is announced.</summary>
    public int? DaysLeft { get; init; }

    /// <summary>
    /// What to write instead, best first: deployment ids of the same provider where it has the successor, else canonical
    /// ids. A successor that itself ends within 90 days is replaced by its own successors.
    /// </summary>
    public IReadOnlyList<string> Successors { get; init; } = [];

    /// <summary>True when the maker named none, and the newest model of the same line stands in.</summary>
    public bool SuccessorsInferred { get; init; }

    /// <summary>The page that announces it.</summary>
    public Uri? Source { get; init; }
}
