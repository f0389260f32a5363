namespace Sommelier.Accounts.Storage;

/// <summary>The tables of accounts, as steps that are only ever added to.</summary>
internal static class AccountSchema
{
    /// <summary>The name that the version is kept under.</summary>
    public const string Component = "accounts";

    /// <summary>The steps, oldest first, in the words of <see cref="Sommelier.Storage.SqlDialect"/>. Lists are lines of text; limits that are not set are NULL.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE accounts (
          id TEXT NOT NULL PRIMARY KEY,
          kind TEXT NOT NULL,
          name TEXT NOT NULL,
          parent_id TEXT,
          requests_per_minute BIGINT,
          tokens_per_minute BIGINT,
          created_at_ms BIGINT NOT NULL,
          closed_at_ms BIGINT,
          key_hash BLOB UNIQUE,
          key_prefix TEXT,
          role TEXT,
          expires_at_ms BIGINT,
          models TEXT NOT NULL,
          policies TEXT NOT NULL,
          scopes TEXT NOT NULL,
          no_bodies BIGINT NOT NULL
        );

        CREATE TABLE account_budgets (
          account_id TEXT NOT NULL,
          window_name TEXT NOT NULL,
          nano_usd BIGINT,
          tokens BIGINT,
          PRIMARY KEY (account_id, window_name)
        );

        CREATE TABLE account_version (id BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL);
        INSERT INTO account_version (id, version) VALUES (1, 0);

        CREATE TABLE audit_log (
          id TEXT NOT NULL PRIMARY KEY,
          at_ms BIGINT NOT NULL,
          actor TEXT NOT NULL,
          action TEXT NOT NULL,
          subject TEXT NOT NULL,
          detail TEXT NOT NULL
        );
        """,
    ];
}
