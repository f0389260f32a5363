using System.CommandLine;
using Sommelier.Evals.Reports;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval report</c>: a run's report in one of its forms.</summary>
internal static class ReportCommand
{
    private static readonly string[] Formats = ["table", "json", "csv", "csv-pairs", "junit", "github", "html"];

    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var run = OpenedRun.Argument();
        var format = new Option<string>("--format", "-f") { Description = "table; json; csv: a row for each answer; csv-pairs: a row for each comparison; junit: XML for build servers; github: annotations for Actions; html: one file with everything. Default: table.", HelpName = "FORMAT", DefaultValueFactory = static _ => Formats[0] };
        var output = new Option<string?>("--out", "-o") { Description = "Write to this file.", HelpName = "FILE" };
        var serve = new ServeOptions(withUrls: false);
        var inconclusive = new Option<bool>("--fail-inconclusive") { Description = "Exit 1 also when a gate can be said neither to hold nor to fail." };
        var json = CommonOptions.Json();
        format.AcceptOnlyFromAmong(Formats);
        var command = new Command("report", "Show what a run came to. Asks nobody. Exits 1 when a gate fails.") { run, format, output };
        serve.AddTo(command);
        command.Options.Add(inconclusive);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var runs = RunSettings.RunsOf(serve.Read(parsed).Located(context));
            var opened = OpenedRun.Find(parsed.GetValue(run)!, runs);
            var report = RunReports.Read(opened.Folder, runs, null);
            var form = parsed.GetValue(json) ? "json" : parsed.GetValue(format)!;
            if (parsed.GetValue(output) is not { } file)
            {
                return Write(context, form, report, opened, parsed.GetValue(inconclusive));
            }

            try
            {
                using var writer = new StreamWriter(file);
                return Write(context.Over(writer), form, report, opened, parsed.GetValue(inconclusive));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"{file} cannot be written: {failure.Message}", ExitCodes.Infrastructure);
            }
        });
        return command;
    }

    private static int Write(CliContext context, string format, RunReport report, OpenedRun run, bool failInconclusive)
    {
        switch (format)
        {
            case "csv":
                ReportCsv.Write(context.Output, report);
                break;
            case "csv-pairs":
                PairCsv.Write(context.Output, report);
                break;
            case "junit":
                ReportJUnit.Write(context.Output, report);
                break;
            case "github":
                ReportAnnotations.Write(context.Output, report);
                break;
            case "html":
                ReportHtml.Write(context.Output, report);
                break;
            default:
                return new ReportOutput(context).Print(report, run.Folder, format is "json", failInconclusive);
        }

        return ReportOutput.ExitCode(report, failInconclusive);
    }
}
