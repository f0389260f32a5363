using System.CommandLine;
using Sommelier.Evals.Runs;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval amend</c>: adds models, repeats or cases to a run.</summary>
internal static class AmendCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new RunOptions();
        var run = OpenedRun.Argument();
        var models = new Option<string?>("--models", "-m") { Description = "Models to add, separated by commas.", HelpName = "LIST" };
        var repeats = new Option<int?>("--repeats") { Description = "How often each case is to be asked now; no less than before.", HelpName = "N" };
        var cases = new Option<int?>("--cases") { Description = "How many cases a run of a sample is to have now; no less than before.", HelpName = "N" };
        var command = new Command("amend", "Add models, repeats or cases to a run. What it has is kept; only what is new is asked for.") { run, models, repeats, cases };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = options.Read(context, parsed);
            var opened = OpenedRun.Find(parsed.GetValue(run)!, settings.Runs);
            return new EvalJob(context, settings).DoAsync(
                opened.Folder, Amended(opened.Manifest, RunOptions.Names(parsed.GetValue(models)), parsed.GetValue(repeats), parsed.GetValue(cases), settings.MaxUsd), opened.Suites(context), again: false, cancellationToken);
        });
        return command;
    }

    private static RunManifest Amended(RunManifest manifest, IReadOnlyList<string> models, int? repeats, int? cases, decimal? cap)
    {
        if (models.Count == 0 && repeats is null && cases is null)
        {
            throw new CliException("there is nothing to add. Give --models, --repeats or --cases.");
        }

        if (repeats < (manifest.Repeats ?? 1) || repeats > 1000)
        {
            throw new CliException($"--repeats is a number from {manifest.Repeats ?? 1}, which the run has, to 1000.");
        }

        if (cases is { } more && (manifest.Cases is not { } sample || more < sample))
        {
            throw new CliException(manifest.Cases is { } has ? $"--cases is a number from {has}, which the run has." : "the run has all cases already: --cases is for one that was begun with --cases.");
        }

        IReadOnlyList<string> all = [.. manifest.Models, .. models.Except(manifest.Models, StringComparer.Ordinal)];
        if (manifest.Models.Count > 0 && EvalGateway.AreSimulated(all) != manifest.Simulated)
        {
            throw new CliException("simulated models (demo/…) and real ones cannot be in one run: their figures do not compare.");
        }

        return manifest with { Models = all, Repeats = repeats ?? manifest.Repeats, Cases = cases ?? manifest.Cases, Simulated = EvalGateway.AreSimulated(all), MaxUsd = cap ?? manifest.MaxUsd };
    }
}
