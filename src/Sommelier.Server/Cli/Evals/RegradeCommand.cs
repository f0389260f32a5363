using System.CommandLine;
using Sommelier.Evals.Runs;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval regrade</c>: holds the answers of a run to its suites as they are now.</summary>
internal static class RegradeCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new RunOptions();
        var run = OpenedRun.Argument();
        var command = new Command("regrade", "Grade a run's answers by its suites as they are now. Models are asked only for cases that are new or ask something else now; judges for what they were not asked yet, and for all with --no-cache.") { run };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = options.Read(context, parsed);
            var opened = OpenedRun.Find(parsed.GetValue(run)!, settings.Runs);
            var suites = SuiteFiles.Load(context, [.. opened.Manifest.Suites.Select(static suite => suite.File)]);

            return new EvalJob(context, settings).DoAsync(opened.Folder, opened.Manifest with { Suites = [.. suites.Select(SuiteReference.Of)] }, suites, again: true, cancellationToken);
        });
        return command;
    }
}
