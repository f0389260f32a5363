namespace Sommelier.Accounts.Spending;

/// <summary>What is held back for one request until its true cost is known. Belongs to the gate that gave it.</summary>
internal sealed class SpendHold
{
    /// <summary>Who pays: the accounts with limits, from the key upwards.</summary>
    public required IReadOnlyList<Account> Accounts { get; init; }

    /// <summary>Whether any of them has a budget, not only limits per minute.</summary>
    public bool HasBudgets => Accounts.Any(static account => account.Limits.Budgets.Count > 0);

    /// <summary>When the request began: it counts in the windows of this moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was taken: it counts in this minute.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Money held, in nano-USD.</summary>
    public required long NanoUsd { get; set; }

    /// <summary>Tokens held for budgets.</summary>
    public required long Tokens { get; set; }

    /// <summary>Tokens counted for limits per minute.</summary>
    public required long MinuteTokens { get; init; }

    /// <summary>Of the money held, in nano-USD, what is held for calls that are over: another call was held for after them.</summary>
    public long OverNanoUsd { get; set; }

    /// <summary>Of the tokens held, those of calls that are over.</summary>
    public long OverTokens { get; set; }

    /// <summary>How the limits per minute stand, this request counted.</summary>
    public MinuteAllowances Minute { get; init; }

    /// <summary>The most output tokens that the budgets afford, where that is less than the model's own limit and the caller sent none; else null.</summary>
    public long? OutputCap { get; init; }
}
