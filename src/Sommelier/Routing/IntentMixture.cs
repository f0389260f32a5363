using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>The weight of each intent's evidence for one request: q(m) = sum of weight(t) Q(m, t). The weights sum to one.</summary>
/// <remarks>
/// A classifier that stands by its answer is taken at its whole distribution. One that abstains is not: the fine label
/// is dropped, each group's probability is spread evenly over its intents; when even the group is a guess (under
/// <see cref="TrustedGroup"/>), half of the weight is spread over everything.
/// </remarks>
internal static class IntentMixture
{
    public const double TrustedGroup = 0.5;

    private static readonly int[] GroupSize = Sizes();

    public static double[] Of(RequestSignals signals)
    {
        var weights = new double[Intents.Count];
        var sum = 0.0;
        for (var i = 0; i < weights.Length && i < signals.Distribution.Count; i++)
        {
            weights[i] = Math.Max(0, signals.Distribution[i]);
            sum += weights[i];
        }

        if (sum <= 0 || !double.IsFinite(sum))
        {
            Array.Fill(weights, 1.0 / Intents.Count);
            return weights;
        }

        if (signals.Abstained)
        {
            Widen(weights, sum, signals.GroupConfidence >= TrustedGroup ? 1 : 0.5);
            return weights;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }

        return weights;
    }

    private static void Widen(double[] weights, double sum, double trust)
    {
        Span<double> groups = stackalloc double[GroupSize.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            groups[(int)((Intent)i).Group()] += weights[i] / sum;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            var group = (int)((Intent)i).Group();
            weights[i] = (trust * groups[group] / GroupSize[group]) + ((1 - trust) / weights.Length);
        }
    }

    private static int[] Sizes()
    {
        var sizes = new int[Intents.GroupNames.Count];
        for (var i = 0; i < Intents.Count; i++)
        {
            sizes[(int)((Intent)i).Group()]++;
        }

        return sizes;
    }
}
