using System.CommandLine;
using System.Globalization;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval run</c>: asks models what suites ask, grades, reports.</summary>
internal static class RunCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new RunOptions();
        var files = new Argument<string[]>("suite") { Description = $"Suites: files that end in {SuiteReader.Extension}.", Arity = ArgumentArity.OneOrMore };
        var models = new Option<string?>("--models", "-m") { Description = "Whom to ask, separated by commas: provider/model, or demo/provider/model for a simulated one that needs no key. The first is the baseline.", HelpName = "LIST" };
        var repeats = new Option<int?>("--repeats") { Description = "How often to ask each case. Default: as the suite says.", HelpName = "N" };
        var cases = new Option<int?>("--cases") { Description = "Ask no more than so many cases: a sample by chance, spread over the intents. 'eval amend --cases' asks more of them. Default: all.", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Of the order. Default: 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = "The folder of the run. Default: a new one below the data folder.", HelpName = "DIR" };
        var stop = new Option<bool>("--stop") { Description = "End as soon as every model is told from the first one, also where the suite does not say so." };
        var command = new Command("run", "Ask models what suites ask, grade the answers and report. Exits 1 when a gate fails, 3 when models could not be asked, 4 when the money does not suffice.") { files, models, repeats, cases, seed, output, stop };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(repeats)?.Errors.Any() is false && result.GetValue(repeats) is < 1 or > 1000)
            {
                result.AddError("--repeats is a number from 1 to 1000.");
            }

            if (result.GetResult(cases)?.Errors.Any() is false && result.GetValue(cases) is < 1)
            {
                result.AddError("--cases is a number from 1.");
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, options.Read(context, parsed), parsed.GetValue(files)!, RunOptions.Names(parsed.GetValue(models)), parsed.GetValue(repeats), parsed.GetValue(cases), parsed.GetValue(seed), parsed.GetValue(output), parsed.GetValue(stop), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CliContext context, RunSettings settings, string[] files, IReadOnlyList<string> models, int? repeats, int? cases, int seed, string? output, bool stop, CancellationToken cancellationToken)
    {
        var suites = SuiteFiles.Load(context, files);
        if (models.Count == 0 && suites.Any(static suite => suite.Cases.Any(static asked => asked.Output is null)))
        {
            throw new CliException("nobody is named to ask. Give --models provider/model,…, or --models demo/anthropic/claude-opus-5-5 for a simulated one.");
        }

        var at = context.Time.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture, $"{at:yyyyMMdd-HHmmss-fff}");
        var folder = new RunFolder(output ?? Path.Combine(settings.Runs, id));
        if (folder.Exists)
        {
            throw new CliException($"{folder.Path} holds a run already. Go on with 'sommelier eval resume {folder.Path}', or name another folder.");
        }

        var manifest = new RunManifest
        {
            Id = id,
            CreatedAt = at,
            Suites = [.. suites.Select(SuiteReference.Of)],
            Models = models,
            Repeats = repeats,
            Cases = cases,
            Seed = seed,
            Simulated = EvalGateway.AreSimulated(models),
            MaxUsd = settings.MaxUsd,
            Gate = suites.Select(static suite => suite.Gate).FirstOrDefault(static gate => gate is not null),
            Stop = stop || suites.Any(static suite => suite.Stop is not null),
        };
        try
        {
            return await new EvalJob(context, settings).DoAsync(folder, manifest, suites, again: false, cancellationToken);
        }
        finally
        {
            // What was refused before it began leaves nothing behind.
            if (output is null && !folder.Exists && Directory.Exists(folder.Path))
            {
                Directory.Delete(folder.Path, recursive: true);
            }
        }
    }
}
