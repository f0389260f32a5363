namespace Sommelier.Ledger;

/// <summary>Durations as they are stored: whole microseconds, finer parts cut.</summary>
internal static class Microseconds
{
    public static long Of(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static long? Of(TimeSpan? span) => span is { } known ? Of(known) : null;

    public static TimeSpan ToTimeSpan(long microseconds) => TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
