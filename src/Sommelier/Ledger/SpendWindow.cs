namespace Sommelier.Ledger;

/// <summary>What spending is summed over, and how long a budget lasts before it is full again. Windows are those of the calendar, in UTC.</summary>
internal enum SpendWindow
{
    /// <summary>From one full hour to the next.</summary>
    Hour,

    /// <summary>From midnight to midnight.</summary>
    Day,

    /// <summary>From the first of a month to the first of the next.</summary>
    Month,

    /// <summary>For ever.</summary>
    Total,
}

/// <summary>Where windows begin and end.</summary>
internal static class SpendWindows
{
    /// <summary>Every window, shortest first.</summary>
    public static ReadOnlySpan<SpendWindow> All => [SpendWindow.Hour, SpendWindow.Day, SpendWindow.Month, SpendWindow.Total];

    /// <summary>When the window that holds a moment began, in Unix milliseconds; 0 for <see cref="SpendWindow.Total"/>.</summary>
    public static long StartMs(this SpendWindow window, DateTimeOffset at) => window switch
    {
        SpendWindow.Hour => at.ToUnixTimeMilliseconds() / 3_600_000 * 3_600_000,
        SpendWindow.Day => at.ToUnixTimeMilliseconds() / 86_400_000 * 86_400_000,
        SpendWindow.Month => MonthOf(at).ToUnixTimeMilliseconds(),
        _ => 0,
    };

    /// <summary>When the window that holds a moment ends; null for <see cref="SpendWindow.Total"/>.</summary>
    public static DateTimeOffset? End(this SpendWindow window, DateTimeOffset at) => window switch
    {
        SpendWindow.Hour => DateTimeOffset.FromUnixTimeMilliseconds(window.StartMs(at)).AddHours(1),
        SpendWindow.Day => DateTimeOffset.FromUnixTimeMilliseconds(window.StartMs(at)).AddDays(1),
        SpendWindow.Month => MonthOf(at).AddMonths(1),
        _ => null,
    };

    private static DateTimeOffset MonthOf(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return new(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
