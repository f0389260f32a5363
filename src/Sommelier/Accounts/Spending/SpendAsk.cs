namespace Sommelier.Accounts.Spending;

/// <summary>What a request may come to use, at the dearest of its candidates.</summary>
internal readonly record struct SpendAsk
{
    /// <summary>Input tokens, estimated.</summary>
    public required long InputTokens { get; init; }

    /// <summary>What the input costs at most, and searches of the web with it, in nano-USD.</summary>
    public required long InputNanoUsd { get; init; }

    /// <summary>What a token of output costs at most, in nano-USD.</summary>
    public required decimal OutputNanoUsdPerToken { get; init; }

    /// <summary>The output limit that the caller sent; null for none.</summary>
    public long? AskedOutputTokens { get; init; }

    /// <summary>The largest output that any candidate can give.</summary>
    public required long MaxOutputTokens { get; init; }

    /// <summary>Output tokens that are expected, for limits per minute.</summary>
    public long ExpectedOutputTokens { get; init; }

    /// <summary>Whether it is a call beside a request, which is no request against limits per minute. There must be room for one all the same: the request itself comes next.</summary>
    public bool IsAside { get; init; }

    /// <summary>What so much output costs, all included, in nano-USD, rounded up.</summary>
    public long CostOf(long outputTokens) => InputNanoUsd + (long)Math.Ceiling(Math.Min(long.MaxValue / 4, outputTokens * OutputNanoUsdPerToken));
}
