using System.Globalization;
using System.Text;
using Sommelier.RouterBenchmark.Contestants;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>Reports as a page of Markdown with pictures: every set, every contestant, every figure.</summary>
internal static class BenchmarkPage
{
    /// <summary>The pictures' folder, beside the page.</summary>
    public const string Pictures = "images/router-benchmark";

    /// <summary>A set's picture.</summary>
    public static string PictureOf(SetReport report) => report.Set.Name.Replace('/', '-') + ".svg";

    /// <summary>The page.</summary>
    public static string Of(BenchmarkOptions options, IReadOnlyList<SetReport> reports)
    {
        var page = new StringBuilder(Head(options));
        page.Append(PageSummary.Of(reports));
        page.Append("\n## Strategies\n\n| strategy | what it does |\n|---|---|\n");
        foreach (var contestant in reports.SelectMany(r => r.Lines.Select(l => l.Contestant)).DistinctBy(c => (c.Name, c.What)))
        {
            var standing = contestant.Standing switch { Standing.Ours => "ours: ", Standing.Bound => "bound: ", _ => "" };
            page.Append(CultureInfo.InvariantCulture, $"| `{contestant.Name}` | {standing}{contestant.What} |\n");
        }

        foreach (var report in reports)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {report.Set.Name}\n\n{FigureText.About(report)}.\n\n![{report.Set.Name}]({Pictures}/{PictureOf(report)})\n\n");
            page.Append(CultureInfo.InvariantCulture, $"| strategy | {string.Join(" | ", report.Figures.Select(k => k.Heading))} |\n|---|{string.Concat(report.Figures.Select(_ => "---|"))}\n");
            foreach (var line in report.Lines)
            {
                var name = line.Contestant.Standing == Standing.Ours ? $"**{line.Contestant.Name}**" : line.Contestant.Name;
                page.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", report.Figures.Select(k => FigureText.Of(k, line)))} |\n");
            }
        }

        return page.ToString();
    }

    private static string Head(BenchmarkOptions options)
    {
        var sides = options.TestData.Count > 0
            ? "Every strategy learns from one side of the data and is tested on the other, less the questions that both have."
            : string.Create(CultureInfo.InvariantCulture, $"The questions are cut into {options.Folds} parts by a hash of their stem, copies together; each part is routed by what was learnt from the others, so every question is tested once and never by what has seen it.");
        return $"""
            # Router benchmark

            Written by `./sommelier bench-router DATA --markdown docs/router-benchmark.md` (seed {options.Seed.ToString(CultureInfo.InvariantCulture)}); do not edit by hand.
            The data are public outcomes in the format of [outcome-files.md](outcome-files.md), where the metrics are defined too.

            {sides} Settings are chosen by cross-validation inside what is learnt from. Figures have 95 % intervals of a bootstrap by question;
            differences (`- best single`, `- task table`: points of accuracy over the best single model as chosen on the train side, and over the
            better of the plain task tables) are paired.


            """;
    }
}
