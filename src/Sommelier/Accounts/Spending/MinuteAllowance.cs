using System.Runtime.InteropServices;

namespace Sommelier.Accounts.Spending;

/// <summary>How a caller stands with one limit per minute: that of its key, team or organisation of which least is left.</summary>
/// <param name="Limit">Requests or tokens per minute.</param>
/// <param name="Remaining">What is left of it now, 0 or more.</param>
/// <param name="Reset">When all of it is there again, if nothing else comes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MinuteAllowance(long Limit, long Remaining, TimeSpan Reset)
{
    /// <summary>The tighter of two.</summary>
    public static MinuteAllowance Tighter(MinuteAllowance? known, MinuteAllowance other) =>
        known is { } one && one.Remaining <= other.Remaining ? one : other;
}

/// <summary>How a caller stands with its limits per minute; null for those that it does not have.</summary>
/// <param name="Requests">Requests per minute.</param>
/// <param name="Tokens">Tokens per minute.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MinuteAllowances(MinuteAllowance? Requests, MinuteAllowance? Tokens)
{
    /// <summary>With one more limit looked at.</summary>
    public MinuteAllowances With(bool requests, MinuteAllowance one) => requests
        ? this with { Requests = MinuteAllowance.Tighter(Requests, one) }
        : this with { Tokens = MinuteAllowance.Tighter(Tokens, one) };
}
