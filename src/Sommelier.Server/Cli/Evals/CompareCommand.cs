using System.CommandLine;
using System.Globalization;
using Sommelier.Evals.Reports;
using Sommelier.Evals.Suites;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval compare</c>: a run beside an earlier one, on the cases that both have.</summary>
internal static class CompareCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var before = OpenedRun.Argument("before");
        var after = OpenedRun.Argument("after");
        var serve = new ServeOptions(withUrls: false);
        var regression = new Option<double?>("--max-regression") { Description = "How much worse is still fine, 0 to 1. Default: what the later run's suite says, else 0.02.", HelpName = "X" };
        var alpha = new Option<double?>("--alpha") { Description = "The chance of a wrong verdict. Default: what the later run's suite says, else 0.05.", HelpName = "X" };
        var inconclusive = new Option<bool>("--fail-inconclusive") { Description = "Exit 1 also when it can be said neither that it holds nor that it fails." };
        var json = CommonOptions.Json();
        var command = new Command("compare", "Compare a run with an earlier one, model by model and case by case. Exits 1 when it got worse. Asks nobody.") { before, after };
        serve.AddTo(command);
        foreach (var option in new Option[] { regression, alpha, inconclusive, json })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(regression)?.Errors.Any() is false && result.GetValue(regression) is < 0 or > 1)
            {
                result.AddError("--max-regression is a share from 0 to 1.");
            }

            if (result.GetResult(alpha)?.Errors.Any() is false && result.GetValue(alpha) is <= 0 or >= 0.5)
            {
                result.AddError("--alpha is a share above 0 and below 0.5.");
            }
        });
        command.SetAction(parsed => Run(
            context, RunSettings.RunsOf(serve.Read(parsed).Located(context)), parsed.GetValue(before)!, parsed.GetValue(after)!, parsed.GetValue(regression), parsed.GetValue(alpha), parsed.GetValue(inconclusive), parsed.GetValue(json)));
        return command;
    }

    private static int Run(CliContext context, string runs, string before, string after, double? regression, double? alpha, bool failInconclusive, bool json)
    {
        var (earlier, later) = (OpenedRun.Find(before, runs), OpenedRun.Find(after, runs));
        var usual = later.Manifest.Gate ?? new SuiteGate();
        var gate = new SuiteGate(null, regression ?? usual.MaxRegression, alpha ?? usual.Alpha);
        var (baseline, report) = (RunReports.Read(earlier), RunReports.Read(later));
        var pairs = report.Models.Select(model => (Model: model, Before: RunReport.Counterpart(model, report.Models, baseline))).Where(static pair => pair.Before is not null).ToList();
        if (pairs.Count == 0)
        {
            throw new CliException($"the runs share no model: {string.Join(", ", earlier.Manifest.Models)} and {string.Join(", ", later.Manifest.Models)}. Two runs of one model each are compared whatever its name.");
        }

        var compared = GatedComparisons.Of(pairs.ConvertAll(pair => (CaseScores.Of(report, pair.Model), CaseScores.Of(baseline, pair.Before!))), gate.MaxRegression, gate.Alpha)
            .Zip(pairs, (one, pair) => one with { Baseline = $"{pair.Before!.Name} of {earlier.Manifest.Id}" }).ToList();
        var whole = report with { Comparisons = compared };
        if (json)
        {
            JsonOutput.Write(context.Output, writer => ReportJson.Write(writer, whole));
        }
        else
        {
            Print(context, compared);
        }

        return ReportOutput.ExitCode(whole, failInconclusive);
    }

    private static void Print(CliContext context, IReadOnlyList<ModelComparison> compared)
    {
        const int Listed = 20;
        foreach (var comparison in compared)
        {
            context.Output.WriteLine(ReportWords.Comparison(comparison));
            foreach (var regression in comparison.Regressions.Take(Listed))
            {
                context.Output.WriteLine($"  passed before, fails now: {regression}");
            }

            if (comparison.Regressions.Count > Listed)
            {
                context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {comparison.Regressions.Count - Listed} more; --json lists them all"));
            }
        }
    }
}
