namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>Call-performance threshold: the share of strong calls that recovers a share of the gap between weak and strong.</summary>
/// <remarks>Linear between the curve's points, at the first crossing; RouteLLM's code does the same where the curve rises.</remarks>
internal static class Cpt
{
    /// <param name="curve">The curve.</param>
    /// <param name="recovered">The share of the gap, e.g. 0.5 for CPT50.</param>
    /// <returns>0 to 1.</returns>
    public static double Of(PairCurve curve, double recovered)
    {
        var wanted = curve.Weak + (recovered * (curve.Strong - curve.Weak));
        for (var i = 1; i < curve.Shares.Length; i++)
        {
            if (curve.Quality[i] >= wanted)
            {
                var (low, high) = (curve.Quality[i - 1], curve.Quality[i]);
                var part = high > low ? (wanted - low) / (high - low) : 1;
                return curve.Shares[i - 1] + (Math.Clamp(part, 0, 1) * (curve.Shares[i] - curve.Shares[i - 1]));
            }
        }

        return 1;
    }
}
