namespace Sommelier.Routing;

/// <summary>When a better model than the last one is asked because the last answer was not enough.</summary>
public sealed record EscalateSettings
{
    /// <summary>Whether the asker's asking again, or saying that the answer is wrong, counts; true by default.</summary>
    public bool OnRepeat { get; init; } = true;

    /// <summary>How often a loop may make the same tool call with the same arguments before it counts as stalled; null: it never does. 3 by default.</summary>
    public int? OnStall { get; init; } = 3;

    internal bool IsCalledFor(RequestSignals signals) => (OnRepeat && signals.Repeated) || signals.Stalled >= OnStall;
}
