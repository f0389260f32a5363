using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Multiplicity;

/// <summary>One of several challengers against the baseline, told so that the best of many is not taken for better by luck.</summary>
/// <param name="Difference">Its mean difference from the baseline.</param>
/// <param name="PValue">Two-sided, adjusted for all challengers.</param>
/// <param name="Interval">Holds for all challengers at once with the stated confidence.</param>
internal sealed record MaxTResult(MeanEstimate Difference, double PValue, Interval Interval);

/// <summary>
/// Several challengers on the same items at once, by the largest t over shared resamples: less cautious than Holm, since it
/// knows how alike the challengers are.
/// </summary>
/// <remarks>
/// Step-down p values: Westfall and Young, Resampling-Based Multiple Testing, 1993, and Romano and Wolf, Econometrica 73, 2005;
/// (1 + rounds at least as extreme) / (rounds + 1). Intervals: mean plus and minus the quantile of the largest |t*| times the
/// standard error, t* = (mean* - mean) / SE*, each resample with its own SE.
/// </remarks>
internal static class MaxT
{
    /// <param name="differences">Per challenger its score less the baseline's on each item, all on the same items, none NaN.</param>
    /// <param name="clusters">Of the items; null where they are independent.</param>
    /// <param name="seed">Of the draws, which all challengers share.</param>
    /// <param name="rounds">Resamples, 2,000 unless said otherwise.</param>
    /// <param name="confidence">Of all intervals together, 0.95 unless said otherwise.</param>
    public static MaxTResult[] Of(double[][] differences, Clusters? clusters, ulong seed, int rounds = Bootstrap.DefaultRounds, double confidence = 0.95)
    {
        if (differences.Length == 0)
        {
            return [];
        }

        var items = differences[0].Length;
        var units = clusters ?? Clusters.Of<int>([.. Enumerable.Range(0, items)]);
        if (units.Count < 2)
        {
            throw new ArgumentException("One item or cluster has no spread to compare with; give at least two.", nameof(differences));
        }

        var estimates = new MeanEstimate[differences.Length];
        var sums = new double[differences.Length][];
        for (var k = 0; k < differences.Length; k++)
        {
            estimates[k] = ClusteredMean.Of(differences[k], units);
            sums[k] = units.Sums(differences[k]);
        }

        // From the most extreme challenger down: at each step the largest t of those not yet judged.
        var extreme = Array.ConvertAll(estimates, T);
        var order = new int[extreme.Length];
        for (var k = 0; k < order.Length; k++)
        {
            order[k] = k;
        }

        Array.Sort(Array.ConvertAll(extreme, t => -t), order);
        var beaten = new int[order.Length];
        var largest = new double[rounds];
        var drawn = new int[units.Count];
        var random = new SeededRandom(seed);
        for (var round = 0; round < rounds; round++)
        {
            random.Fill(drawn, drawn.Length);
            double most = 0;
            for (var step = order.Length - 1; step >= 0; step--)
            {
                var k = order[step];
                most = Math.Max(most, ResampledT(sums[k], units.Sizes, drawn, estimates[k]));
                beaten[step] += most >= extreme[k] ? 1 : 0;
            }

            largest[round] = most;
        }

        largest.AsSpan().Sort();
        var reach = Bootstrap.Quantile(largest, Interval.Checked(confidence));
        var results = new MaxTResult[order.Length];
        double p = 0;
        for (var step = 0; step < order.Length; step++)
        {
            var estimate = estimates[order[step]];
            p = Math.Max(p, (1.0 + beaten[step]) / (rounds + 1));
            results[order[step]] = new(estimate, p, Interval.Around(estimate.Mean, reach * estimate.StandardError));
        }

        return results;
    }

    private static double T(MeanEstimate estimate) =>
        estimate.Mean == 0 ? 0 : Math.Abs(estimate.Mean) / estimate.StandardError;

    /// <summary>|mean* - mean| / SE* of one resample; the clustered SE from sums over its units, in one pass.</summary>
    private static double ResampledT(ReadOnlySpan<double> sums, ReadOnlySpan<int> sizes, ReadOnlySpan<int> drawn, MeanEstimate estimate)
    {
        double total = 0, squares = 0, products = 0, items = 0, itemSquares = 0;
        foreach (var unit in drawn)
        {
            // Around the mean, so that the differences below lose no digits.
            double size = sizes[unit];
            var sum = sums[unit] - (size * estimate.Mean);
            total += sum;
            squares += sum * sum;
            products += sum * size;
            items += size;
            itemSquares += size * size;
        }

        var shift = total / items;
        var spread = squares - (2 * shift * products) + (shift * shift * itemSquares);
        double units = drawn.Length;
        var error = spread > 1e-12 * squares ? Math.Sqrt(units / (units - 1) * spread) / items : estimate.StandardError;

        // A resample in which nothing varies says nothing of its own error: the whole sample's stands in.
        return error > 0 ? Math.Abs(shift) / error : 0;
    }
}
