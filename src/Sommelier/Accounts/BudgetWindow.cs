namespace Sommelier.Accounts;

/// <summary>How long a budget lasts before it is full again. Windows are those of the calendar, in UTC.</summary>
internal enum BudgetWindow
{
    /// <summary>From one full hour to the next.</summary>
    Hour,

    /// <summary>From midnight to midnight.</summary>
    Day,

    /// <summary>From the first of a month to the first of the next.</summary>
    Month,

    /// <summary>For ever: it is never full again.</summary>
    Total,
}

/// <summary>Where windows begin and end.</summary>
internal static class BudgetWindows
{
    /// <summary>Every window, shortest first.</summary>
    public static ReadOnlySpan<BudgetWindow> All => [BudgetWindow.Hour, BudgetWindow.Day, BudgetWindow.Month, BudgetWindow.Total];

    /// <summary>When the window that holds a moment began, in Unix milliseconds; 0 for <see cref="BudgetWindow.Total"/>.</summary>
    public static long StartMs(this BudgetWindow window, DateTimeOffset at) => window switch
    {
        BudgetWindow.Hour => at.ToUnixTimeMilliseconds() / 3_600_000 * 3_600_000,
        BudgetWindow.Day => at.ToUnixTimeMilliseconds() / 86_400_000 * 86_400_000,
        BudgetWindow.Month => MonthOf(at).ToUnixTimeMilliseconds(),
        _ => 0,
    };

    /// <summary>When the window that holds a moment ends; null for <see cref="BudgetWindow.Total"/>.</summary>
    public static DateTimeOffset? End(this BudgetWindow window, DateTimeOffset at) => window switch
    {
        BudgetWindow.Hour => DateTimeOffset.FromUnixTimeMilliseconds(window.StartMs(at)).AddHours(1),
        BudgetWindow.Day => DateTimeOffset.FromUnixTimeMilliseconds(window.StartMs(at)).AddDays(1),
        BudgetWindow.Month => MonthOf(at).AddMonths(1),
        _ => null,
    };

    private static DateTimeOffset MonthOf(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return new(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
