using System.Data.Common;
using Sommelier.Canonical;

namespace Sommelier.Ledger.Storage;

/// <summary>An entry as a row, in the order of the columns in <see cref="LedgerSql"/>.</summary>
internal static class EntryRow
{
    public static void Bind(IRow row, LedgerEntry entry, in LedgerSums sums, JsonColumns json)
    {
        row.Add(entry.RequestId)
            .Add(entry.StartedAt.ToUnixTimeMilliseconds())
            .Add(Microseconds.Of(entry.Duration))
            .Add(entry.InboundFormat)
            .Add(entry.Endpoint)
            .Add(entry.CallerKeyId)
            .Add(entry.OriginalModel)
            .Add(entry.Policy)
            .Add(entry.PolicyVersion)
            .Add(entry.CatalogVersion)
            .Add(entry.Intent?.Name())
            .Add(entry.IntentConfidence)
            .Add(entry.Abstained)
            .Add(entry.Reason)
            .Add(entry.DeploymentId)
            .Add(entry.Streamed)
            .Add(EnumNames<LedgerOutcome>.Of(entry.Outcome))
            .Add(entry.Status)
            .Add(entry.Error is { } error ? EnumNames<GatewayErrorKind>.Of(error) : null)
            .Add(entry.FinishReason is { } finish ? EnumNames<FinishReasonKind>.Of(finish.Kind) : null)
            .Add(entry.FinishReason?.Raw)
            .Add(Microseconds.Of(entry.TimeToFirstChunk))
            .Add(Microseconds.Of(entry.Overhead))
            .Add(entry.ConversationId)
            .Add(entry.Simulated);
        json.AddTags(row, entry.Tags);
        json.AddWarnings(row, entry.Warnings);
        row.Add(entry.Attempts.Count)
            .Add(sums.InputTokens)
            .Add(sums.CacheReadInputTokens)
            .Add(sums.CacheCreationInputTokens)
            .Add(sums.OutputTokens)
            .Add(sums.ReasoningOutputTokens)
            .Add(sums.CostNanoUsd)
            .Add(sums.EstimatedCostNanoUsd)
            .Add(sums.Estimated)
            .Add(entry.TeamId)
            .Add(entry.OrganisationId)
            .Add(sums.InputAudioTokens)
            .Add(sums.OutputAudioTokens);
    }

    /// <summary>Reads a row; the sums are left out, since the attempts give them.</summary>
    public static LedgerEntry Read(DbDataReader row, IReadOnlyList<Attempt> attempts) => new()
    {
        RequestId = row.GetString(0),
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Duration = Microseconds.ToTimeSpan(row.GetInt64(2)),
        InboundFormat = row.GetString(3),
        Endpoint = row.GetString(4),
        CallerKeyId = row.Text(5),
        TeamId = row.Text(36),
        OrganisationId = row.Text(37),
        OriginalModel = row.GetString(6),
        Policy = row.Text(7),
        PolicyVersion = row.Text(8),
        CatalogVersion = row.Text(9),
        Intent = row.Text(10) is { } intent && Intents.TryParse(intent, out var parsed) ? parsed : null,
        IntentConfidence = row.IsDBNull(11) ? null : row.GetDouble(11),
        Abstained = row.GetInt64(12) != 0,
        Reason = row.Text(13),
        DeploymentId = row.Text(14),
        Streamed = row.GetInt64(15) != 0,
        Outcome = EnumNames<LedgerOutcome>.Parse(row.GetString(16)) ?? LedgerOutcome.Unknown,
        Status = (int)row.GetInt64(17),
        Error = EnumNames<GatewayErrorKind>.Parse(row.Text(18)),
        FinishReason = row.FinishReason(19),
        TimeToFirstChunk = row.Span(21),
        Overhead = Microseconds.ToTimeSpan(row.GetInt64(22)),
        ConversationId = row.Text(23),
        Simulated = row.GetInt64(24) != 0,
        Tags = JsonColumns.ReadTags(row.Text(25)),
        Warnings = JsonColumns.ReadWarnings(row.Text(26)),
        Attempts = attempts,
    };
}
