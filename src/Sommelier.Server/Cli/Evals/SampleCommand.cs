using System.CommandLine;
using System.Globalization;
using Sommelier.Configuration;
using Sommelier.Evals.Sampling;
using Sommelier.Evals.Suites;
using Sommelier.Gateway.Bodies;
using Sommelier.Server.Cli.Ledger;
using Sommelier.Server.Cli.Quality;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval sample</c>: requests out of the ledger, with the answers that were given, as a suite.</summary>
internal static class SampleCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new SampleOptions();
        var output = new Option<string>("--out", "-o") { Description = $"The suite to write, a file that ends in {SuiteReader.Extension}; its cases go to a .cases.jsonl beside it. Default: sample{SuiteReader.Extension}.", HelpName = "FILE", DefaultValueFactory = _ => $"sample{SuiteReader.Extension}" };
        var force = new Option<bool>("--force") { Description = "Write over files that are there." };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("sample", "Make a suite of requests out of the ledger, where it keeps prompts and answers (ledger.bodies).") { output };
        options.AddTo(command);
        command.Options.Add(force);
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) =>
        {
            var (settings, place, target) = (options.Read(parsed), serve.Read(parsed), parsed.GetRequiredValue(output));
            if (!target.EndsWith(SuiteReader.Extension, StringComparison.Ordinal) || Path.GetFileName(target).Length == SuiteReader.Extension.Length)
            {
                throw new CliException($"--out names a file that ends in {SuiteReader.Extension}.");
            }

            return OpenedLedger.UseAsync(context, place, (ledger, config) => OpenedQuality.UseAsync(
                context,
                place,
                async (book, _) =>
                {
                    await using var database = config.Postgres is { } shared ? Database.OfPostgres(shared) : Database.OfSqlite(config.DatabasePath);
                    var bodies = new BodyStore(database);
                    await bodies.PrepareAsync(context.Time, cancellationToken);
                    var sample = await new LedgerSample(ledger, book, bodies).DrawAsync(settings, cancellationToken);
                    if (sample.Cases.Count == 0)
                    {
                        throw new CliException(Nothing(sample, config));
                    }

                    Report(context, sample, Write(context, SampleFiles.Of(sample, settings, target), parsed.GetValue(force)), settings, parsed.GetValue(json));
                },
                cancellationToken));
        });
        return command;
    }

    private static Suite Write(CliContext context, IReadOnlyList<(string Name, string Text)> files, bool force)
    {
        if (!force && files.FirstOrDefault(static file => File.Exists(file.Name)).Name is { } there)
        {
            throw new CliException($"{there} is there already; give --force to write over it, or --out with another name.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(files[0].Name))!);
            foreach (var (name, text) in files)
            {
                File.WriteAllText(name, text);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{files[0].Name} cannot be written: {failure.Message}", ExitCodes.Infrastructure);
        }

        // A judge that is no name, for one, is told here and not when the suite is run.
        return SuiteFiles.Load(context, [files[0].Name])[0];
    }

    private static string Nothing(DrawnSample sample, SommelierConfig config)
    {
        if (sample.Passed == 0)
        {
            return sample.Looked == 0 ? "the ledger has no chats of that time and those keys." : string.Create(CultureInfo.InvariantCulture, $"of {sample.Looked} chats none passes; loosen the filter.");
        }

        if (sample.WithoutBodies < sample.Passed)
        {
            return $"nothing was drawn. {Rest(sample)}";
        }

        var remedy = config.Bodies switch
        {
            null => "Prompts and answers are not stored: set ledger.bodies.store: all in sommelier.yaml, and sample what comes in from then on.",
            { Store: BodyStorage.Errors } => "Prompts and answers are stored of errors only: set ledger.bodies.store: all in sommelier.yaml, or sample with --outcome failed.",
            _ => "They are older than ledger.bodies.retention, from before ledger.bodies.store was set, or of keys with no_bodies.",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{sample.Passed} requests pass, and of none the prompt and answer are stored. {remedy}");
    }

    private static string Rest(DrawnSample sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"Of {sample.Looked} chats {sample.Passed} pass; {sample.WithoutBodies} have no stored bodies, {sample.Cut} were cut when stored (ledger.bodies.max_bytes), {sample.Unreadable} are no whole conversation with an answer, {sample.Alike} are nearly another.");

    private static void Report(CliContext context, DrawnSample sample, Suite suite, SampleSettings settings, bool json)
    {
        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                writer.WriteString("suite", suite.File);
                writer.WriteString("hash", suite.Hash);
                writer.WriteNumber("cases", sample.Cases.Count);
                writer.WriteNumber("looked", sample.Looked);
                writer.WriteNumber("passed", sample.Passed);
                writer.WriteNumber("without_bodies", sample.WithoutBodies);
                writer.WriteNumber("cut", sample.Cut);
                writer.WriteNumber("unreadable", sample.Unreadable);
                writer.WriteNumber("alike", sample.Alike);
                writer.WriteStartObject("intents");
                foreach (var (name, counts) in sample.Intents)
                {
                    writer.WriteStartObject(name.Length > 0 ? name : "unclassified");
                    writer.WriteNumber("found", counts.Found);
                    writer.WriteNumber("drawn", counts.Drawn);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            });
            return;
        }

        var table = RouteReport.PlainTable("intent", "found", "drawn");
        foreach (var (name, counts) in sample.Intents)
        {
            RouteReport.Row(table, name.Length > 0 ? name : "(unclassified)", counts.Found.ToString(CultureInfo.InvariantCulture), counts.Drawn.ToString(CultureInfo.InvariantCulture));
        }

        context.Console.Write(table);
        context.Output.WriteLine(Rest(sample));
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{suite.File}: {suite.Cases.Count} cases."));
        context.Output.WriteLine(settings.Answer == SampledAnswer.Output ? $"Grade the recorded answers: sommelier eval run {suite.File}" : $"Ask models: sommelier eval run {suite.File} --models provider/model,…");
    }
}
