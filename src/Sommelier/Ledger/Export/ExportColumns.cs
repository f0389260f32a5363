using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Parquet;

namespace Sommelier.Ledger.Export;

/// <summary>A column of an export with a row per request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Value">Its value: a string, long, double, bool, or a moment, as the kind says; null for none. Money in nano-USD.</param>
internal sealed record ExportColumn(string Name, ColumnKind Kind, Func<LedgerEntry, LedgerSums, object?> Value);

/// <summary>The columns of such exports, in their order.</summary>
internal static class ExportColumns
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExportColumn> All { get; } =
    [
        Text("request_id", static entry => entry.RequestId),
        new("started_at", ColumnKind.Moment, static (entry, _) => entry.StartedAt),
        Milliseconds("duration_ms", static entry => entry.Duration),
        Text("format", static entry => entry.InboundFormat),
        Text("endpoint", static entry => entry.Endpoint),
        Text("caller", static entry => entry.CallerKeyId),
        Text("team", static entry => entry.TeamId),
        Text("organisation", static entry => entry.OrganisationId),
        Text("model_asked", static entry => entry.OriginalModel),
        Text("model_answered", static entry => entry.Outcome is LedgerOutcome.Failed or LedgerOutcome.Unknown ? null : entry.DeploymentId),
        new("api_key_number", ColumnKind.Integer, static (entry, _) => (long?)entry.Attempts.LastOrDefault(static attempt => attempt.OutputCommitted)?.ApiKeyNumber),
        Text("policy", static entry => entry.Policy),
        Text("intent", static entry => entry.Intent?.Name()),
        Text("reason", static entry => entry.Reason),
        new("streamed", ColumnKind.Boolean, static (entry, _) => entry.Streamed),
        new("simulated", ColumnKind.Boolean, static (entry, _) => entry.Simulated),
        Text("outcome", static entry => EnumNames<LedgerOutcome>.Of(entry.Outcome)),
        new("status", ColumnKind.Integer, static (entry, _) => (long)entry.Status),
        Text("error", static entry => entry.Error is { } error ? EnumNames<GatewayErrorKind>.Of(error) : null),
        Text("finish_reason", static entry => entry.FinishReason is { } finish ? EnumNames<FinishReasonKind>.Of(finish.Kind) : null),
        Milliseconds("time_to_first_chunk_ms", static entry => entry.TimeToFirstChunk),
        Milliseconds("overhead_ms", static entry => entry.Overhead),
        new("attempts", ColumnKind.Integer, static (entry, _) => (long)entry.Attempts.Count),
        Sum("input_tokens", static sums => sums.InputTokens),
        Sum("cache_read_input_tokens", static sums => sums.CacheReadInputTokens),
        Sum("cache_creation_input_tokens", static sums => sums.CacheCreationInputTokens),
        Sum("input_audio_tokens", static sums => sums.InputAudioTokens),
        Sum("output_tokens", static sums => sums.OutputTokens),
        Sum("reasoning_output_tokens", static sums => sums.ReasoningOutputTokens),
        Sum("output_audio_tokens", static sums => sums.OutputAudioTokens),
        new("web_searches", ColumnKind.Integer, static (entry, _) => entry.Attempts.Sum(static attempt => attempt.Usage?.WebSearches ?? 0)),
        Text("service_tier", static entry => entry.Attempts.LastOrDefault(static attempt => attempt.Usage is not null)?.Usage?.ServiceTier),
        Text("warnings", static entry => string.Join(' ', entry.Warnings.Select(static warning => $"{warning.Code}:{warning.Field}"))),
        new("cost_usd", ColumnKind.NanoUsd, static (_, sums) => sums.CostNanoUsd),
        new("estimated_cost_usd", ColumnKind.NanoUsd, static (_, sums) => sums.EstimatedCostNanoUsd),
        Text("tags", static entry => string.Join(' ', entry.Tags)),
    ];

    /// <summary>Adds a value to a row of CSV.</summary>
    public static void Add(CsvRow row, ColumnKind kind, object? value)
    {
        switch (kind, value)
        {
            case (ColumnKind.Moment, DateTimeOffset moment):
                row.Add(EntryJson.Moment(moment));
                break;
            case (ColumnKind.NanoUsd, long nanoUsd):
                row.Add<decimal>(NanoUsd.ToUsd(nanoUsd));
                break;
            case (_, long number):
                row.Add<long>(number);
                break;
            case (_, double number):
                row.Add<double>(number);
                break;
            case (_, bool flag):
                row.Add(flag);
                break;
            default:
                row.Add((string?)value);
                break;
        }
    }

    private static ExportColumn Text(string name, Func<LedgerEntry, string?> value) => new(name, ColumnKind.Text, (entry, _) => value(entry));

    private static ExportColumn Milliseconds(string name, Func<LedgerEntry, TimeSpan?> value) =>
        new(name, ColumnKind.Fraction, (entry, _) => value(entry) is { } time ? EntryJson.Milliseconds(time) : null);

    private static ExportColumn Sum(string name, Func<LedgerSums, long> value) => new(name, ColumnKind.Integer, (_, sums) => value(sums));
}
