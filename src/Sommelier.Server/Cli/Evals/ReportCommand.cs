using System.CommandLine;
using Sommelier.Evals.Reports;
using Sommelier.Evals.Runs;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval report</c>: a run's report in one of its forms.</summary>
internal static class ReportCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var run = OpenedRun.Argument();
        var data = new Option<string?>("--data") { Description = "The data folder. Default: ./.sommelier.", HelpName = "FOLDER" };
        var json = CommonOptions.Json();
        var command = new Command("report", "Show what a run came to. Asks nobody.") { run, data, json };
        command.SetAction(parsed =>
        {
            var opened = OpenedRun.Find(parsed.GetValue(run)!, RunSettings.RunsOf(parsed.GetValue(data)));
            var report = RunReport.Build(opened.Manifest, opened.Folder.ReadCases(), RunResults.Read(opened.Folder.Results), null);
            return new ReportOutput(context).Print(report, opened.Folder, parsed.GetValue(json));
        });
        return command;
    }
}
