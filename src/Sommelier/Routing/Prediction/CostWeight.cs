namespace Sommelier.Routing.Prediction;

/// <summary>How much a dollar may count against success before quality suffers: the weight of cost for the strategy <c>weighted</c>.</summary>
internal static class CostWeight
{
    private const int Steps = 40;
    private const int StepsBetween = 16;

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
        return [0, .. Between(1e-4 / most, 0.1 / least, Steps)];
    }

    /// <summary>The weight that costs least among those that lose no more than they may.</summary>
    /// <param name="ladder">The weights, rising; the first is taken when the others lose too much.</param>
    /// <param name="routed">By a weight, how far the score changes from the best single model's, and the mean cost, of prompts that are routed by predictions of models that did not see them.</param>
    /// <param name="mayLose">How far the score may fall, 0.01 for a point.</param>
    public static double Choose(IReadOnlyList<double> ladder, Func<double, (double Change, double Usd)> routed, double mayLose)
    {
        var at = Least(ladder, routed, mayLose);

        // A step of the ladder may be a third of the cost, so the last bit of it is climbed in small ones.
        double[] between = at > 0 && at + 1 < ladder.Count ? [.. Between(ladder[at], ladder[at + 1], StepsBetween)] : [ladder[at]];
        return between[Least(between, routed, mayLose)];
    }

    private static int Least(IReadOnlyList<double> weights, Func<double, (double Change, double Usd)> routed, double mayLose)
    {
        var (best, least) = (0, routed(weights[0]).Usd);
        for (var i = 1; i < weights.Count; i++)
        {
            var (change, usd) = routed(weights[i]);
            (best, least) = change >= -mayLose && usd < least ? (i, usd) : (best, least);
        }

        return best;
    }

    private static IEnumerable<double> Between(double from, double to, int steps) =>
        Enumerable.Range(0, steps).Select(i => from * Math.Pow(to / from, i / (steps - 1.0)));
}
