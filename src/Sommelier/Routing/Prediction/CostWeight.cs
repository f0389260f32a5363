namespace Sommelier.Routing.Prediction;

/// <summary>How much a dollar may count against success before quality suffers: the weight of cost for the strategy <c>weighted</c>.</summary>
internal static class CostWeight
{
    /// <summary>How far the routed score may lie under the best single model's on the prompts learnt from: half a point.</summary>
    public const double Tolerance = 0.005;

    private const int Steps = 40;

    /// <summary>The weights that are tried, none first: from where a dollar hardly counts to where only it does.</summary>
    /// <param name="meanUsd">Each model's mean cost of a request.</param>
    public static double[] Ladder(IReadOnlyList<double> meanUsd)
    {
        var most = meanUsd.Max();
        var least = Math.Max(meanUsd.Min(), most / 1e4);
        if (!(most > 0) || !double.IsFinite(most))
        {
            return [0];
        }

        // A hundredth of a point for the whole dearest request; a point for a tenth of the cheapest one.
        var from = 1e-4 / most;
        var to = 0.1 / least;
        return [0, .. Enumerable.Range(0, Steps).Select(i => from * Math.Pow(to / from, i / (Steps - 1.0)))];
    }

    /// <summary>The weight that costs least among those whose routed score stays within <see cref="Tolerance"/> of the best single model's.</summary>
    /// <param name="ladder">The weights.</param>
    /// <param name="routed">For each weight, the mean score and the mean cost of the prompts when routed by predictions of models that did not see them.</param>
    /// <param name="bestSingle">The best single model's mean score on the same prompts.</param>
    public static double Choose(IReadOnlyList<double> ladder, IReadOnlyList<(double Score, double Usd)> routed, double bestSingle)
    {
        var best = 0;
        for (var i = 1; i < ladder.Count; i++)
        {
            best = routed[i].Score >= bestSingle - Tolerance && routed[i].Usd < routed[best].Usd ? i : best;
        }

        return ladder[best];
    }
}
