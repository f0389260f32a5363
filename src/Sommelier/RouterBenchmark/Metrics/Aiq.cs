namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>Average improvement in quality: the mean height, over a range of costs, of the non-decreasing convex hull of (cost, quality).</summary>
/// <remarks>
/// RouterBench (Hu et al. 2024, arXiv 2403.12031), section 3: settings between two points can be had by drawing lots, so the hull
/// is what a router offers; left of its first point it is mixed with answering nothing at no cost, right of its best point more
/// money buys nothing.
/// </remarks>
internal static class Aiq
{
    /// <param name="points">Mean cost and mean quality at each setting of the router; at least one.</param>
    /// <param name="from">The cheapest cost of the range.</param>
    /// <param name="to">The dearest cost of the range; above <paramref name="from"/>.</param>
    public static double Of(IEnumerable<(double Usd, double Quality)> points, double from, double to)
    {
        var hull = Hull(points);
        var area = 0.0;
        for (var i = 1; i < hull.Count; i++)
        {
            area += Segment(hull[i - 1], hull[i], from, to);
        }

        var (end, best) = hull[^1];
        area += best * Math.Max(0, to - Math.Max(from, end));
        return area / (to - from);
    }

    /// <summary>The hull from (0, 0) to the best point.</summary>
    public static IReadOnlyList<(double Usd, double Quality)> Hull(IEnumerable<(double Usd, double Quality)> points)
    {
        List<(double Usd, double Quality)> hull = [(0, 0)];
        foreach (var point in points.OrderBy(p => p.Usd).ThenByDescending(p => p.Quality))
        {
            if (point.Quality <= hull[^1].Quality)
            {
                continue;
            }

            while (hull.Count > 1 && Slope(hull[^2], point) >= Slope(hull[^2], hull[^1]))
            {
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(point);
        }

        return hull;
    }

    private static double Slope((double Usd, double Quality) a, (double Usd, double Quality) b) =>
        b.Usd > a.Usd ? (b.Quality - a.Quality) / (b.Usd - a.Usd) : double.PositiveInfinity;

    private static double Segment((double Usd, double Quality) a, (double Usd, double Quality) b, double from, double to)
    {
        var (low, high) = (Math.Max(a.Usd, from), Math.Min(b.Usd, to));
        return high <= low ? 0 : (high - low) * (At(a, b, low) + At(a, b, high)) / 2;
    }

    private static double At((double Usd, double Quality) a, (double Usd, double Quality) b, double usd) =>
        a.Quality + ((usd - a.Usd) / (b.Usd - a.Usd) * (b.Quality - a.Quality));
}
