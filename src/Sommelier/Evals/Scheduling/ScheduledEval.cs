namespace Sommelier.Evals.Scheduling;

/// <summary>A model that is to be run on a suite.</summary>
/// <param name="Model">The deployment that is asked, <c>provider/model</c>.</param>
/// <param name="Suite">The suite's file, as the configuration names it.</param>
internal sealed record ScheduledEval(string Model, string Suite)
{
    /// <summary>How it stands.</summary>
    public ScheduleState State { get; init; }

    /// <summary>The run's id; null before it began.</summary>
    public string? Run { get; init; }

    /// <summary>How often it failed in a row for reasons that may pass.</summary>
    public int Failures { get; init; }

    /// <summary>When it is to go on.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>When anything of it last changed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>What was found, or why it waits; empty for nothing to say.</summary>
    public string Detail { get; init; } = "";

    /// <summary>USD that it has cost so far.</summary>
    public decimal SpentUsd { get; init; }

    /// <summary>Whether another one is of the same model and suite.</summary>
    public bool IsSame(ScheduledEval other) => string.Equals(Model, other.Model, StringComparison.Ordinal) && string.Equals(Suite, other.Suite, StringComparison.Ordinal);

    /// <summary>The moment from which on money is there again: midnight (UTC).</summary>
    public static DateTimeOffset NextDay(DateTimeOffset now) => new(DateOnly.FromDateTime(now.UtcDateTime).AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>Whether there is something left to do.</summary>
    public bool IsOpen => State is ScheduleState.Waiting or ScheduleState.FirstLook or ScheduleState.Rest;
}

/// <summary>How a scheduled eval stands; its names are stored.</summary>
internal enum ScheduleState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>A sample of the cases is being asked.</summary>
    FirstLook,

    /// <summary>All cases are being asked.</summary>
    Rest,

    /// <summary>All cases were asked.</summary>
    Done,

    /// <summary>The first look said that the rest is not worth its money.</summary>
    Dropped,

    /// <summary>Given up.</summary>
    Failed,
}
