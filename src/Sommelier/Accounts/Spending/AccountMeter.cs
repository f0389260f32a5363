using Sommelier.Ledger;

namespace Sommelier.Accounts.Spending;

/// <summary>What one account has used and holds. Not safe for several threads: its owner locks.</summary>
internal sealed class AccountMeter
{
    private readonly WindowMeter[] windows = new WindowMeter[SpendWindows.All.Length];
    private MinuteMeter requests;
    private MinuteMeter tokens;

    /// <summary>The window of a budget, at a moment.</summary>
    public ref WindowMeter Window(SpendWindow window, DateTimeOffset now)
    {
        ref var meter = ref windows[(int)window];
        meter.Turn(window.StartMs(now));
        return ref meter;
    }

    /// <summary>Requests of the last minute.</summary>
    public ref MinuteMeter Requests => ref requests;

    /// <summary>Tokens of the last minute.</summary>
    public ref MinuteMeter MinuteTokens => ref tokens;

    /// <summary>Holds in every window: a budget that is added while requests run finds them counted.</summary>
    public void Hold(DateTimeOffset now, long nanoUsd, long heldTokens)
    {
        foreach (var window in SpendWindows.All)
        {
            Window(window, now).Hold(nanoUsd, heldTokens);
        }
    }

    /// <summary>Settles in the windows of the moment at which it was held.</summary>
    public void Settle(DateTimeOffset heldAt, DateTimeOffset now, long heldNanoUsd, long heldTokens, long nanoUsd, long usedTokens)
    {
        foreach (var window in SpendWindows.All)
        {
            Window(window, now).Settle(window.StartMs(heldAt), heldNanoUsd, heldTokens, nanoUsd, usedTokens);
        }
    }
}
