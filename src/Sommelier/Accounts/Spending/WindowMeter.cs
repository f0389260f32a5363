using System.Runtime.InteropServices;

namespace Sommelier.Accounts.Spending;

/// <summary>What was spent in one window, and what is held for requests that run. Not safe for several threads: its owner locks.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct WindowMeter
{
    private long startMs;

    /// <summary>Money spent, in nano-USD.</summary>
    public long NanoUsd { get; private set; }

    /// <summary>Tokens spent.</summary>
    public long Tokens { get; private set; }

    /// <summary>Money held, in nano-USD.</summary>
    public long HeldNanoUsd { get; private set; }

    /// <summary>Tokens held.</summary>
    public long HeldTokens { get; private set; }

    /// <summary>A new window begins with nothing spent and nothing held: what runs from before is settled in its own.</summary>
    public void Turn(long windowStartMs)
    {
        if (windowStartMs > startMs)
        {
            this = new() { startMs = windowStartMs };
        }
    }

    /// <summary>Holds money and tokens.</summary>
    public void Hold(long nanoUsd, long tokens)
    {
        HeldNanoUsd += nanoUsd;
        HeldTokens += tokens;
    }

    /// <summary>Gives back what was held in the window that began then, if it still runs, and counts what was spent in it.</summary>
    public void Settle(long windowStartMs, long heldNanoUsd, long heldTokens, long nanoUsd, long tokens)
    {
        if (windowStartMs != startMs)
        {
            return;
        }

        HeldNanoUsd -= heldNanoUsd;
        HeldTokens -= heldTokens;
        NanoUsd += nanoUsd;
        Tokens += tokens;
    }

    /// <summary>Raises what was spent to what the ledger says: it may lag behind, and never lies.</summary>
    public void Raise(long windowStartMs, long nanoUsd, long tokens)
    {
        Turn(windowStartMs);
        if (windowStartMs == startMs)
        {
            NanoUsd = Math.Max(NanoUsd, nanoUsd);
            Tokens = Math.Max(Tokens, tokens);
        }
    }
}
