namespace Sommelier.Accounts.Spending;

/// <summary>Which limit a request ran into.</summary>
internal enum SpendLimit
{
    /// <summary>A budget in money.</summary>
    Money,

    /// <summary>A budget in tokens.</summary>
    Tokens,

    /// <summary>Requests per minute.</summary>
    RequestsPerMinute,

    /// <summary>Tokens per minute.</summary>
    TokensPerMinute,
}

/// <summary>Why a request may not be made.</summary>
/// <param name="Account">Whose limit it is.</param>
/// <param name="Limit">Which.</param>
/// <param name="Budget">The budget, where it is one.</param>
/// <param name="Left">What is left of it: nano-USD, tokens or requests.</param>
/// <param name="Needed">What the request needs at least.</param>
/// <param name="RetryAfter">When there will be more; null for never.</param>
/// <param name="Minute">How the limit per minute stands, where it is one.</param>
internal sealed record SpendRefusal(Account Account, SpendLimit Limit, Budget? Budget, long Left, long Needed, TimeSpan? RetryAfter, MinuteAllowances Minute = default);

/// <summary>A yes with what is held, or a no. Both null: nothing is limited.</summary>
/// <param name="Hold">To be settled.</param>
/// <param name="Refusal">Why not.</param>
internal readonly record struct SpendAnswer(SpendHold? Hold, SpendRefusal? Refusal);
