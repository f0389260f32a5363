using Sommelier.Canonical;

namespace Sommelier.Resilience;

/// <summary>What follows from a failure before anything reached the caller.</summary>
internal enum RetryVerdict
{
    /// <summary>The caller gets it at once: nobody else would answer otherwise.</summary>
    Return,

    /// <summary>Only a larger window helps.</summary>
    LargerWindow,

    /// <summary>This deployment will not answer this request; another may.</summary>
    NextOnly,

    /// <summary>It may answer later; another may answer now.</summary>
    Transient,
}

/// <summary>When to try again, by the provider's own hints first.</summary>
/// <remarks>Delays follow the official SDKs: <c>retry-after-ms</c>, <c>retry-after</c>, else 0.5 s doubled up to 8 s, less up to a quarter of jitter.</remarks>
internal static class RetryRule
{
    /// <summary>A wait so short that asking again is quicker than asking somebody else.</summary>
    public static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(250);

    // Nobody waits so long; what a vendor names beyond it must not overflow a date.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>What follows from a failure.</summary>
    public static RetryVerdict Judge(UpstreamFailure failure) => failure.Kind switch
    {
        UpstreamFailureKind.InvalidRequest when failure.ShouldRetry is true => RetryVerdict.Transient,
        UpstreamFailureKind.InvalidRequest or UpstreamFailureKind.ContentFiltered => RetryVerdict.Return,

        // The model may have the room that this account has not.
        UpstreamFailureKind.ContextLengthExceeded when failure.Code is UpstreamFailure.AccountLimit => RetryVerdict.NextOnly,
        UpstreamFailureKind.ContextLengthExceeded => RetryVerdict.LargerWindow,
        UpstreamFailureKind.AuthenticationFailed or UpstreamFailureKind.QuotaExhausted or UpstreamFailureKind.ModelNotFound
            => RetryVerdict.NextOnly,

        // The answer was made and is billed: the same model would be paid for the same mistake.
        UpstreamFailureKind.InvalidAnswer => RetryVerdict.NextOnly,
        _ => failure.ShouldRetry is false ? RetryVerdict.NextOnly : RetryVerdict.Transient,
    };

    /// <summary>How long to wait before the same deployment is asked again.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="tries">How often the deployment has been asked.</param>
    /// <param name="seed">Makes the jitter; the same seed gives the same delay.</param>
    public static TimeSpan Delay(UpstreamFailure failure, int tries, ulong seed)
    {
        if (failure.RetryAfter is { } asked)
        {
            return asked < TimeSpan.Zero ? TimeSpan.Zero : asked < LongestWait ? asked : LongestWait;
        }

        var seconds = Math.Min(8, 0.5 * Math.Pow(2, Math.Min(tries - 1, 8)));
        return TimeSpan.FromSeconds(seconds * (1 - (0.25 * Fraction(seed + (ulong)tries))));
    }

    /// <summary>A seed from a request's id: FNV-1a.</summary>
    public static ulong Seed(string id)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in id)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>A seed as a number from 0 up to 1: SplitMix64's finisher, by which every bit of the seed moves every bit of the fraction.</summary>
    internal static double Fraction(ulong seed)
    {
        seed += 0x9E3779B97F4A7C15UL;
        seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9UL;
        seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBUL;
        return ((seed ^ (seed >> 31)) >> 11) / (double)(1UL << 53);
    }
}
