namespace Sommelier.Catalog;

/// <summary>A model's status with its dates and where they were read.</summary>
public sealed record Lifecycle
{
    /// <summary>Active, with no dates and no source: what is assumed where nothing is known.</summary>
    public static Lifecycle Unknown { get; } = new();

    /// <summary>The status that the source gives. Ask <see cref="At"/> for the status on a day.</summary>
    public ModelStatus Status { get; init; } = ModelStatus.Active;

    /// <summary>The day from which its maker advises against it.</summary>
    public DateOnly? DeprecatedOn { get; init; }

    /// <summary>The day on which it stops answering, as announced.</summary>
    public DateOnly? RetiresOn { get; init; }

    /// <summary>The day before which its maker promises not to retire it; no announcement.</summary>
    public DateOnly? EarliestRetiresOn { get; init; }

    /// <summary>What its maker advises instead: canonical ids, best first.</summary>
    public IReadOnlyList<string> Successors { get; init; } = [];

    /// <summary>True when its maker names no successor, and <see cref="Successors"/> is the newest model of the same line.</summary>
    public bool SuccessorsInferred { get; init; }

    /// <summary>The page that says so.</summary>
    public Uri? Source { get; init; }

    /// <summary>The day on which the source was last checked.</summary>
    public DateOnly? LastVerified { get; init; }

    /// <summary>The status on a day: a model whose shutdown date has come is retired, whatever <see cref="Status"/> says.</summary>
    public ModelStatus At(DateOnly today)
    {
        if (Status == ModelStatus.Retired || RetiresOn <= today)
        {
            return ModelStatus.Retired;
        }

        return DeprecatedOn <= today && Status is ModelStatus.Preview or ModelStatus.Active ? ModelStatus.Deprecated : Status;
    }
}
