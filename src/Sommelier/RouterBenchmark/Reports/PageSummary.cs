using System.Globalization;
using System.Text;
using Sommelier.RouterBenchmark.Contestants;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>The page's first table: of each set the simple rules beside the success predictor.</summary>
internal static class PageSummary
{
    public static string Of(IReadOnlyList<SetReport> reports)
    {
        var text = new StringBuilder();
        var pools = reports.Where(r => !r.Set.IsPair && Line(r, "predictor") is not null).ToList();
        if (pools.Count > 0)
        {
            text.Append("## Many models\n\nAccuracy, and what the predictor has over the simple rules.\n\n| set | random | best single | task table | predictor | - best single | - task table | oracle |\n|---|---|---|---|---|---|---|---|\n");
            foreach (var report in pools)
            {
                var predictor = Line(report, "predictor")!;
                text.Append(CultureInfo.InvariantCulture, $"| {report.Set.Name} | {Accuracy(report, "random")} | {Accuracy(report, "best-single")} | {Table(report)} | **{Accuracy(report, "predictor")}** | {FigureText.Of(FigureKind.OverBest, predictor)} | {FigureText.Of(FigureKind.OverTable, predictor)} | {Accuracy(report, "oracle")} |\n");
            }
        }

        var priced = pools.Where(r => Line(r, "economy") is not null).ToList();
        if (priced.Count > 0)
        {
            text.Append("\n## Quality for less money\n\n`economy` costs the least that lost no more than half a point on the train side, `thrift` the least that lost no more than a point.\n\n| set | strategy | USD/1k | cost / best single | accuracy - best single |\n|---|---|---|---|---|\n");
            foreach (var report in priced)
            {
                foreach (var line in new[] { "best-single", "economy", "thrift" }.Select(name => Line(report, name)).OfType<ReportLine>())
                {
                    text.Append(CultureInfo.InvariantCulture, $"| {report.Set.Name} | {line.Contestant.Name} | {FigureText.Of(FigureKind.Usd, line)} | {FigureText.Of(FigureKind.CostShare, line)} | {FigureText.Of(FigureKind.OverBest, line)} |\n");
                }
            }
        }

        var pairs = reports.Where(r => r.Set.IsPair).ToList();
        if (pairs.Count > 0)
        {
            text.Append("\n## A weak and a strong model\n\nAPGR by RouteLLM's definition; chance gives 0.5.\n\n| strategy |");
            text.Append(string.Concat(pairs.Select(r => $" {r.Set.Name} |"))).Append("\n|---|").Append(string.Concat(pairs.Select(_ => "---|"))).Append('\n');
            foreach (var name in pairs.SelectMany(r => r.Lines).OrderBy(l => l.Contestant.Standing).Select(l => l.Contestant.Name).Distinct(StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", pairs.Select(r => Line(r, name) is { } line ? FigureText.Of(FigureKind.Apgr, line) : "-"))} |\n");
            }
        }

        return text.ToString();
    }

    private static ReportLine? Line(SetReport report, string name) => report.Lines.FirstOrDefault(l => string.Equals(l.Contestant.Name, name, StringComparison.Ordinal));

    private static string Accuracy(SetReport report, string name) => Line(report, name) is { } line ? FigureText.Of(FigureKind.Accuracy, line) : "-";

    private static string Table(SetReport report) =>
        report.Lines.Where(l => l.Contestant is TaskMean).MaxBy(l => l.Figures[FigureKind.Accuracy].Value) is { } best ? FigureText.Of(FigureKind.Accuracy, best) : "-";
}
