using System.CommandLine;

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
            var report = RunReports.Read(opened.Folder, RunSettings.RunsOf(parsed.GetValue(data)), null);
            return new ReportOutput(context).Print(report, opened.Folder, parsed.GetValue(json), failInconclusive: false);
        });
        return command;
    }
}
