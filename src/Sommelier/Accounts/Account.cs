namespace Sommelier.Accounts;

/// <summary>An organisation, a team or a key: somebody whose spending is counted.</summary>
internal record Account
{
    /// <summary>Its id for ever: <c>org_…</c>, <c>team_…</c> or <c>key_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Which of the three.</summary>
    public required AccountKind Kind { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The account above: a key's team, a team's organisation; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>What it may use.</summary>
    public AccountLimits Limits { get; init; } = AccountLimits.None;

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when nothing below it may call any more: a revoked key, a closed team; null while open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}
