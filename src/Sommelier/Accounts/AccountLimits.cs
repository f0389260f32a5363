namespace Sommelier.Accounts;

/// <summary>What an account may use.</summary>
internal sealed record AccountLimits
{
    /// <summary>No limit at all.</summary>
    public static AccountLimits None { get; } = new();

    /// <summary>Budgets, at most one per window.</summary>
    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>Requests per minute; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens per minute, input and output together; null for no limit.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Whether nothing is limited.</summary>
    public bool IsNone => Budgets.Count == 0 && RequestsPerMinute is null && TokensPerMinute is null;
}
