using System.Collections.Concurrent;
using Sommelier.Canonical;

namespace Sommelier.Evals.Runs;

/// <summary>Calls until an answer comes or it is plain that none will: waits as providers ask, with as many calls at once as each takes.</summary>
/// <param name="start">How many calls at once a provider is asked at first.</param>
/// <param name="most">The most calls at once at one provider.</param>
/// <param name="time">The clock.</param>
/// <param name="seed">Of the waits' jitter.</param>
internal sealed class PatientCaller(int start, int most, TimeProvider time, int seed)
{
    /// <summary>The most calls for one answer.</summary>
    public const int MaxAttempts = 6;

    // Refusals of the gateway's own health check make no call; they are waited out, within reason.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, AdaptiveLimit> limits = new(StringComparer.Ordinal);
    private int pauses;

    /// <summary>How many calls may run at a provider, for one purpose.</summary>
    public AdaptiveLimit LimitOf(string name) => limits.GetOrAdd(name, _ => new(start, most, time));

    /// <summary>Calls from a place of <paramref name="limit"/>; what every failed call cost is in the result's <see cref="PatientResult.SpentUsd"/>.</summary>
    /// <exception cref="CandidateUnusableException">The provider will not serve this model: the key, the account or the name is wrong.</exception>
    public async Task<PatientResult> CallAsync(AdaptiveLimit limit, Func<CancellationToken, Task<ModelCall>> call, CancellationToken cancellationToken)
    {
        var spent = 0m;
        var attempts = 0;
        var begin = time.GetTimestamp();
        while (true)
        {
            var made = await call(cancellationToken);
            spent += made.CostUsd;
            attempts += made.Sent ? 1 : 0;
            if (made.Response is not null)
            {
                limit.Succeeded();
                return new(made, spent, attempts);
            }

            Note(limit, made);
            if (made.Failure?.Kind is UpstreamFailureKind.AuthenticationFailed or UpstreamFailureKind.QuotaExhausted or UpstreamFailureKind.ModelNotFound
                || made.Error is { Kind: GatewayErrorKind.ModelNotFound or GatewayErrorKind.NoProvider or GatewayErrorKind.Unauthenticated or GatewayErrorKind.Forbidden or GatewayErrorKind.BudgetExceeded })
            {
                throw new CandidateUnusableException(made.Error?.Message ?? "the provider refuses");
            }

            var pause = Pause(made, attempts);
            if (!Passes(made) || attempts >= MaxAttempts || pause > LongestPause || time.GetElapsedTime(begin) + pause > MaxWait)
            {
                return new(made, spent, attempts);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static void Note(AdaptiveLimit limit, ModelCall made)
    {
        if (made.Failure is { Kind: UpstreamFailureKind.RateLimited } limited)
        {
            limit.RateLimited(limited.RetryAfter);
        }
        else if (made.Failure is not null)
        {
            limit.Failed();
        }
    }

    // A refused request stays refused; everything else may pass.
    private static bool Passes(ModelCall made) => made.Failure is { } failure
        ? failure.Kind is not (UpstreamFailureKind.InvalidRequest or UpstreamFailureKind.ContextLengthExceeded or UpstreamFailureKind.ContentFiltered or UpstreamFailureKind.InvalidAnswer)
        : made.Error is { Kind: GatewayErrorKind.RateLimited or GatewayErrorKind.UpstreamUnavailable or GatewayErrorKind.UpstreamTimeout or GatewayErrorKind.Overloaded };

    private TimeSpan Pause(ModelCall made, int attempts)
    {
        var asked = made.Failure?.RetryAfter ?? made.Error?.RetryAfter;
        var least = asked ?? TimeSpan.FromSeconds(Math.Min(8, 0.5 * Math.Pow(2, Math.Max(0, attempts - 1))));

        // Calls that wait together do not come back together.
        var spread = new Random(unchecked((seed * 397) ^ Interlocked.Increment(ref pauses))).NextDouble();
        return least * (1 + (0.25 * spread));
    }
}

/// <summary>The last call, and what all of them came to.</summary>
/// <param name="Call">The last call.</param>
/// <param name="SpentUsd">What all calls cost.</param>
/// <param name="Attempts">How many reached the provider.</param>
internal readonly record struct PatientResult(ModelCall Call, decimal SpentUsd, int Attempts);
