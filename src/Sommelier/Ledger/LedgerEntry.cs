using Sommelier.Canonical;

namespace Sommelier.Ledger;

/// <summary>What happened to one request: exactly one entry per request, however it ended, with a line per attempt.</summary>
/// <remarks>
/// Holds names, counts and money; never a prompt, an answer or a key. <see cref="StartedAt"/> is kept to the millisecond
/// and durations to the microsecond; finer parts are cut when it is stored.
/// </remarks>
internal sealed record LedgerEntry
{
    /// <summary>The <see cref="Endpoint"/> of a copy that was sent to a shadow; its tags begin with this, and name the request that it copies.</summary>
    public const string ShadowEndpoint = "shadow";

    /// <summary>The <see cref="Endpoint"/> of a question for a request's intent; its tags begin with this, and name the request that it is about.</summary>
    public const string ClassifyEndpoint = "classify";

    /// <summary>The <see cref="Endpoint"/> of the making of a vector, by which a similar request is looked for; its tags begin with this, and name the request that it is of.</summary>
    public const string SimilarEndpoint = "similar";

    /// <summary>The request's id, from <see cref="RequestIdGenerator"/>.</summary>
    public required string RequestId { get; init; }

    /// <summary>When the request came in, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the start to the last byte to the caller.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The caller's dialect, e.g. <c>openai-chat</c>.</summary>
    public required string InboundFormat { get; init; }

    /// <summary>The path that was called, e.g. <c>/v1/chat/completions</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The id of the caller's key, never the key; null without one.</summary>
    public string? CallerKeyId { get; init; }

    /// <summary>The team of the key at that time, or null.</summary>
    public string? TeamId { get; init; }

    /// <summary>The organisation of the key at that time, or null.</summary>
    public string? OrganisationId { get; init; }

    /// <summary>The model name that the caller sent; empty when the request was not readable.</summary>
    public required string OriginalModel { get; init; }

    /// <summary>The policy that decided, or null when none did.</summary>
    public string? Policy { get; init; }

    /// <summary>The policy's content hash.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>The catalog's content hash.</summary>
    public string? CatalogVersion { get; init; }

    /// <summary>The most likely intent, or null when it was not classified.</summary>
    public Intent? Intent { get; init; }

    /// <summary>The intent's probability, 0 to 1.</summary>
    public double? IntentConfidence { get; init; }

    /// <summary>Whether the policy did not act on the intent.</summary>
    public bool Abstained { get; init; }

    /// <summary>The reason token, e.g. <c>cheapest_good_enough</c>; null when nothing was chosen.</summary>
    public string? Reason { get; init; }

    /// <summary>Who answered: <c>provider/model</c>; while it is open, who is asked first; null when nobody.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>Whether the answer was wanted as a stream.</summary>
    public bool Streamed { get; init; }

    /// <summary>How it ended.</summary>
    public LedgerOutcome Outcome { get; init; } = LedgerOutcome.Unknown;

    /// <summary>The HTTP status that the caller got; 0 while open.</summary>
    public int Status { get; init; }

    /// <summary>What the caller was told instead of an answer, or null.</summary>
    public GatewayErrorKind? Error { get; init; }

    /// <summary>Why the model stopped, or null.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>From the start to the first content to the caller, or null when none went.</summary>
    public TimeSpan? TimeToFirstChunk { get; init; }

    /// <summary>The gateway's own share of the time.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>What was lost in translation.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>The caller's labels.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The conversation's id, or null.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Whether a simulated provider answered.</summary>
    public bool Simulated { get; init; }

    /// <summary>Whether it is a copy that no caller asked for.</summary>
    public bool IsShadow => string.Equals(Endpoint, ShadowEndpoint, StringComparison.Ordinal);

    /// <summary>Whether no caller asked for it: a copy for a shadow, a question for a request's intent, or the making of its vector.</summary>
    public bool IsAside => IsBeside(Endpoint);

    /// <summary>Whether an <see cref="Endpoint"/> is that of a call which no caller asked for.</summary>
    public static bool IsBeside(string endpoint) => endpoint is ShadowEndpoint or ClassifyEndpoint or SimilarEndpoint;

    /// <summary>Every upstream call, in order.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];
}
