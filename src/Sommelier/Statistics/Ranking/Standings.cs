using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Ranking;

/// <summary>A model's place.</summary>
/// <param name="Model">Which one.</param>
/// <param name="Rating">On Elo's scale; the anchor has 1000.</param>
/// <param name="Interval">Of the rating.</param>
/// <param name="Rank">1 + the number of models whose lower bound lies above this one's upper bound; several may share it.</param>
internal sealed record Standing(int Model, double Rating, Interval Interval, int Rank);

/// <summary>The table of a Bradley-Terry fit, with bootstrapped intervals.</summary>
/// <remarks>
/// As Chatbot Arena's (Chiang et al., arXiv 2403.04132, section 5; FastChat's rating_systems.py): games are drawn again with
/// replacement, that is a multinomial draw of the counts of their unique rows, and fitted anew. The intervals are of strengths
/// around the models' average, so the anchor has one too.
/// </remarks>
internal static class Standings
{
    /// <summary>In the order of the models.</summary>
    /// <param name="games">The games.</param>
    /// <param name="anchor">The model that gets 1000.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="rounds">Resamples, 200 unless said otherwise; each is a fit.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    /// <param name="clusters">Games that belong together, of one case or source: whole clusters are drawn then. Null where all are independent.</param>
    public static Standing[] Of(BradleyTerry games, int anchor, ulong seed, int rounds = 200, double confidence = 0.95, Clusters? clusters = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(games.RowOfGame.Length, nameof(games));
        var units = Units(games, clusters);
        var fit = games.Fit();
        var models = fit.Strengths.Length;
        var drawn = new double[models][];
        for (var model = 0; model < models; model++)
        {
            drawn[model] = new double[rounds];
        }

        var random = new SeededRandom(seed);
        var counts = new double[games.Rows];
        var again = new int[units.Length];
        for (var round = 0; round < rounds; round++)
        {
            counts.AsSpan().Clear();
            random.Fill(again, again.Length);
            foreach (var unit in again)
            {
                foreach (var row in units[unit])
                {
                    counts[row]++;
                }
            }

            var parameters = games.Fit(counts, [.. fit.Strengths, .. fit.StyleEffects]);
            for (var model = 0; model < models; model++)
            {
                drawn[model][round] = BradleyTerry.ToRating(parameters[model] - fit.Strengths[anchor]);
            }
        }

        var intervals = Array.ConvertAll(drawn, ratings => Bootstrap.Percentile(ratings, confidence));
        var ranks = Ranks(intervals);
        var standings = new Standing[models];
        for (var model = 0; model < models; model++)
        {
            standings[model] = new(model, fit.Rating(model, anchor), intervals[model], ranks[model]);
        }

        return standings;
    }

    // The rows of the games of each unit that is drawn as one.
    private static int[][] Units(BradleyTerry games, Clusters? clusters)
    {
        if (clusters is null)
        {
            return [.. games.RowOfGame.Select(static row => new[] { row })];
        }

        Moments.ThrowIfUneven(games.RowOfGame.Length, clusters.Codes.Length, nameof(clusters));
        var units = new List<int>[clusters.Count];
        for (var game = 0; game < games.RowOfGame.Length; game++)
        {
            (units[clusters.Codes[game]] ??= []).Add(games.RowOfGame[game]);
        }

        return [.. units.Select(static rows => rows.ToArray())];
    }

    /// <summary>1 + the number of intervals that lie wholly above each.</summary>
    public static int[] Ranks(ReadOnlySpan<Interval> intervals)
    {
        var ranks = new int[intervals.Length];
        for (var i = 0; i < ranks.Length; i++)
        {
            ranks[i] = 1;
            foreach (var other in intervals)
            {
                ranks[i] += other.Low > intervals[i].High ? 1 : 0;
            }
        }

        return ranks;
    }
}
