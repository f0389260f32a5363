namespace Sommelier.Canonical;

/// <summary>What a caller says about stored answers: <c>true</c>, <c>false</c> or <c>{ "ttl": "10m" }</c>.</summary>
/// <param name="Wanted">Whether a stored answer will do, and this one may be stored.</param>
/// <param name="Ttl">How old a stored answer may be; null: as old as the policy allows.</param>
public sealed record CacheHint(bool Wanted, TimeSpan? Ttl = null)
{
    /// <summary>The longest time that an answer is stored.</summary>
    public static TimeSpan LongestTtl { get; } = TimeSpan.FromDays(30);

    /// <summary>The hint of a length of time such as <c>10m</c>; null when it is none, or not from 1 s to <see cref="LongestTtl"/>.</summary>
    public static CacheHint? OfTtl(string text) =>
        UnitText.Seconds(text) is { } seconds && seconds >= 1 && seconds <= (decimal)LongestTtl.TotalSeconds
            ? new(true, TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)))
            : null;
}
