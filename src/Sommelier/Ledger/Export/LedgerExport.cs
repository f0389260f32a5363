using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Ledger.Export;

/// <summary>How entries are exported.</summary>
internal enum ExportFormat
{
    /// <summary>A row per request under a header, as RFC 4180 has it.</summary>
    Csv,

    /// <summary>A JSON object per request and line, attempts included.</summary>
    Jsonl,
}

/// <summary>Writes entries out, oldest first, a page at a time: memory does not grow with the ledger.</summary>
internal static class LedgerExport
{
    private const int PageSize = 500;
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Columns =
    [
        "request_id", "started_at", "duration_ms", "format", "endpoint", "caller", "team", "organisation", "model_asked", "model_answered", "policy",
        "intent", "reason", "streamed", "simulated", "outcome", "status", "error", "finish_reason", "time_to_first_chunk_ms", "overhead_ms", "attempts",
        "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "input_audio_tokens", "output_tokens", "reasoning_output_tokens",
        "output_audio_tokens", "web_searches", "service_tier", "warnings", "cost_usd", "estimated_cost_usd", "tags",
    ];

    /// <summary>Every entry of a span of time, oldest first.</summary>
    public static IAsyncEnumerable<LedgerEntry> ReadAsync(ILedgerQueries ledger, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        ReadAsync(ledger, new() { From = from, To = to, Limit = PageSize }, cancellationToken);

    /// <summary>Every entry that a filter lets through, oldest first.</summary>
    public static async IAsyncEnumerable<LedgerEntry> ReadAsync(
        ILedgerQueries ledger, LedgerFilter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        filter = filter with { OldestFirst = true, Limit = PageSize };
        while (true)
        {
            var page = await ledger.GetPageAsync(filter, cancellationToken);
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            filter = filter with { Behind = page[^1].RequestId };
        }
    }

    /// <summary>Writes entries.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> WriteAsync(IAsyncEnumerable<LedgerEntry> entries, ExportFormat format, TextWriter output)
    {
        var row = new CsvRow(output);
        if (format == ExportFormat.Csv)
        {
            foreach (var column in Columns)
            {
                row.Add(column);
            }

            row.End();
        }

        long count = 0;
        using var buffer = new MemoryStream();
        await foreach (var entry in entries)
        {
            count++;
            if (format == ExportFormat.Csv)
            {
                Write(row, entry);
                continue;
            }

            buffer.SetLength(0);
            await using (var json = new Utf8JsonWriter(buffer, Written))
            {
                EntryJson.Write(json, entry);
            }

            await output.WriteAsync(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n");
        }

        return count;
    }

    private static void Write(CsvRow row, LedgerEntry entry)
    {
        var sums = LedgerSums.Of(entry.Attempts);
        row.Add(entry.RequestId)
            .Add(EntryJson.Moment(entry.StartedAt))
            .Add<double>(EntryJson.Milliseconds(entry.Duration))
            .Add(entry.InboundFormat)
            .Add(entry.Endpoint)
            .Add(entry.CallerKeyId)
            .Add(entry.TeamId)
            .Add(entry.OrganisationId)
            .Add(entry.OriginalModel)
            .Add(entry.Outcome is LedgerOutcome.Failed or LedgerOutcome.Unknown ? null : entry.DeploymentId)
            .Add(entry.Policy)
            .Add(entry.Intent?.Name())
            .Add(entry.Reason)
            .Add(entry.Streamed)
            .Add(entry.Simulated)
            .Add(EnumNames<LedgerOutcome>.Of(entry.Outcome))
            .Add<int>(entry.Status)
            .Add(entry.Error is { } error ? EnumNames<GatewayErrorKind>.Of(error) : null)
            .Add(entry.FinishReason is { } finish ? EnumNames<FinishReasonKind>.Of(finish.Kind) : null)
            .Add(entry.TimeToFirstChunk is { } first ? EntryJson.Milliseconds(first) : (double?)null)
            .Add<double>(EntryJson.Milliseconds(entry.Overhead))
            .Add<int>(entry.Attempts.Count)
            .Add<long>(sums.InputTokens)
            .Add<long>(sums.CacheReadInputTokens)
            .Add<long>(sums.CacheCreationInputTokens)
            .Add<long>(sums.InputAudioTokens)
            .Add<long>(sums.OutputTokens)
            .Add<long>(sums.ReasoningOutputTokens)
            .Add<long>(sums.OutputAudioTokens)
            .Add<long>(entry.Attempts.Sum(static attempt => attempt.Usage?.WebSearches ?? 0))
            .Add(entry.Attempts.LastOrDefault(static attempt => attempt.Usage is not null)?.Usage?.ServiceTier)
            .Add(string.Join(' ', entry.Warnings.Select(static warning => $"{warning.Code}:{warning.Field}")))
            .Add<decimal>(NanoUsd.ToUsd(sums.CostNanoUsd))
            .Add<decimal>(NanoUsd.ToUsd(sums.EstimatedCostNanoUsd))
            .Add(string.Join(' ', entry.Tags))
            .End();
    }
}
