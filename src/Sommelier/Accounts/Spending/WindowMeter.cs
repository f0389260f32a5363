using System.Runtime.InteropServices;

namespace Sommelier.Accounts.Spending;

/// <summary>What was spent in one window, and what is held for requests that run. Not safe for several threads: its owner locks.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct WindowMeter(long startMs)
{
    /// <summary>When the window began, in Unix milliseconds.</summary>
    public long StartMs { get; } = startMs;

    /// <summary>Money spent, in nano-USD.</summary>
    public long NanoUsd { get; private set; }

    /// <summary>Tokens spent.</summary>
    public long Tokens { get; private set; }

    /// <summary>Money held, in nano-USD.</summary>
    public long HeldNanoUsd { get; private set; }

    /// <summary>Tokens held.</summary>
    public long HeldTokens { get; private set; }

    /// <summary>Holds money and tokens.</summary>
    public void Hold(long nanoUsd, long tokens)
    {
        HeldNanoUsd += nanoUsd;
        HeldTokens += tokens;
    }

    /// <summary>Gives back what was held, and counts what was spent.</summary>
    public void Settle(long heldNanoUsd, long heldTokens, long nanoUsd, long tokens)
    {
        HeldNanoUsd -= heldNanoUsd;
        HeldTokens -= heldTokens;
        NanoUsd += nanoUsd;
        Tokens += tokens;
    }

    /// <summary>Raises what was spent to what the ledger says: it may lag behind, and never lies.</summary>
    public void Raise(long nanoUsd, long tokens)
    {
        NanoUsd = Math.Max(NanoUsd, nanoUsd);
        Tokens = Math.Max(Tokens, tokens);
    }
}
