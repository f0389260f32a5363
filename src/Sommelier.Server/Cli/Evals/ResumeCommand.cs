using System.CommandLine;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval resume</c>: makes exactly what an interrupted run lacks.</summary>
internal static class ResumeCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new RunOptions();
        var run = OpenedRun.Argument();
        var command = new Command("resume", "Go on with a run that was interrupted, ran out of money or could not reach a model: exactly the answers that are missing are asked for.") { run };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = options.Read(context, parsed);
            var opened = OpenedRun.Find(parsed.GetValue(run)!, settings.Runs);

            // A cap that is given now takes the place of the one that was reached.
            var manifest = settings.MaxUsd is { } cap ? opened.Manifest with { MaxUsd = cap } : opened.Manifest;
            return new EvalJob(context, settings).DoAsync(opened.Folder, manifest, opened.Suites(context), again: false, cancellationToken);
        });
        return command;
    }
}
