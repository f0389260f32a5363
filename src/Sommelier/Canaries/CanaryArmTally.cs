using System.Runtime.InteropServices;
using Sommelier.Statistics.Sequential;

namespace Sommelier.Canaries;

/// <summary>What was seen of one arm. Not thread-safe: its <see cref="CanaryTally"/> locks.</summary>
/// <remarks>Times and costs are taken as logarithms: their means are typical values that one long answer does not move, and need no unit.</remarks>
internal sealed class CanaryArmTally(double alpha)
{
    // Where the intervals are tightest, in requests times variance: about 100 to 200 requests, since both the failures of a bad
    // arm and the logarithms of times have variances of some tenths.
    private const double Tightest = 25;

    public int Requests => Errors.Count;

    public int Failures { get; private set; }

    public AsymptoticConfidenceSequence Errors { get; } = new(alpha, Tightest);

    /// <summary>Logarithm of milliseconds to the first content.</summary>
    public AsymptoticConfidenceSequence Latency { get; } = new(alpha, Tightest);

    /// <summary>Logarithm of nano-USD; what was free is left out.</summary>
    public AsymptoticConfidenceSequence Cost { get; } = new(alpha, Tightest);

    public void Add(CanaryOutcome outcome)
    {
        Failures += outcome.Failed ? 1 : 0;
        Errors.Add(outcome.Failed ? 1 : 0);
        if (outcome.FirstContent is { } within)
        {
            Latency.Add(Math.Log(Math.Max(0.1, within.TotalMilliseconds)));
        }

        if (outcome.CostNanoUsd > 0)
        {
            Cost.Add(Math.Log(outcome.CostNanoUsd));
        }
    }

    public CanaryFigures Figures() => new(
        Requests,
        Failures,
        Latency.Count > 0 ? Math.Exp(Latency.Mean) : null,
        Cost.Count > 0 ? Math.Exp(Cost.Mean) / 1e9 : null);
}

/// <summary>What was seen of one arm, at one moment.</summary>
/// <param name="Requests">Requests that said something of it.</param>
/// <param name="Failures">Those whose first call failed.</param>
/// <param name="FirstContentMs">Typical (geometric mean) milliseconds to the first content; null where nothing was measured.</param>
/// <param name="CostUsd">Typical (geometric mean) USD of an answer; null where nothing cost anything.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CanaryFigures(int Requests, int Failures, double? FirstContentMs, double? CostUsd);
