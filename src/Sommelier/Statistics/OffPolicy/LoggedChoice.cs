using System.Runtime.InteropServices;

namespace Sommelier.Statistics.OffPolicy;

/// <summary>One recorded request, as another policy would see it.</summary>
/// <remarks>Requests that a fallback served are not the policy's choice: leave them out, or treat the fallback as a choice of its own.</remarks>
/// <param name="Propensity">The chance with which the logging policy chose what it chose; above 0.</param>
/// <param name="TargetProbability">The chance with which the policy in question would choose the same, 0 to 1.</param>
/// <param name="Reward">What came of it.</param>
/// <param name="PredictedReward">Q(x, m): what a model of rewards predicts for that choice. 0 where there is none.</param>
/// <param name="PredictedValue">Sum over all choices a of pi(a | x) Q(x, a): what it predicts for the policy in question. 0 where there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoggedChoice(
    double Propensity, double TargetProbability, double Reward, double PredictedReward = 0, double PredictedValue = 0);
