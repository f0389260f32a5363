namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>Average performance gap recovered: the area of a pair's curve over weak alone, as a share of that of strong alone.</summary>
/// <remarks>(AUC - AUC weak) / (AUC strong - AUC weak), by trapezoids over the share of strong calls: RouteLLM's code. 0.5 is what chance gives.</remarks>
internal static class Apgr
{
    public static double Of(PairCurve curve)
    {
        var area = 0.0;
        for (var i = 1; i < curve.Shares.Length; i++)
        {
            area += (curve.Shares[i] - curve.Shares[i - 1]) * (curve.Quality[i] + curve.Quality[i - 1]) / 2;
        }

        return (area - curve.Weak) / (curve.Strong - curve.Weak);
    }
}
