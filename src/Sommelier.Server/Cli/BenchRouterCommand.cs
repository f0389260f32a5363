using System.CommandLine;
using Sommelier.Configuration.Building;
using Sommelier.RouterBenchmark;
using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.RouterBenchmark.Reports;
using Sommelier.Routing;
using Sommelier.Routing.Prediction;

namespace Sommelier.Server.Cli;

/// <summary><c>bench-router</c>: how well policies and predictors route questions whose outcomes are known, beside simple rules.</summary>
internal static class BenchRouterCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var data = new Argument<string[]>("DATA") { Description = "Outcome files (NAME.jsonl, NAME.jsonl.gz beside NAME.meta.json), or folders of them.", Arity = ArgumentArity.OneOrMore };
        var policy = new Option<string[]>("--policy", "-p") { Description = "A policy to test, built in or of the configuration; may be repeated. Default: frugal, balanced, premium.", HelpName = "NAME" };
        var strategy = new Option<string[]>("--strategy", "-s") { Description = "A contestant to run; may be repeated. Default: all.", HelpName = "NAME" };
        var test = new Option<string[]>("--test-data") { Description = "Files or folders of the same names to test on, after learning from all of DATA. Default: parts of DATA in turn.", HelpName = "PATH" };
        var folds = new Option<int>("--folds") { Description = "Into how many parts the questions are cut; each is tested once by what was learnt from the others.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var seed = new Option<long>("--seed") { Description = "Of the cut, the samples and the bootstrap.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var svg = new Option<string?>("--svg") { Description = "A folder for one picture per set.", HelpName = "DIR" };
        var markdown = new Option<string?>("--markdown") { Description = "A file for the whole report as a page; its pictures go into images/router-benchmark beside it.", HelpName = "FILE" };
        var save = new Option<string?>("--save") { Description = "Learn from all of DATA, which must be one set, and write the predictor of the text alone to a file for classifier.difficulty. Nothing is tested then.", HelpName = "FILE" };
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command("bench-router", "Benchmark routing on questions whose outcomes are known: quality and cost of policies and predictors beside simple rules.")
        {
            data, policy, strategy, test, folds, seed, svg, markdown, save, config, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new BenchmarkOptions
            {
                Data = parsed.GetValue(data)!,
                TestData = parsed.GetValue(test) ?? [],
                Strategies = parsed.GetValue(strategy) ?? [],
                Folds = parsed.GetValue(folds) is >= 2 and <= 100 and var n ? n : throw new CliException("--folds must be 2 to 100."),
                Seed = parsed.GetValue(seed),
            };
            if (parsed.GetValue(policy) is { Length: > 0 } names)
            {
                options = options with { Policies = Policies(context, parsed.GetValue(config), names) };
            }

            try
            {
                if (parsed.GetValue(save) is { } file)
                {
                    Train(context, options, file);
                    return Task.FromResult(ExitCodes.Fine);
                }

                Run(context, options, parsed.GetValue(json), parsed.GetValue(svg), parsed.GetValue(markdown), cancellation);
            }
            catch (OutcomeException problem)
            {
                throw new CliException(problem.Message);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CliException(failure.Message, ExitCodes.Infrastructure);
            }

            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    private static void Run(CliContext context, BenchmarkOptions options, bool json, string? svg, string? markdown, CancellationToken cancellation)
    {
        List<SetReport> reports = [];
        foreach (var report in BenchmarkRun.Of(options, cancellation))
        {
            reports.Add(report);
            if (!json)
            {
                new BenchRouterReport(context.Console).Print(report);
            }

            if (svg is not null)
            {
                Save(Path.Combine(svg, BenchmarkPage.PictureOf(report)), SvgPlot.Of(report));
            }
        }

        if (markdown is not null)
        {
            Save(markdown, BenchmarkPage.Of(options, reports));
            foreach (var report in reports)
            {
                Save(Path.Combine(Path.GetDirectoryName(markdown) ?? "", BenchmarkPage.Pictures, BenchmarkPage.PictureOf(report)), SvgPlot.Of(report));
            }
        }

        if (json)
        {
            JsonOutput.Write(context.Output, writer => BenchmarkJson.Write(writer, options, reports));
        }
    }

    private static void Train(CliContext context, BenchmarkOptions options, string file)
    {
        if (BenchmarkRun.Train(options) is not { Space: not null } predictor)
        {
            throw new CliException("the texts of DATA say nothing of which model answers them: there are too few labels, or they have no prompts. Nothing was written.");
        }

        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        using (var stream = File.Create(file))
        {
            SuccessPredictorFile.Write(predictor, stream);
        }

        context.Output.WriteLine($"{file}: success of {string.Join(", ", predictor.Models)}; as the signal difficulty it is the failure of {LearntDifficulty.Of(predictor, null).Model} unless the configuration names another");
    }

    private static Policy[] Policies(CliContext context, string? config, string[] names)
    {
        var known = GatewaySnapshotBuilder.BuildForDryRun(CommonOptions.Load(context, config), context.Environment).Snapshot.Policies;
        return [.. names.Distinct(StringComparer.Ordinal).Select(name => known.Find(name)
            ?? throw new CliException($"there is no policy '{name}'; known: {string.Join(", ", known.All.Select(p => p.Name))}."))];
    }

    private static void Save(string file, string text)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        File.WriteAllText(file, text);
    }
}
