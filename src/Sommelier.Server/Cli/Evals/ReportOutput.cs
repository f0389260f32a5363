using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Evals.Reports;
using Sommelier.Evals.Runs;
using Sommelier.Statistics.Planning;
using Spectre.Console;

namespace Sommelier.Server.Cli.Evals;

/// <summary>Prints a report and says what the process ends with.</summary>
/// <param name="context">The process.</param>
internal sealed class ReportOutput(CliContext context)
{
    /// <summary>Prints; the exit code follows from how the run ended.</summary>
    /// <param name="report">It.</param>
    /// <param name="folder">Where the run lies.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="failInconclusive">Whether an open verdict fails.</param>
    public int Print(RunReport report, RunFolder folder, bool json, bool failInconclusive)
    {
        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                writer.WriteString("folder", folder.Path);
                ReportJson.Write(writer, report);
            });
        }
        else
        {
            Table(report);
            foreach (var pairs in report.Pairs.Where(static pairs => pairs.Models.Count > 0))
            {
                Standings(pairs);
            }

            Remarks(report, folder);
        }

        return ExitCode(report, failInconclusive);
    }

    /// <summary>What the process ends with. A run that is not whole says so before what it found.</summary>
    public static int ExitCode(RunReport report, bool failInconclusive) => report switch
    {
        { End: RunEnd.Budget } => ExitCodes.Budget,
        { End: RunEnd.Canceled } => ExitCodes.Infrastructure,
        { End: RunEnd.Complete } when report.Unreliable || report.Models.Any(static model => model.Scored + model.Missing < model.Expected) || report.Pairs.Any(static pairs => pairs.IsUnreliable) => ExitCodes.Infrastructure,
        { Gate: Verdict.Fail } => ExitCodes.GateFailed,
        { Gate: Verdict.Inconclusive } when failInconclusive => ExitCodes.GateFailed,
        _ => ExitCodes.Fine,
    };

    private void Standings(PairReport pairs)
    {
        var styled = pairs.StyleEffects.Count > 0;
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(Markup.Escape($"side by side: {pairs.Suite}"));
        table.AddColumn(new TableColumn("rating").RightAligned());
        table.AddColumn("95 % interval");
        if (styled)
        {
            table.AddColumn(new TableColumn("same style").RightAligned());
            table.AddColumn("95 % interval");
        }

        table.AddColumn(new TableColumn("wins %").RightAligned());
        table.AddColumn("95 % interval");
        table.AddColumn(new TableColumn("won/tied/lost").RightAligned());
        foreach (var one in pairs.Models)
        {
            List<string> cells = [Markup.Escape(one.Model), .. Rating(one.Standing)];
            cells.AddRange(styled ? Rating(one.StyleControlled!) : []);
            cells.Add(ReportWords.Percent(one.WinRate.Mean));
            cells.Add(one.WinRate.Interval is { } interval ? $"{ReportWords.Percent(interval.Low)} to {ReportWords.Percent(interval.High)}" : "");
            cells.Add($"{Number(one.Tally.First)}/{Number(one.Tally.Ties)}/{Number(one.Tally.Second)}");
            table.AddRow([.. cells]);
        }

        context.Console.Write(table);
    }

    private static string[] Rating(Sommelier.Statistics.Ranking.Standing standing) =>
        [standing.Rating.ToString("0", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{standing.Interval.Low:0} to {standing.Interval.High:0}")];

    private void Table(RunReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("model");
        table.AddColumn(new TableColumn("score").RightAligned());
        table.AddColumn("95 % interval");
        table.AddColumn(new TableColumn("passed").RightAligned());
        table.AddColumn(new TableColumn("n").RightAligned());
        table.AddColumn(new TableColumn("USD/1000").RightAligned());
        table.AddColumn(new TableColumn("p50 ms").RightAligned());
        table.AddColumn(new TableColumn("p95 ms").RightAligned());
        foreach (var intent in report.Intents.Count > 1 ? report.Intents : [])
        {
            table.AddColumn(new TableColumn(intent.Name()).RightAligned());
        }

        foreach (var model in report.Models)
        {
            List<string> cells =
            [
                Markup.Escape(model.Name),
                ReportWords.Percent(model.Score.Mean),
                model.Score.Interval is { } interval ? $"{ReportWords.Percent(interval.Low)} to {ReportWords.Percent(interval.High)}" : "",
                model.Scored == 0 ? "" : ReportWords.Percent(model.PassRate),
                model.Missing == 0 ? Number(model.Scored) : $"{Number(model.Scored)} (-{Number(model.Missing)})",
                model.CostPerAnswerUsd is { } cost ? (cost * 1000).ToString("0.###", CultureInfo.InvariantCulture) : "?",
                Milliseconds(model.MedianLatency),
                Milliseconds(model.P95Latency),
            ];
            cells.AddRange((report.Intents.Count > 1 ? report.Intents : []).Select(intent => model.ByIntent.FirstOrDefault(pair => pair.Key == intent) is { Value.Count: > 0 } found ? ReportWords.Percent(found.Value.Mean) : ""));
            table.AddRow([.. cells]);
        }

        context.Console.Write(table);
    }

    private void Remarks(RunReport report, RunFolder folder)
    {
        if (report.Manifest.Simulated)
        {
            context.Output.WriteLine("Simulated: no model was asked and nothing was spent. Who is right how often is drawn from the catalog's quality figures.");
        }

        foreach (var sentence in ReportWords.Of(report))
        {
            context.Output.WriteLine(sentence);
        }

        var missing = report.Results.All.Where(static result => result.Score is null).GroupBy(static result => result.Answer is null ? result.Error : result.Grades.FirstOrDefault(static grade => grade.State == Sommelier.Evals.Graders.GradeState.Missing)?.Reason ?? "", StringComparer.Ordinal);
        foreach (var group in missing.OrderByDescending(static group => group.Count()).Take(3))
        {
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Count()} missing: {group.Key}"));
        }

        if (report.Unanswered > 0 && report.End != RunEnd.Decided)
        {
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Unanswered} answers are still to be had: sommelier eval resume {folder.Path}"));
        }

        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Results.SpentUsd:0.####} USD {(report.Manifest.Simulated ? "would have been " : "")}spent. {folder.Path}"));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan? time) => time is { } known ? known.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) : "";
}
