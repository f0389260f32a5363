using System.Globalization;
using System.Text;

namespace Sommelier.Ledger.Storage;

/// <summary>Every statement of the ledger, for both databases. Columns stand in the order in which the rows are bound and read.</summary>
/// <remarks>What is written again and again binds by position; <see cref="Positional"/> gives it PostgreSQL's marks.</remarks>
internal static class LedgerSql
{
    private const string EntryColumns =
        "request_id, started_at_ms, duration_us, inbound_format, endpoint, caller_key_id, original_model, policy, policy_version, catalog_version, "
        + "intent, intent_confidence, abstained, reason, deployment_id, streamed, outcome, status, error, finish_reason, finish_reason_raw, "
        + "time_to_first_chunk_us, overhead_us, conversation_id, simulated, tags, warnings, attempt_count, input_tokens, cache_read_input_tokens, "
        + "cache_creation_input_tokens, output_tokens, reasoning_output_tokens, cost_nano_usd, estimated_cost_nano_usd, estimated, team_id, organisation_id, "
        + "input_audio_tokens, output_audio_tokens";

    private const string AttemptColumns =
        "request_id, number, deployment_id, request_model, response_model, started_at_ms, duration_us, time_to_first_chunk_us, outcome, output_committed, "
        + "failure, failure_status, failure_code, failure_parameter, retry_after_ms, finish_reason, finish_reason_raw, input_tokens, cache_read_input_tokens, "
        + "cache_creation_input_tokens, cache_creation_1h_input_tokens, output_tokens, reasoning_output_tokens, estimated, cost_nano_usd, "
        + "input_audio_tokens, cache_read_input_audio_tokens, output_audio_tokens, service_tier, inference_geo, web_searches, api_key_number, purpose";

    public const string InsertEntry =
        "INSERT INTO ledger_entries (" + EntryColumns + ") VALUES "
        + "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING";

    public const string InsertAttempt =
        "INSERT INTO ledger_attempts (" + AttemptColumns + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING";

    public const string InsertDecision = "INSERT INTO ledger_decisions (request_id, record) VALUES (?,?) ON CONFLICT DO NOTHING";

    public const string AddSpend =
        """
        INSERT INTO ledger_spend (account_id, window_name, window_start_ms, requests, tokens, cost_nano_usd, estimated_cost_nano_usd) VALUES (?,?,?,?,?,?,?)
        ON CONFLICT (account_id, window_name, window_start_ms) DO UPDATE SET requests = ledger_spend.requests + excluded.requests,
          tokens = ledger_spend.tokens + excluded.tokens, cost_nano_usd = ledger_spend.cost_nano_usd + excluded.cost_nano_usd,
          estimated_cost_nano_usd = ledger_spend.estimated_cost_nano_usd + excluded.estimated_cost_nano_usd
        """;

    public const string GetSpend =
        "SELECT requests, tokens, cost_nano_usd, estimated_cost_nano_usd FROM ledger_spend "
        + "WHERE account_id = @account AND window_name = @window AND window_start_ms = @start";

    public const string GetEntry = "SELECT " + EntryColumns + " FROM ledger_entries WHERE request_id = @id";

    public const string GetAttempts = "SELECT " + AttemptColumns + " FROM ledger_attempts WHERE request_id = @id ORDER BY number";

    /// <summary>The entries of a page; <see cref="PageSql"/> says which.</summary>
    public const string GetEntries = "SELECT " + EntryColumns + " FROM ledger_entries";

    /// <summary>The attempts of a page; <see cref="PageSql"/> says of which entries.</summary>
    public const string GetAttemptsOf = "SELECT " + AttemptColumns + " FROM ledger_attempts";

    public const string GetDecision = "SELECT record FROM ledger_decisions WHERE request_id = @id";

    // Days are those of the request, so that an attempt after midnight is counted where its entry is.
    public const string GetTotals =
        """
        SELECT e.started_at_ms / 86400000 AS day, a.deployment_id, COUNT(*), CAST(SUM(COALESCE(a.input_tokens, 0)) AS BIGINT),
          CAST(SUM(COALESCE(a.output_tokens, 0)) AS BIGINT), CAST(SUM(a.cost_nano_usd) AS BIGINT),
          CAST(SUM(CASE WHEN a.estimated = 1 THEN a.cost_nano_usd ELSE 0 END) AS BIGINT)
        FROM ledger_entries e JOIN ledger_attempts a ON a.request_id = e.request_id
        WHERE e.request_id >= @from AND e.request_id < @to
        GROUP BY day, a.deployment_id
        ORDER BY day, a.deployment_id
        """;

    // Bounds a purge's transaction: the id of the last row of the next chunk.
    public const string GetPurgeChunk =
        "SELECT MAX(request_id) FROM (SELECT request_id FROM ledger_entries WHERE request_id < @before ORDER BY request_id LIMIT @count) AS oldest";

    public const string DeleteEntries = "DELETE FROM ledger_entries WHERE request_id <= @last";

    public const string DeleteAttempts = "DELETE FROM ledger_attempts WHERE request_id <= @last";

    public const string DeleteDecisions = "DELETE FROM ledger_decisions WHERE request_id <= @last";

    /// <summary>A statement with <c>$1</c>, <c>$2</c> … for its question marks.</summary>
    public static string Positional(string sql)
    {
        var text = new StringBuilder(sql.Length + 64);
        var number = 0;
        foreach (var c in sql)
        {
            if (c == '?')
            {
                text.Append(CultureInfo.InvariantCulture, $"${++number}");
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }
}
