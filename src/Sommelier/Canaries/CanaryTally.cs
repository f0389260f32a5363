using System.Globalization;
using System.Runtime.InteropServices;
using Sommelier.Routing;
using Sommelier.Statistics.Sequential;

namespace Sommelier.Canaries;

/// <summary>Counts the two arms of a canary and says, after any request, when the canary is worse for sure.</summary>
/// <remarks>
/// <para>
/// Each mean has a confidence sequence (<see cref="AsymptoticConfidenceSequence"/>), which holds at every look at once. The canary is worse
/// when the low end of its interval is above the high end of the policy's own by more than is allowed: of failures in points, of time and
/// cost in the logarithm, where a difference is a ratio. The three comparisons share a chance of <see cref="FalseAlarm"/> of ever rolling
/// back a canary that is within its limits.
/// </para>
/// <para>
/// Beside that, a canary is rolled back at once when more than half of its first requests failed and not more than half of the policy's
/// own. A canary whose requests fail one time in five trips this with a chance below one in a thousand.
/// </para>
/// </remarks>
internal sealed class CanaryTally(CanarySettings settings)
{
    /// <summary>The chance that a canary which is no worse than allowed is ever rolled back by the three comparisons.</summary>
    public const double FalseAlarm = 0.05;

    // Below about twenty values an asymptotic interval is not to be trusted.
    private const int Enough = 20;

    private readonly Lock gate = new();
    private readonly CanaryArmTally stable = new(FalseAlarm / 3);
    private readonly CanaryArmTally canary = new(FalseAlarm / 3);
    private bool decided;

    /// <summary>Counts a request.</summary>
    /// <returns>Why the canary must be rolled back; null while it need not, and after that has been said.</returns>
    public CanaryVerdict? Add(CanaryArm arm, CanaryOutcome outcome)
    {
        lock (gate)
        {
            (arm == CanaryArm.Canary ? canary : stable).Add(outcome);
            if (decided || Judge() is not { } verdict)
            {
                return null;
            }

            decided = true;
            return verdict;
        }
    }

    /// <summary>What was seen so far.</summary>
    public (CanaryFigures Stable, CanaryFigures Canary) Figures()
    {
        lock (gate)
        {
            return (stable.Figures(), canary.Figures());
        }
    }

    private CanaryVerdict? Judge()
    {
        var first = Math.Min(Enough, settings.MinRequests);
        if (canary.Requests <= first && canary.Failures * 2 > first && stable.Failures * 2 <= stable.Requests)
        {
            return Say(CanaryReason.FirstRequests, $"{canary.Failures} of its first {canary.Requests} requests failed, of the policy's own {stable.Failures} of {stable.Requests}");
        }

        if (canary.Requests >= Enough && stable.Requests >= Enough && Least(canary.Errors, stable.Errors, bounded: true) > settings.MaxErrorIncrease)
        {
            return Say(CanaryReason.ErrorRate, $"{canary.Failures} of its {canary.Requests} requests failed, of the policy's own {stable.Failures} of {stable.Requests}; max_error_increase is {100 * settings.MaxErrorIncrease:0.##}");
        }

        if (canary.Requests < settings.MinRequests)
        {
            return null;
        }

        return Ratio(CanaryReason.Latency, "its time to the first content is", canary.Latency, stable.Latency, settings.MaxLatencyRatio, "max_latency_ratio")
            ?? Ratio(CanaryReason.Cost, "its answers cost", canary.Cost, stable.Cost, settings.MaxCostRatio, "max_cost_ratio");
    }

    private static CanaryVerdict? Ratio(CanaryReason reason, string what, AsymptoticConfidenceSequence of, AsymptoticConfidenceSequence to, double most, string key) =>
        of.Count >= Enough && to.Count >= Enough && Least(of, to) > Math.Log(most)
            ? Say(reason, $"{what} {Math.Exp(of.Mean - to.Mean):0.00} times the policy's own over {of.Count} and {to.Count} requests, {Math.Exp(Least(of, to)):0.00} at the least; {key} is {most:0.##}")
            : null;

    /// <summary>By how much one mean is above the other at the least.</summary>
    private static double Least(AsymptoticConfidenceSequence of, AsymptoticConfidenceSequence to, bool bounded = false)
    {
        var (a, b) = bounded ? (of.Interval.Within(0, 1), to.Interval.Within(0, 1)) : (of.Interval, to.Interval);
        return a.Low - b.High;
    }

    private static CanaryVerdict Say(CanaryReason reason, FormattableString text) => new(reason, text.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Why a canary must be rolled back.</summary>
/// <param name="Reason">In a word.</param>
/// <param name="Detail">In words, with the figures.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CanaryVerdict(CanaryReason Reason, string Detail);
