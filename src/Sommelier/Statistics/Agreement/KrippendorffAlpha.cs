namespace Sommelier.Statistics.Agreement;

/// <summary>How far two ratings differ: 0 for the same.</summary>
internal enum RatingDistance
{
    /// <summary>Labels: the same or not.</summary>
    Nominal,

    /// <summary>Numbers: the squared difference.</summary>
    Interval,
}

/// <summary>How far any number of raters agree beyond chance, where each may have left out items.</summary>
/// <remarks>
/// K. Krippendorff, Content Analysis, 4th ed., 2019, chapter 12: 1 - observed disagreement within items / disagreement of all
/// ratings shuffled. Items with fewer than two ratings do not count.
/// </remarks>
internal static class KrippendorffAlpha
{
    /// <param name="ratings">Per rater one rating per item; NaN where there is none.</param>
    /// <param name="distance">What a disagreement weighs.</param>
    /// <returns>1 at full agreement, 0 at chance; null where no item has two ratings or all ratings are one.</returns>
    public static double? Of(IReadOnlyList<double[]> ratings, RatingDistance distance)
    {
        var pooled = new List<double>();
        double within = 0;
        for (var item = 0; item < (ratings.Count > 0 ? ratings[0].Length : 0); item++)
        {
            var start = pooled.Count;
            for (var rater = 0; rater < ratings.Count; rater++)
            {
                if (!double.IsNaN(ratings[rater][item]))
                {
                    pooled.Add(ratings[rater][item]);
                }
            }

            var given = pooled.Count - start;
            if (given < 2)
            {
                pooled.RemoveRange(start, given);
                continue;
            }

            within += Disagreement(pooled, start, distance) / (given - 1);
        }

        var total = pooled.Count > 1 ? Disagreement(pooled, 0, distance) : 0;
        return total > 0 ? 1 - ((pooled.Count - 1) * within / total) : null;
    }

    /// <summary>The distances of all ordered pairs from a place on.</summary>
    private static double Disagreement(List<double> ratings, int start, RatingDistance distance)
    {
        double sum = 0;
        for (var i = start; i < ratings.Count; i++)
        {
            for (var j = start; j < i; j++)
            {
                var away = ratings[i] - ratings[j];
                sum += distance == RatingDistance.Interval ? 2 * away * away : away == 0 ? 0 : 2;
            }
        }

        return sum;
    }
}
