using Sommelier.Catalog;
using Sommelier.Gateway.Caching.Similar;

namespace Sommelier.Gateway.Caching;

/// <summary>A request's own part in the cache, from the question to the answer.</summary>
/// <param name="key">What it shares with others.</param>
/// <param name="ttl">How old an answer to it may be, and how long its own is stored.</param>
internal sealed class CacheTurn(AnswerKey key, TimeSpan ttl)
{
    /// <summary>What it shares with others.</summary>
    public AnswerKey Key => key;

    /// <summary>How old an answer to it may be, and how long its own is stored.</summary>
    public TimeSpan Ttl => ttl;

    /// <summary>The copy of the answer that is on its way; null before.</summary>
    public CopyingWriter? Copy { get; set; }

    /// <summary>What others wait for while this request is the one that asks the provider; null when nobody does.</summary>
    public TaskCompletionSource<bool>? Lead { get; set; }

    /// <summary>The request's last turn, where the answer to a similar one would do; else null.</summary>
    public SimilarTurn? Similar { get; set; }

    /// <summary>Whether the answer was stored.</summary>
    public bool Stored { get; set; }

    /// <summary>The deployment that gave a stored answer, where this request may be served by it; else null.</summary>
    public Deployment? Allowed(CachedAnswer answer, Flight flight, DateTimeOffset now)
    {
        if (now - answer.At >= ttl || (answer.CallerId is { } owner && !string.Equals(owner, flight.Caller!.Id, StringComparison.Ordinal)))
        {
            return null;
        }

        // Where a deployment was dropped for this request (region, data class, the caller's lists), its answers are too.
        foreach (var candidate in flight.Decision!.Ranked)
        {
            if (string.Equals(candidate.Deployment.Id, answer.DeploymentId, StringComparison.Ordinal))
            {
                return candidate.Deployment;
            }
        }

        return null;
    }
}
