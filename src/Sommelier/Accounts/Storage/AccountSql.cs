namespace Sommelier.Accounts.Storage;

/// <summary>Every statement of the account store; each runs on both databases.</summary>
internal static class AccountSql
{
    private const string Columns =
        "id, kind, name, parent_id, requests_per_minute, tokens_per_minute, created_at_ms, closed_at_ms, key_hash, key_prefix, role, expires_at_ms, models, policies, scopes, no_bodies";

    public const string All = "SELECT " + Columns + " FROM accounts ORDER BY id";

    public const string Put =
        "INSERT INTO accounts (" + Columns + ") VALUES (@id, @kind, @name, @parent, @rpm, @tpm, @created, @closed, @hash, @prefix, @role, @expires, @models, @policies, @scopes, @bodies) "
        + "ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent_id = excluded.parent_id, requests_per_minute = excluded.requests_per_minute, "
        + "tokens_per_minute = excluded.tokens_per_minute, closed_at_ms = excluded.closed_at_ms, role = excluded.role, expires_at_ms = excluded.expires_at_ms, "
        + "models = excluded.models, policies = excluded.policies, scopes = excluded.scopes, no_bodies = excluded.no_bodies";

    public const string Budgets = "SELECT account_id, window_name, nano_usd, tokens FROM account_budgets";

    public const string ClearBudgets = "DELETE FROM account_budgets WHERE account_id = @id";

    public const string AddBudget = "INSERT INTO account_budgets (account_id, window_name, nano_usd, tokens) VALUES (@id, @window, @money, @tokens)";

    public const string Version = "SELECT version FROM account_version WHERE id = 1";

    public const string NextVersion = "UPDATE account_version SET version = version + 1 WHERE id = 1 AND version = @seen";

    public const string AddAudit = "INSERT INTO audit_log (id, at_ms, actor, action, subject, detail) VALUES (@id, @at, @actor, @action, @subject, @detail)";

    public const string Audit = "SELECT id, at_ms, actor, action, subject, detail FROM audit_log WHERE id < @after ORDER BY id DESC LIMIT @count";

    public const string DeleteRefusals = "DELETE FROM audit_log WHERE id < @before AND action LIKE '%.refused'";
}
