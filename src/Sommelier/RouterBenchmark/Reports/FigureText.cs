using System.Globalization;
using Sommelier.RouterBenchmark.Metrics;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>How figures and sets are written for people.</summary>
internal static class FigureText
{
    /// <summary><c>0.661 (0.640..0.683)</c></summary>
    public static string Of(FigureKind kind, Estimate estimate) => $"{One(kind, estimate.Value)} ({One(kind, estimate.Range.Low)}..{One(kind, estimate.Range.High)})";

    /// <summary>The figure of a line, or a dash.</summary>
    public static string Of(FigureKind kind, ReportLine line) => line.Figures.TryGetValue(kind, out var estimate) ? Of(kind, estimate) : "-";

    /// <summary>What the set is: questions, models, costs, and what was left out.</summary>
    public static string About(SetReport report)
    {
        var set = report.Set;
        var models = set.IsPair ? $"{set.Models[0]} against {set.Models[1]}" : $"{set.Models.Count} models";
        var costs = set.Costs switch
        {
            CostSource.Recorded => "; USD per question as recorded",
            CostSource.ListPrices => "; USD estimated from list prices",
            _ => set.IsPair ? "; cost is the share of calls to the strong model" : "; no costs",
        };
        var left = (set.ModelsLeftOut, set.RowsLeftOut) switch
        {
            (0, 0) => "",
            (0, var rows) => string.Create(CultureInfo.InvariantCulture, $"; {rows} rows left out"),
            (var m, 0) => string.Create(CultureInfo.InvariantCulture, $"; {m} models with too few scores left out"),
            var (m, rows) => string.Create(CultureInfo.InvariantCulture, $"; {m} models with too few scores and {rows} rows left out"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{report.Tested:N0} rows ({report.Questions:N0} questions), {models}{costs}{left}");
    }

    private static string One(FigureKind kind, double value) =>
        double.IsFinite(value) ? value.ToString(kind.Format, CultureInfo.InvariantCulture) : "-";
}
