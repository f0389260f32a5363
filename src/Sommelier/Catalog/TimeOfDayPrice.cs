namespace Sommelier.Catalog;

/// <summary>A factor on every price of a deployment during some hours of each day.</summary>
public sealed record TimeOfDayPrice
{
    /// <summary>First moment of the window, UTC, inclusive.</summary>
    public required TimeOnly FromUtc { get; init; }

    /// <summary>End of the window, UTC, exclusive. Earlier than <see cref="FromUtc"/>: the window runs over midnight.</summary>
    public required TimeOnly ToUtc { get; init; }

    /// <summary>What the prices are multiplied with, e.g. 0.5 for half price.</summary>
    public required decimal Factor { get; init; }

    /// <summary>The rule holds from this moment on; null: always.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Whether the rule holds at a moment.</summary>
    public bool Holds(DateTimeOffset at) =>
        (ValidFrom is not { } from || at >= from) && TimeOnly.FromTimeSpan(at.UtcDateTime.TimeOfDay).IsBetween(FromUtc, ToUtc);
}
