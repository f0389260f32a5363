using Sommelier.Storage;

namespace Sommelier.Ledger.Storage;

/// <summary>The ledger's tables, as steps that are only ever added to: step n brings version n - 1 to version n.</summary>
internal static class LedgerSchema
{
    /// <summary>The name that the version is kept under.</summary>
    public const string Component = "ledger";

    /// <summary>The steps of a database, oldest first.</summary>
    public static IReadOnlyList<string> Steps(SqlDialect dialect) =>
    [
        // Ids begin with the time, so the primary keys are the time index too, and rows are appended at the end.
        """
        CREATE TABLE ledger_entries (
          request_id TEXT NOT NULL PRIMARY KEY,
          started_at_ms INTEGER NOT NULL,
          duration_us INTEGER NOT NULL,
          inbound_format TEXT NOT NULL,
          endpoint TEXT NOT NULL,
          caller_key_id TEXT,
          original_model TEXT NOT NULL,
          policy TEXT,
          policy_version TEXT,
          catalog_version TEXT,
          intent TEXT,
          intent_confidence REAL,
          abstained INTEGER NOT NULL,
          reason TEXT,
          deployment_id TEXT,
          streamed INTEGER NOT NULL,
          outcome TEXT NOT NULL,
          status INTEGER NOT NULL,
          error TEXT,
          finish_reason TEXT,
          finish_reason_raw TEXT,
          time_to_first_chunk_us INTEGER,
          overhead_us INTEGER NOT NULL,
          conversation_id TEXT,
          simulated INTEGER NOT NULL,
          tags TEXT,
          warnings TEXT,
          attempt_count INTEGER NOT NULL,
          input_tokens INTEGER NOT NULL,
          cache_read_input_tokens INTEGER NOT NULL,
          cache_creation_input_tokens INTEGER NOT NULL,
          output_tokens INTEGER NOT NULL,
          reasoning_output_tokens INTEGER NOT NULL,
          cost_nano_usd INTEGER NOT NULL,
          estimated_cost_nano_usd INTEGER NOT NULL,
          estimated INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE ledger_attempts (
          request_id TEXT NOT NULL,
          number INTEGER NOT NULL,
          deployment_id TEXT NOT NULL,
          request_model TEXT NOT NULL,
          response_model TEXT,
          started_at_ms INTEGER NOT NULL,
          duration_us INTEGER NOT NULL,
          time_to_first_chunk_us INTEGER,
          outcome TEXT NOT NULL,
          output_committed INTEGER NOT NULL,
          failure TEXT,
          failure_status INTEGER,
          failure_code TEXT,
          failure_parameter TEXT,
          retry_after_ms INTEGER,
          finish_reason TEXT,
          finish_reason_raw TEXT,
          input_tokens INTEGER,
          cache_read_input_tokens INTEGER,
          cache_creation_input_tokens INTEGER,
          cache_creation_1h_input_tokens INTEGER,
          output_tokens INTEGER,
          reasoning_output_tokens INTEGER,
          estimated INTEGER NOT NULL,
          cost_nano_usd INTEGER NOT NULL,
          PRIMARY KEY (request_id, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE ledger_decisions (
          request_id TEXT NOT NULL PRIMARY KEY,
          record BLOB NOT NULL
        ) STRICT;
        """,

        // What every account has spent, kept while entries go after their retention: budgets are counted from it.
        """
        ALTER TABLE ledger_entries ADD COLUMN team_id TEXT;
        ALTER TABLE ledger_entries ADD COLUMN organisation_id TEXT;

        CREATE TABLE ledger_spend (
          account_id TEXT NOT NULL,
          window_name TEXT NOT NULL,
          window_start_ms INTEGER NOT NULL,
          requests INTEGER NOT NULL,
          tokens INTEGER NOT NULL,
          cost_nano_usd INTEGER NOT NULL,
          estimated_cost_nano_usd INTEGER NOT NULL,
          PRIMARY KEY (account_id, window_name, window_start_ms)
        ) STRICT, WITHOUT ROWID;
        """ + (dialect == SqlDialect.Sqlite ? SumsOfBefore : ""),

        // Audio is priced apart. Of what was recorded before nobody knows how much it was.
        """
        ALTER TABLE ledger_entries ADD COLUMN input_audio_tokens INTEGER;
        ALTER TABLE ledger_entries ADD COLUMN output_audio_tokens INTEGER;
        ALTER TABLE ledger_attempts ADD COLUMN input_audio_tokens INTEGER;
        ALTER TABLE ledger_attempts ADD COLUMN cache_read_input_audio_tokens INTEGER;
        ALTER TABLE ledger_attempts ADD COLUMN output_audio_tokens INTEGER;
        """,

        // What changes the price of a call beside its tokens. Nobody knows it of what was recorded before.
        """
        ALTER TABLE ledger_attempts ADD COLUMN service_tier TEXT;
        ALTER TABLE ledger_attempts ADD COLUMN inference_geo TEXT;
        ALTER TABLE ledger_attempts ADD COLUMN web_searches INTEGER;
        """,

        // Of what was recorded before nobody knows which of several keys it showed.
        "ALTER TABLE ledger_attempts ADD COLUMN api_key_number INTEGER;",

        // What a call was for; null for the answer, as all were before.
        "ALTER TABLE ledger_attempts ADD COLUMN purpose TEXT;",
    ];

    // No PostgreSQL had entries before sums were kept.
    private const string SumsOfBefore =
        """

        INSERT INTO ledger_spend
        SELECT caller_key_id, name, start, COUNT(*), SUM(tokens), SUM(cost), SUM(estimated)
        FROM (
          SELECT caller_key_id, input_tokens + output_tokens AS tokens, cost_nano_usd AS cost, estimated_cost_nano_usd AS estimated, name,
            CASE name
              WHEN 'hour' THEN started_at_ms / 3600000 * 3600000
              WHEN 'day' THEN started_at_ms / 86400000 * 86400000
              WHEN 'month' THEN CAST(strftime('%s', started_at_ms / 1000, 'unixepoch', 'start of month') AS INTEGER) * 1000
              ELSE 0 END AS start
          FROM ledger_entries, (SELECT 'hour' AS name UNION SELECT 'day' UNION SELECT 'month' UNION SELECT 'total')
          WHERE caller_key_id IS NOT NULL)
        GROUP BY caller_key_id, name, start;
        """;
}
