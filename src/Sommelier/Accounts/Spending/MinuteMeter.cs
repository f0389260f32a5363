using System.Runtime.InteropServices;

namespace Sommelier.Accounts.Spending;

/// <summary>How much was used within the last minute.</summary>
/// <remarks>
/// Two calendar minutes: the running one, and the one before by the share of it that lies within the last sixty seconds.
/// Exact when use is even; never more than twice the limit within any minute. Not safe for several threads: its owner locks.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct MinuteMeter
{
    private const long MinuteMs = 60_000;

    private long minute;
    private long current;
    private long before;

    /// <summary>What counts as used at a moment.</summary>
    public long Used(long nowMs)
    {
        Turn(nowMs);
        var within = MinuteMs - (nowMs % MinuteMs);
        return current + ((before * within) / MinuteMs);
    }

    /// <summary>Adds use to the minute of a moment, the running one or the one before; a negative amount takes back what was counted too much. What is longer ago is over.</summary>
    public void Add(long atMs, long amount)
    {
        Turn(atMs);
        switch (minute - (atMs / MinuteMs))
        {
            case 0:
                current = Math.Max(0, current + amount);
                break;
            case 1:
                before = Math.Max(0, before + amount);
                break;
        }
    }

    /// <summary>How long until there is room for so much, when nothing else comes.</summary>
    public TimeSpan RoomIn(long nowMs, long limit, long amount)
    {
        Turn(nowMs);
        return RoomIn(current, before, nowMs, limit, amount);
    }

    /// <summary>The same of counts that stand elsewhere.</summary>
    public static TimeSpan RoomIn(long current, long before, long nowMs, long limit, long amount)
    {
        var intoMinute = nowMs % MinuteMs;
        if (current + amount <= limit && before > 0)
        {
            // The minute before must fade to what the limit leaves.
            var bearable = Math.Max(0, limit - amount - current);
            return TimeSpan.FromMilliseconds(Math.Max(1, MinuteMs - intoMinute - (bearable * MinuteMs / before)));
        }

        if (amount > limit || current == 0)
        {
            return TimeSpan.FromMilliseconds(MinuteMs - intoMinute);
        }

        // The running minute becomes the one before, and must then fade in the same way.
        var left = Math.Max(0, limit - amount);
        return TimeSpan.FromMilliseconds(MinuteMs - intoMinute + Math.Max(1, MinuteMs - (left * MinuteMs / current)));
    }

    /// <summary>How a limit stands at a moment.</summary>
    public MinuteAllowance Allowance(long nowMs, long limit)
    {
        Turn(nowMs);
        return Allowance(current, before, nowMs, limit);
    }

    /// <summary>The same of counts that stand elsewhere.</summary>
    public static MinuteAllowance Allowance(long current, long before, long nowMs, long limit)
    {
        var within = MinuteMs - (nowMs % MinuteMs);
        var used = current + ((before * within) / MinuteMs);
        return new(limit, Math.Max(0, limit - used), TimeSpan.FromMilliseconds(current > 0 ? within + MinuteMs : before > 0 ? within : 0));
    }

    private void Turn(long nowMs)
    {
        var now = nowMs / MinuteMs;
        if (now <= minute)
        {
            return;
        }

        before = now == minute + 1 ? current : 0;
        current = 0;
        minute = now;
    }
}
