using System.Collections.Concurrent;
using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Gateway.Caching.Similar;
using Sommelier.Ledger;

namespace Sommelier.Gateway.Caching;

/// <summary>Gives stored answers to requests that are the same as earlier ones, where policy or caller take them.</summary>
/// <remarks>
/// Of requests that are the same and run at once, one asks the provider and the others wait for its answer. A leader whose
/// caller leaves hands over to one of those who wait: the upstream call is not kept alive for them, it is made anew. A
/// leader that fails is no reason for the others to fail: each then asks for itself.
/// </remarks>
internal sealed class AnswerCaching(IAnswerCache cache, SpendControl spending, TimeProvider time)
{
    // What a caller's budget did to its request is nobody else's business.
    private const string OutputCap = "output_capped_by_budget";

    private readonly ConcurrentDictionary<AnswerKey, TaskCompletionSource<bool>> leaders = new();
    private long hits;
    private long similarHits;
    private long misses;

    /// <summary>Finds similar requests; null before the gateway runs.</summary>
    public SimilarAnswers? Similar { get; set; }

    /// <summary>Requests that were given a stored answer.</summary>
    public long Hits => Interlocked.Read(ref hits);

    /// <summary>Of <see cref="Hits"/>, those that were given the answer to a similar request.</summary>
    public long SimilarHits => Interlocked.Read(ref similarHits);

    /// <summary>Requests that would have taken one, and there was none.</summary>
    public long Misses => Interlocked.Read(ref misses);

    /// <summary>Between steps (4) and (5): looks for a stored answer.</summary>
    /// <returns>Whether there is one: then it is the flight's answer, and nobody need be asked.</returns>
    /// <exception cref="GatewayException">The caller's limit of requests per minute.</exception>
    public async ValueTask<bool> FindAsync(Flight flight, CancellationToken cancellationToken)
    {
        if (flight.Decision!.Query.Policy.Cache.For(flight.Hints.Cache) is not { } ttl || AnswerKey.Of(flight) is not { } key)
        {
            return false;
        }

        var turn = flight.Cache = new(key, ttl);
        var started = time.GetTimestamp();
        var answer = await FindOrLeadAsync(flight, turn, started, cancellationToken) ?? await FindSimilarAsync(flight, turn, cancellationToken);
        if (answer is null)
        {
            Interlocked.Increment(ref misses);
            return false;
        }

        await spending.CountAsync(flight, cancellationToken);
        Interlocked.Increment(ref hits);
        if (answer.Similarity is not null)
        {
            Interlocked.Increment(ref similarHits);
        }

        flight.Answer = answer;
        return true;
    }

    /// <summary>Where the answer to a request goes: by way of a copy, when it may be stored.</summary>
    public PipeWriter OutputFor(Flight flight, PipeWriter output) =>
        flight is { Cache: { } turn, Answer: not StoredAnswer } ? turn.Copy = new CopyingWriter(output, cache.LargestAnswer) : output;

    /// <summary>Stores the answer to a request that has succeeded, if it is one to give again.</summary>
    public async ValueTask StoreAsync(Flight flight)
    {
        if (flight.Cache is not { Copy: { Ended: false } copy } turn || !IsWhole(flight))
        {
            return;
        }

        var now = time.GetUtcNow();
        var answer = flight.Answer!;
        await cache.StoreAsync(
            turn.Key,
            new()
            {
                Body = answer.Streamed ? TollFree.Copy(copy.Copy.Span) : copy.Copy.Span.ToArray(),
                ContentType = answer.ContentType,
                Streamed = answer.Streamed,
                DeploymentId = answer.Deployment.Id,
                Facts = answer.Facts,
                Warnings = [.. answer.Warnings.Concat(answer.LateWarnings).Where(static warning => warning.Code is not OutputCap)],

                // The thinking that led to its calls is remembered for its caller alone.
                CallerId = answer.Facts.HasToolCall ? flight.Caller!.Id : null,
                At = now,
                ExpiresAt = now + turn.Ttl,
            },
            CancellationToken.None);
        turn.Stored = true;
        if (turn.Similar is { } similar && !answer.Facts.HasToolCall)
        {
            Similar!.Keep(similar, turn.Key, now + turn.Ttl);
        }
    }

    /// <summary>The request is over, however it ended: lets go of those who wait for it.</summary>
    public void End(Flight flight)
    {
        if (flight.Cache is not { } turn)
        {
            return;
        }

        turn.Copy?.End();
        if (turn.Lead is { } lead)
        {
            turn.Lead = null;
            leaders.TryRemove(new(turn.Key, lead));
            lead.SetResult(turn.Stored || flight.Outcome == LedgerOutcome.Canceled);
        }
    }

    private async ValueTask<StoredAnswer?> FindOrLeadAsync(Flight flight, CacheTurn turn, long started, CancellationToken cancellationToken)
    {
        var limits = GatewayServices.LimitsFor(flight);
        var before = flight.Elsewhere;
        var patience = limits.FirstChunkWithin is { } first && first < limits.TotalTimeout ? first : limits.TotalTimeout;
        while (true)
        {
            if (await FindAsync(flight, turn, cancellationToken) is { } found)
            {
                return found;
            }

            var own = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            var leader = leaders.GetOrAdd(turn.Key, own);
            if (ReferenceEquals(leader, own))
            {
                turn.Lead = own;

                // The one before may have stored its answer between the look and the lead.
                return await FindAsync(flight, turn, cancellationToken);
            }

            var left = patience - time.GetElapsedTime(started);
            var again = left > TimeSpan.Zero && await AgainAsync(leader.Task, left, cancellationToken);
            flight.Elsewhere = before + time.GetElapsedTime(started);
            if (!again)
            {
                return null;
            }
        }
    }

    private async ValueTask<StoredAnswer?> FindAsync(Flight flight, CacheTurn turn, CancellationToken cancellationToken) =>
        await cache.FindAsync(turn.Key, cancellationToken) is { } stored && IsNear(stored, flight) ? Given(stored, flight, turn) : null;

    // Found for one who was content with less.
    private static bool IsNear(CachedAnswer stored, Flight flight) =>
        stored.Similarity is not { } cosine || cosine >= flight.Decision!.Query.Policy.Cache.Similar?.AtLeast;

    private StoredAnswer? Given(CachedAnswer stored, Flight flight, CacheTurn turn)
    {
        var now = time.GetUtcNow();
        return turn.Allowed(stored, flight, now) is { } deployment
            ? new(stored, now) { Deployment = deployment, Streamed = stored.Streamed, ContentType = stored.ContentType, Warnings = stored.Warnings }
            : null;
    }

    // What is found is stored for the request itself too: who asks the same again, or waits for this one, needs no vector.
    private async ValueTask<StoredAnswer?> FindSimilarAsync(Flight flight, CacheTurn turn, CancellationToken cancellationToken)
    {
        if (Similar is not { } similar || flight.Decision!.Query.Policy.Cache.Similar is not { } settings)
        {
            return null;
        }

        var started = time.GetTimestamp();
        turn.Similar = await similar.ReadAsync(flight, settings, cancellationToken);
        flight.Elsewhere += time.GetElapsedTime(started);
        if (turn.Similar is not { } own || similar.Nearest(own, settings) is not { } near
            || await cache.FindAsync(near.Key, cancellationToken) is not { Similarity: null } found)
        {
            // What was itself found for a turn is as far again from this one.
            return null;
        }

        found = found with { Similarity = near.Cosine };
        if (Given(found, flight, turn) is not { } answer)
        {
            return null;
        }

        // Its own answer stays, where this caller alone may not have it.
        if (await cache.FindAsync(turn.Key, cancellationToken) is null or { Similarity: not null })
        {
            await cache.StoreAsync(turn.Key, found, cancellationToken);
        }

        turn.Stored = true;
        return answer;
    }

    // Whether it is worth looking again: not when the leader failed, nor when this request has waited for as long as it may.
    private async ValueTask<bool> AgainAsync(Task<bool> leader, TimeSpan left, CancellationToken cancellationToken)
    {
        try
        {
            return await leader.WaitAsync(left, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Of the model that was chosen (a fallback's answer is for its moment), to its end, and not cut short by somebody's budget.
    private static bool IsWhole(Flight flight)
    {
        var answer = flight.Answer!;
        var finish = answer.Facts.FinishReason?.Kind;
        return string.Equals(answer.Deployment.CanonicalModel, flight.Meant!.CanonicalModel, StringComparison.Ordinal)
            && (finish is FinishReasonKind.Stop or FinishReasonKind.Length or FinishReasonKind.ToolCalls || flight.Outline!.Operation == Operation.Embeddings)
            && !(finish == FinishReasonKind.Length && flight.Hold?.OutputCap is not null);
    }
}
