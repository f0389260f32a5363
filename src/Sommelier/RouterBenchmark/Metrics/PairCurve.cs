using System.Runtime.InteropServices;

namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>Quality over the share of calls to the strong model, as RouteLLM's code has it.</summary>
/// <remarks>
/// <c>routellm/evals/evaluate.py</c> of lm-sys/RouteLLM @0b64fda: eleven thresholds at the deciles of the scores (linear between
/// neighbours); strong when the score reaches the threshold, at the last one when it is above.
/// </remarks>
/// <param name="Shares">Share of strong calls, rising from 0 to 1.</param>
/// <param name="Quality">Mean score at each.</param>
internal sealed record PairCurve(double[] Shares, double[] Quality)
{
    private const int Deciles = 10;

    /// <summary>Quality when nothing goes to the strong model.</summary>
    public double Weak => Quality[0];

    /// <summary>Quality when everything does.</summary>
    public double Strong => Quality[^1];

    /// <summary>The curve of questions.</summary>
    /// <param name="pairs">The questions, by rising score.</param>
    /// <param name="times">How often each counts; empty for once.</param>
    public static PairCurve Of(ReadOnlySpan<PairScore> pairs, ReadOnlySpan<int> times)
    {
        var count = 0;
        double weak = 0, strong = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            var n = times.IsEmpty ? 1 : times[i];
            count += n;
            weak += n * pairs[i].Weak;
            strong += n * pairs[i].Strong;
        }

        var shares = new double[Deciles + 1];
        var quality = new double[Deciles + 1];
        shares[Deciles] = 1;
        quality[Deciles] = strong / count;
        quality[0] = weak / count;

        // What lies under the threshold goes to the weak model; the thresholds rise, so one walk serves all.
        var at = 0;
        var below = 0;
        var sum = strong;
        var walk = new Walk(pairs, times);
        for (var decile = 1; decile < Deciles; decile++)
        {
            var threshold = walk.Quantile((double)decile / Deciles * (count - 1));
            for (; at < pairs.Length && pairs[at].Score < threshold; at++)
            {
                var n = times.IsEmpty ? 1 : times[at];
                below += n;
                sum += n * (pairs[at].Weak - pairs[at].Strong);
            }

            shares[Deciles - decile] = 1 - ((double)below / count);
            quality[Deciles - decile] = sum / count;
        }

        return new(shares, quality);
    }

    // Finds scores at rising positions of the list in which each stands as often as it counts.
    private ref struct Walk(ReadOnlySpan<PairScore> pairs, ReadOnlySpan<int> times)
    {
        private readonly ReadOnlySpan<PairScore> pairs = pairs;
        private readonly ReadOnlySpan<int> times = times;
        private int at;
        private int upTo;

        public double Quantile(double position)
        {
            var whole = (int)position;
            var low = At(whole);
            var part = position - whole;
            return part == 0 ? low : low + (part * (Peek(whole + 1) - low));
        }

        private double At(int index)
        {
            while (upTo <= index)
            {
                upTo += times.IsEmpty ? 1 : times[at];
                at++;
            }

            return pairs[at - 1].Score;
        }

        private readonly double Peek(int index)
        {
            var copy = this;
            return copy.At(index);
        }
    }
}

/// <summary>A question's score by a router, and how well each model answered it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PairScore(double Score, double Weak, double Strong);
