using System.Data.Common;
using Sommelier.Canonical;

namespace Sommelier.Ledger.Storage;

/// <summary>An attempt as a row, in the order of the columns in <see cref="LedgerSql"/>.</summary>
internal static class AttemptRow
{
    public static void Bind(IRow row, string requestId, Attempt attempt)
    {
        var usage = attempt.Usage;
        row.Add(requestId)
            .Add(attempt.Number)
            .Add(attempt.DeploymentId)
            .Add(attempt.RequestModel)
            .Add(attempt.ResponseModel)
            .Add(attempt.StartedAt.ToUnixTimeMilliseconds())
            .Add(Microseconds.Of(attempt.Duration))
            .Add(Microseconds.Of(attempt.TimeToFirstChunk))
            .Add(EnumNames<AttemptOutcome>.Of(attempt.Outcome))
            .Add(attempt.OutputCommitted)
            .Add(attempt.Failure is { } failure ? EnumNames<UpstreamFailureKind>.Of(failure.Kind) : null)
            .Add((long?)attempt.Failure?.Status)
            .Add(attempt.Failure?.Code)
            .Add(attempt.Failure?.Parameter)
            .Add((long?)attempt.Failure?.RetryAfter?.TotalMilliseconds)
            .Add(attempt.FinishReason is { } finish ? EnumNames<FinishReasonKind>.Of(finish.Kind) : null)
            .Add(attempt.FinishReason?.Raw)
            .Add(usage?.InputTokens)
            .Add(usage?.CacheReadInputTokens)
            .Add(usage?.CacheCreationInputTokens)
            .Add(usage?.CacheCreation1hInputTokens)
            .Add(usage?.OutputTokens)
            .Add(usage?.ReasoningOutputTokens)
            .Add(usage is { Estimated: true })
            .Add(attempt.CostNanoUsd)
            .Add(usage?.InputAudioTokens)
            .Add(usage?.CacheReadInputAudioTokens)
            .Add(usage?.OutputAudioTokens)
            .Add(usage?.ServiceTier)
            .Add(usage?.InferenceGeo)
            .Add(usage?.WebSearches)
            .Add((long?)attempt.ApiKeyNumber)
            .Add(attempt.Purpose == AttemptPurpose.Answer ? null : EnumNames<AttemptPurpose>.Of(attempt.Purpose));
    }

    public static Attempt Read(DbDataReader row) => new()
    {
        Number = (int)row.GetInt64(1),
        DeploymentId = row.GetString(2),
        RequestModel = row.GetString(3),
        ResponseModel = row.Text(4),
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        Duration = Microseconds.ToTimeSpan(row.GetInt64(6)),
        TimeToFirstChunk = row.Span(7),
        Outcome = EnumNames<AttemptOutcome>.Parse(row.GetString(8)) ?? AttemptOutcome.Failed,
        OutputCommitted = row.GetInt64(9) != 0,
        Failure = ReadFailure(row),
        FinishReason = row.FinishReason(15),
        Usage = ReadUsage(row),
        CostNanoUsd = row.GetInt64(24),
        ApiKeyNumber = row.IsDBNull(31) ? null : (int)row.GetInt64(31),
        Purpose = EnumNames<AttemptPurpose>.Parse(row.Text(32)) ?? AttemptPurpose.Answer,
    };

    private static UpstreamFailure? ReadFailure(DbDataReader row) => row.Text(10) is not { } kind
        ? null
        : new UpstreamFailure(
            EnumNames<UpstreamFailureKind>.Parse(kind) ?? UpstreamFailureKind.Unavailable,
            "",
            row.IsDBNull(11) ? null : (int)row.GetInt64(11),
            row.Text(12),
            row.IsDBNull(14) ? null : TimeSpan.FromMilliseconds(row.GetInt64(14)),
            row.Text(13));

    private static Usage? ReadUsage(DbDataReader row) => row.IsDBNull(17)
        ? null
        : new Usage
        {
            InputTokens = row.GetInt64(17),
            CacheReadInputTokens = row.GetInt64(18),
            CacheCreationInputTokens = row.GetInt64(19),
            CacheCreation1hInputTokens = row.GetInt64(20),
            OutputTokens = row.GetInt64(21),
            ReasoningOutputTokens = row.GetInt64(22),
            InputAudioTokens = row.Count(25),
            CacheReadInputAudioTokens = row.Count(26),
            OutputAudioTokens = row.Count(27),
            ServiceTier = row.Text(28),
            InferenceGeo = row.Text(29),
            WebSearches = row.Count(30),
            Estimated = row.GetInt64(23) != 0,
        };
}
