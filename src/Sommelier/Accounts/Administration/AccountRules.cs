using Sommelier.Canonical;
using Sommelier.Ledger;

namespace Sommelier.Accounts.Administration;

/// <summary>What must hold of an account before it is stored.</summary>
internal static class AccountRules
{
    private const int LongestName = 200;
    private const int LongestList = 200;

    /// <summary>What a key may be limited to.</summary>
    public static IReadOnlyList<string> Scopes { get; } = ["chat", "embeddings", "models"];

    /// <summary>Checks an account against the others.</summary>
    /// <exception cref="AccountException">Something does not hold.</exception>
    public static void Check(Account account, AccountDirectory others, DateTimeOffset now)
    {
        if (!IsName(account.Name))
        {
            throw new AccountException("name", $"name must have 1 to {LongestName} characters, and no control characters.");
        }

        Parent(account, others);
        Limits(account.Limits);
        if (account is KeyAccount key)
        {
            Key(key, now);
        }
    }

    private static void Parent(Account account, AccountDirectory others)
    {
        if (account.ParentId is not { } id)
        {
            if (account.Kind == AccountKind.Team)
            {
                throw new AccountException("organisation_id", "A team needs an organisation: set organisation_id.");
            }

            return;
        }

        var (field, kinds) = account.Kind switch
        {
            AccountKind.Key => ("parent_id", "a team or an organisation"),
            AccountKind.Team => ("organisation_id", "an organisation"),
            _ => throw new AccountException("parent_id", "An organisation stands below no other account."),
        };
        var parent = others.Find(id);
        if (parent is null || parent.Kind >= account.Kind)
        {
            throw new AccountException(field, $"{field} must be the id of {kinds}; '{id}' is none.");
        }

        if (parent.ClosedAt is not null && account.ClosedAt is null)
        {
            throw new AccountException(field, $"{parent.Name} ({id}) is closed.");
        }
    }

    private static void Limits(AccountLimits limits)
    {
        if (limits.RequestsPerMinute is <= 0)
        {
            throw new AccountException("requests_per_minute", "requests_per_minute must be 1 or more; leave it out for no limit.");
        }

        if (limits.TokensPerMinute is <= 0)
        {
            throw new AccountException("tokens_per_minute", "tokens_per_minute must be 1 or more; leave it out for no limit.");
        }

        var seen = new HashSet<SpendWindow>();
        foreach (var budget in limits.Budgets)
        {
            if (!seen.Add(budget.Window))
            {
                throw new AccountException("budgets", $"There are two budgets per {EnumNames<SpendWindow>.Of(budget.Window)}; put usd and tokens into one.");
            }

            if (budget is { NanoUsd: null, Tokens: null })
            {
                throw new AccountException("budgets", "A budget needs usd, tokens or both.");
            }

            if (budget.NanoUsd < 0 || budget.Tokens < 0)
            {
                throw new AccountException("budgets", "A budget cannot be negative.");
            }
        }
    }

    private static void Key(KeyAccount key, DateTimeOffset now)
    {
        if (key.ExpiresAt <= now && key.ClosedAt is null)
        {
            throw new AccountException("expires_at", "expires_at must lie in the future; revoke the key to end it now.");
        }

        if (key.Role != KeyRole.Caller && (key.ParentId is not null || !key.Limits.IsNone || key.Models.Count + key.Policies.Count + key.Scopes.Count > 0))
        {
            throw new AccountException("role", $"A key with the role {EnumNames<KeyRole>.Of(key.Role)} opens /admin only: it has no parent, limits, models, policies or scopes.");
        }

        List("models", key.Models);
        List("policies", key.Policies);
        List("scopes", key.Scopes);
        if (key.Scopes.FirstOrDefault(scope => !Scopes.Contains(scope, StringComparer.Ordinal)) is { } unknown)
        {
            throw new AccountException("scopes", $"There is no scope '{unknown}'. Scopes: {string.Join(", ", Scopes)}.");
        }
    }

    private static void List(string field, IReadOnlyList<string> list)
    {
        if (list.Count > LongestList || !list.All(IsName))
        {
            throw new AccountException(field, $"{field} takes up to {LongestList} names of 1 to {LongestName} characters, and no control characters.");
        }
    }

    // A line end would tear the lists and tables that names stand in, and PostgreSQL takes no text with a NUL.
    private static bool IsName(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= LongestName && !text.Any(char.IsControl);
}
