using Sommelier.Canonical;
using Sommelier.Routing;

namespace Sommelier.Resilience;

/// <summary>What the attempt loop may spend on one request.</summary>
internal sealed record AttemptLimits
{
    /// <summary>The most upstream calls in all. Default 6.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>The most calls to one deployment, the first one included. Default 2.</summary>
    public int MaxAttemptsPerDeployment { get; init; } = 2;

    /// <summary>How long a stream's first content may take before the next candidate is asked; null: <see cref="AnswerWithin"/>.</summary>
    public TimeSpan? FirstChunkWithin { get; init; }

    /// <summary>
    /// How long the reply to a call may take before the next candidate is asked, where nothing shorter is set: an answer
    /// that is not streamed comes all at once, however long the model thinks. Default 5 min.
    /// </summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest silence inside a stream. Default 60 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When a second candidate is asked because the first is late; null for never, the default.</summary>
    public HedgeSettings? Hedge { get; init; }

    /// <summary>After how much silence a stream that the caller has begun to read gets a mark that keeps it alive; zero for never. Default 15 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After how long without any content the reply to a stream request begins all the same, see <see cref="KeepAlive"/>; null for never. Default never.</summary>
    public TimeSpan? EarlyKeepAlive { get; init; }

    /// <summary>What follows when a stream breaks after its beginning has reached the caller. Default: the error.</summary>
    public OnBreak OnBreak { get; init; }

    /// <summary>The longest that a request may take in all. Default 10 min.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest wait before a retry at the same deployment that is still worth it; a longer hint goes to the next candidate. Default 5 s.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(5);
}
