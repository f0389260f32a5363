using Sommelier.Canonical;

namespace Sommelier.Ledger.Journalling;

/// <summary>An entry as numbered fields. Numbers are never reused; <see cref="EntryDecoder"/> is the other half.</summary>
internal static class EntryEncoder
{
    public static void Write(FieldWriter to, LedgerEntry entry)
    {
        to.Text(1, entry.RequestId);
        to.Number(2, entry.StartedAt.ToUnixTimeMilliseconds());
        to.Number(3, Microseconds.Of(entry.Duration));
        to.Text(4, entry.InboundFormat);
        to.Text(5, entry.Endpoint);
        to.Text(6, entry.CallerKeyId);
        to.Text(7, entry.OriginalModel);
        to.Text(8, entry.Policy);
        to.Text(9, entry.PolicyVersion);
        to.Text(10, entry.CatalogVersion);
        to.Text(11, entry.Intent?.Name());
        to.Optional(12, entry.IntentConfidence is { } confidence ? BitConverter.DoubleToInt64Bits(confidence) : null);
        to.Flag(13, entry.Abstained);
        to.Text(14, entry.Reason);
        to.Text(15, entry.DeploymentId);
        to.Flag(16, entry.Streamed);
        to.Text(17, EnumNames<LedgerOutcome>.Of(entry.Outcome));
        to.Number(18, entry.Status);
        to.Text(19, entry.Error is { } error ? EnumNames<GatewayErrorKind>.Of(error) : null);
        Write(to, 20, entry.FinishReason);
        to.Optional(21, Microseconds.Of(entry.TimeToFirstChunk));
        to.Number(22, Microseconds.Of(entry.Overhead));
        to.Text(23, entry.ConversationId);
        to.Flag(24, entry.Simulated);
        for (var i = 0; i < entry.Tags.Count; i++)
        {
            to.Text(25, entry.Tags[i]);
        }

        for (var i = 0; i < entry.Warnings.Count; i++)
        {
            Write(to, 26, entry.Warnings[i]);
        }

        to.Text(28, entry.TeamId);
        to.Text(29, entry.OrganisationId);
        for (var i = 0; i < entry.Attempts.Count; i++)
        {
            var mark = to.Begin(27);
            Write(to, entry.Attempts[i]);
            to.End(mark);
        }
    }

    /// <summary>A warning.</summary>
    public static void Write(FieldWriter to, int field, Warning warning)
    {
        var mark = to.Begin(field);
        to.Text(1, warning.Code);
        to.Text(2, warning.Field);
        to.Text(3, warning.Detail);
        to.End(mark);
    }

    private static void Write(FieldWriter to, Attempt attempt)
    {
        to.Number(1, attempt.Number);
        to.Text(2, attempt.DeploymentId);
        to.Text(3, attempt.RequestModel);
        to.Text(4, attempt.ResponseModel);
        to.Number(5, attempt.StartedAt.ToUnixTimeMilliseconds());
        to.Number(6, Microseconds.Of(attempt.Duration));
        to.Optional(7, Microseconds.Of(attempt.TimeToFirstChunk));
        to.Text(8, EnumNames<AttemptOutcome>.Of(attempt.Outcome));
        to.Flag(9, attempt.OutputCommitted);
        to.Number(10, attempt.CostNanoUsd);
        to.Optional(14, attempt.ApiKeyNumber);
        to.Text(15, Purpose(attempt));
        Write(to, 11, attempt.FinishReason);
        if (attempt.Usage is { } usage)
        {
            var mark = to.Begin(12);
            Write(to, usage);
            to.End(mark);
        }

        if (attempt.Failure is { } failure)
        {
            var mark = to.Begin(13);
            Write(to, failure);
            to.End(mark);
        }
    }

    // Most calls are for the answer, and say nothing of it.
    private static string? Purpose(Attempt attempt) => attempt.Purpose == AttemptPurpose.Answer ? null : EnumNames<AttemptPurpose>.Of(attempt.Purpose);

    /// <summary>Token counts.</summary>
    public static void Write(FieldWriter to, in Usage usage)
    {
        to.Number(1, usage.InputTokens);
        to.Number(2, usage.CacheReadInputTokens);
        to.Number(3, usage.CacheCreationInputTokens);
        to.Number(4, usage.CacheCreation1hInputTokens);
        to.Number(5, usage.OutputTokens);
        to.Number(6, usage.ReasoningOutputTokens);
        to.Flag(7, usage.Estimated);
        to.Number(8, usage.InputAudioTokens);
        to.Number(9, usage.CacheReadInputAudioTokens);
        to.Number(10, usage.OutputAudioTokens);
        to.Text(11, usage.ServiceTier);
        to.Text(12, usage.InferenceGeo);
        to.Number(13, usage.WebSearches);
    }

    // The vendor's words are left out: they may quote the prompt or the key.
    private static void Write(FieldWriter to, UpstreamFailure failure)
    {
        to.Text(1, EnumNames<UpstreamFailureKind>.Of(failure.Kind));
        to.Optional(2, failure.Status);
        to.Text(3, failure.Code);
        to.Optional(4, failure.RetryAfter is { } after ? (long)after.TotalMilliseconds : null);
        to.Text(5, failure.Parameter);
    }

    /// <summary>Why a model stopped; null is left out.</summary>
    public static void Write(FieldWriter to, int field, FinishReason? reason)
    {
        if (reason is null)
        {
            return;
        }

        var mark = to.Begin(field);
        to.Text(1, EnumNames<FinishReasonKind>.Of(reason.Kind));
        to.Text(2, reason.Raw);
        to.End(mark);
    }

}
