using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;

namespace Sommelier.Tests.Ledger;

/// <summary>Entries to test with, and a way to compare them.</summary>
internal static class Entries
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Id(int n) => RequestId.Format(Noon.ToUnixTimeMilliseconds(), 0, (ulong)n);

    public static LedgerEntry Opening(int n) => new()
    {
        RequestId = Id(n),
        StartedAt = Noon,
        InboundFormat = "openai-chat",
        Endpoint = "/v1/chat/completions",
        OriginalModel = "auto",
        DeploymentId = "openai/gpt-6-luna",
        Outcome = LedgerOutcome.Unknown,
    };

    public static LedgerEntry Settled(int n, long cost = 1_234) => Opening(n) with
    {
        Outcome = LedgerOutcome.Succeeded,
        Status = 200,
        Attempts = [Call(1, cost)],
    };

    public static Attempt Call(int number, long cost, bool estimated = false) => new()
    {
        Number = number,
        DeploymentId = "openai/gpt-6-luna",
        RequestModel = "gpt-6-luna",
        StartedAt = Noon,
        Outcome = AttemptOutcome.Succeeded,
        CostNanoUsd = cost,
        Usage = new Usage { InputTokens = 10, OutputTokens = 5, Estimated = estimated },
    };

    /// <summary>An entry with every field set.</summary>
    public static LedgerEntry Full(int n) => new()
    {
        RequestId = Id(n),
        StartedAt = Noon.AddMilliseconds(123),
        Duration = TimeSpan.FromMicroseconds(1_234_567),
        InboundFormat = "anthropic-messages",
        Endpoint = "/v1/messages",
        CallerKeyId = "key_7",
        TeamId = "team_3",
        OrganisationId = "org_1",
        OriginalModel = "auto/frügal",
        Policy = "frugal",
        PolicyVersion = "p1",
        CatalogVersion = "c1",
        Intent = Intent.ContextQa,
        IntentConfidence = 0.625,
        Abstained = true,
        Reason = "cheapest_good_enough",
        DeploymentId = "anthropic/claude-opus-5-5",
        Streamed = true,
        Outcome = LedgerOutcome.Broken,
        Status = 200,
        Error = GatewayErrorKind.UpstreamUnavailable,
        FinishReason = new FinishReason(FinishReasonKind.Length, "max_tokens"),
        TimeToFirstChunk = TimeSpan.FromMicroseconds(345),
        Overhead = TimeSpan.FromMicroseconds(87),
        Warnings = [new Warning("dropped", "logit_bias", "no such field"), new Warning("clamped", "temperature", "\"2\" is 1")],
        Tags = ["team:a", "日本"],
        ConversationId = "conversation-1",
        Simulated = true,
        Attempts =
        [
            new Attempt
            {
                Number = 1,
                DeploymentId = "openai/gpt-6-luna",
                RequestModel = "gpt-6-luna",
                StartedAt = Noon.AddMilliseconds(124),
                Duration = TimeSpan.FromMicroseconds(999),
                Outcome = AttemptOutcome.Failed,
                Failure = new UpstreamFailure(UpstreamFailureKind.RateLimited, "", 429, "rate_limit_exceeded", TimeSpan.FromMilliseconds(2_500), "model"),
            },
            new Attempt
            {
                Number = 2,
                DeploymentId = "anthropic/claude-opus-5-5",
                RequestModel = "claude-opus-5-5",
                ResponseModel = "claude-opus-5-5-20260801",
                ApiKeyNumber = 2,
                Purpose = AttemptPurpose.Sample,
                StartedAt = Noon.AddMilliseconds(130),
                Duration = TimeSpan.FromMicroseconds(2_000_001),
                TimeToFirstChunk = TimeSpan.Zero,
                Outcome = AttemptOutcome.Broken,
                OutputCommitted = true,
                Usage = new Usage
                {
                    InputTokens = 100_000,
                    CacheReadInputTokens = 60_000,
                    CacheCreationInputTokens = 20_000,
                    CacheCreation1hInputTokens = 5_000,
                    InputAudioTokens = 30_000,
                    ServiceTier = "priority",
                    InferenceGeo = "us",
                    WebSearches = 4,
                    CacheReadInputAudioTokens = 12_000,
                    OutputTokens = 777,
                    ReasoningOutputTokens = 70,
                    OutputAudioTokens = 333,
                    Estimated = true,
                },
                CostNanoUsd = 9_876_543_210,
                FinishReason = new FinishReason(FinishReasonKind.Error),
            },
        ],
    };

    /// <summary>Two entries are the same when they are written the same.</summary>
    public static void Same(LedgerEntry expected, LedgerEntry? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Convert.ToHexString(Encoded(expected)), Convert.ToHexString(Encoded(actual)));
    }

    public static byte[] Encoded(LedgerEntry entry)
    {
        var writer = new FieldWriter();
        EntryEncoder.Write(writer, entry);
        return writer.Written.ToArray();
    }
}
