using Sommelier.Ledger;

namespace Sommelier.Accounts.Spending;

/// <summary>What one account has used and holds. Not safe for several threads: its owner locks.</summary>
/// <remarks>
/// Of each window the one before is kept too: a request counts in the window in which it began, and one that waited, for its body or for
/// another's answer, is held when others have begun the next.
/// </remarks>
internal sealed class AccountMeter
{
    private readonly WindowMeter[] windows = new WindowMeter[SpendWindows.All.Length];
    private readonly WindowMeter[] before = new WindowMeter[SpendWindows.All.Length];
    private WindowMeter gone;
    private MinuteMeter requests;
    private MinuteMeter tokens;

    /// <summary>The window of a budget that holds a moment. One that lies further back than the last but one is forgotten: it is empty.</summary>
    public ref WindowMeter Window(SpendWindow window, DateTimeOffset at)
    {
        var start = window.StartMs(at);
        ref var newest = ref windows[(int)window];
        ref var last = ref before[(int)window];
        if (start > newest.StartMs)
        {
            last = newest;
            newest = new(start);
        }

        if (start == newest.StartMs)
        {
            return ref newest;
        }

        if (start > last.StartMs)
        {
            last = new(start);
        }

        if (start == last.StartMs)
        {
            return ref last;
        }

        gone = new(start);
        return ref gone;
    }

    /// <summary>Requests of the last minute.</summary>
    public ref MinuteMeter Requests => ref requests;

    /// <summary>Tokens of the last minute.</summary>
    public ref MinuteMeter MinuteTokens => ref tokens;

    /// <summary>Holds in every window: a budget that is added while requests run finds them counted.</summary>
    public void Hold(DateTimeOffset at, long nanoUsd, long heldTokens)
    {
        foreach (var window in SpendWindows.All)
        {
            Window(window, at).Hold(nanoUsd, heldTokens);
        }
    }

    /// <summary>Settles in the windows of the moment at which it was held.</summary>
    public void Settle(DateTimeOffset heldAt, long heldNanoUsd, long heldTokens, long nanoUsd, long usedTokens)
    {
        foreach (var window in SpendWindows.All)
        {
            Window(window, heldAt).Settle(heldNanoUsd, heldTokens, nanoUsd, usedTokens);
        }
    }
}
