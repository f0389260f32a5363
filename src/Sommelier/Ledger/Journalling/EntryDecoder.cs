using Sommelier.Canonical;

namespace Sommelier.Ledger.Journalling;

/// <summary>Reads what <see cref="EntryEncoder"/> wrote, also by an earlier or a later version.</summary>
internal static class EntryDecoder
{
    /// <exception cref="InvalidDataException">The bytes are no entry.</exception>
    public static LedgerEntry Read(ReadOnlySpan<byte> bytes)
    {
        var entry = new LedgerEntry { RequestId = "", StartedAt = default, InboundFormat = "", Endpoint = "", OriginalModel = "" };
        List<string> tags = [];
        List<Warning> warnings = [];
        List<Attempt> attempts = [];
        var from = new FieldReader(bytes);
        while (from.Next())
        {
            switch (from.Field)
            {
                case 25:
                    tags.Add(from.Text);
                    break;
                case 26:
                    warnings.Add(ReadWarning(from.Span));
                    break;
                case 27:
                    attempts.Add(ReadAttempt(from.Span));
                    break;
                default:
                    entry = With(entry, from);
                    break;
            }
        }

        return entry.RequestId.Length == 0
            ? throw new InvalidDataException("A journal record passed its checksum but has no request id.")
            : entry with { Tags = tags, Warnings = warnings, Attempts = attempts };
    }

    private static LedgerEntry With(LedgerEntry entry, FieldReader from) => from.Field switch
    {
        1 => entry with { RequestId = from.Text },
        2 => entry with { StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(from.Number) },
        3 => entry with { Duration = Microseconds.ToTimeSpan(from.Number) },
        4 => entry with { InboundFormat = from.Text },
        5 => entry with { Endpoint = from.Text },
        6 => entry with { CallerKeyId = from.Text },
        7 => entry with { OriginalModel = from.Text },
        8 => entry with { Policy = from.Text },
        9 => entry with { PolicyVersion = from.Text },
        10 => entry with { CatalogVersion = from.Text },
        11 => entry with { Intent = Intents.TryParse(from.Text, out var intent) ? intent : null },
        12 => entry with { IntentConfidence = BitConverter.Int64BitsToDouble(from.Number) },
        13 => entry with { Abstained = from.Flag },
        14 => entry with { Reason = from.Text },
        15 => entry with { DeploymentId = from.Text },
        16 => entry with { Streamed = from.Flag },
        17 => entry with { Outcome = EnumNames<LedgerOutcome>.Parse(from.Text) ?? LedgerOutcome.Unknown },
        18 => entry with { Status = (int)from.Number },
        19 => entry with { Error = EnumNames<GatewayErrorKind>.Parse(from.Text) ?? GatewayErrorKind.Internal },
        20 => entry with { FinishReason = ReadFinishReason(from.Span) },
        21 => entry with { TimeToFirstChunk = Microseconds.ToTimeSpan(from.Number) },
        22 => entry with { Overhead = Microseconds.ToTimeSpan(from.Number) },
        23 => entry with { ConversationId = from.Text },
        24 => entry with { Simulated = from.Flag },
        28 => entry with { TeamId = from.Text },
        29 => entry with { OrganisationId = from.Text },
        _ => entry,
    };

    /// <summary>A warning.</summary>
    public static Warning ReadWarning(ReadOnlySpan<byte> bytes)
    {
        var warning = new Warning("", "", "");
        var from = new FieldReader(bytes);
        while (from.Next())
        {
            warning = from.Field switch
            {
                1 => warning with { Code = from.Text },
                2 => warning with { Field = from.Text },
                3 => warning with { Detail = from.Text },
                _ => warning,
            };
        }

        return warning;
    }

    private static Attempt ReadAttempt(ReadOnlySpan<byte> bytes)
    {
        var attempt = new Attempt { Number = 0, DeploymentId = "", RequestModel = "", StartedAt = default, Outcome = AttemptOutcome.Failed };
        var from = new FieldReader(bytes);
        while (from.Next())
        {
            attempt = from.Field switch
            {
                1 => attempt with { Number = (int)from.Number },
                2 => attempt with { DeploymentId = from.Text },
                3 => attempt with { RequestModel = from.Text },
                4 => attempt with { ResponseModel = from.Text },
                5 => attempt with { StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(from.Number) },
                6 => attempt with { Duration = Microseconds.ToTimeSpan(from.Number) },
                7 => attempt with { TimeToFirstChunk = Microseconds.ToTimeSpan(from.Number) },
                8 => attempt with { Outcome = EnumNames<AttemptOutcome>.Parse(from.Text) ?? AttemptOutcome.Failed },
                9 => attempt with { OutputCommitted = from.Flag },
                10 => attempt with { CostNanoUsd = from.Number },
                11 => attempt with { FinishReason = ReadFinishReason(from.Span) },
                12 => attempt with { Usage = ReadUsage(from.Span) },
                13 => attempt with { Failure = ReadFailure(from.Span) },
                14 => attempt with { ApiKeyNumber = (int)from.Number },
                15 => attempt with { Purpose = EnumNames<AttemptPurpose>.Parse(from.Text) ?? AttemptPurpose.Answer },
                _ => attempt,
            };
        }

        return attempt;
    }

    /// <summary>Token counts.</summary>
    public static Usage ReadUsage(ReadOnlySpan<byte> bytes)
    {
        var usage = default(Usage);
        var from = new FieldReader(bytes);
        while (from.Next())
        {
            usage = from.Field switch
            {
                1 => usage with { InputTokens = from.Number },
                2 => usage with { CacheReadInputTokens = from.Number },
                3 => usage with { CacheCreationInputTokens = from.Number },
                4 => usage with { CacheCreation1hInputTokens = from.Number },
                5 => usage with { OutputTokens = from.Number },
                6 => usage with { ReasoningOutputTokens = from.Number },
                7 => usage with { Estimated = from.Flag },
                8 => usage with { InputAudioTokens = from.Number },
                9 => usage with { CacheReadInputAudioTokens = from.Number },
                10 => usage with { OutputAudioTokens = from.Number },
                11 => usage with { ServiceTier = from.Text },
                12 => usage with { InferenceGeo = from.Text },
                13 => usage with { WebSearches = from.Number },
                _ => usage,
            };
        }

        return usage;
    }

    private static UpstreamFailure ReadFailure(ReadOnlySpan<byte> bytes)
    {
        var failure = new UpstreamFailure(UpstreamFailureKind.Unavailable, "");
        var from = new FieldReader(bytes);
        while (from.Next())
        {
            failure = from.Field switch
            {
                1 => failure with { Kind = EnumNames<UpstreamFailureKind>.Parse(from.Text) ?? UpstreamFailureKind.Unavailable },
                2 => failure with { Status = (int)from.Number },
                3 => failure with { Code = from.Text },
                4 => failure with { RetryAfter = TimeSpan.FromMilliseconds(from.Number) },
                5 => failure with { Parameter = from.Text },
                _ => failure,
            };
        }

        return failure;
    }

    /// <summary>Why a model stopped.</summary>
    public static FinishReason ReadFinishReason(ReadOnlySpan<byte> bytes)
    {
        var reason = new FinishReason(FinishReasonKind.Other);
        var from = new FieldReader(bytes);
        while (from.Next())
        {
            reason = from.Field switch
            {
                1 => reason with { Kind = EnumNames<FinishReasonKind>.Parse(from.Text) ?? FinishReasonKind.Other },
                2 => reason with { Raw = from.Text },
                _ => reason,
            };
        }

        return reason;
    }

}
