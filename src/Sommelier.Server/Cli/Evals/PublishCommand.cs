using System.CommandLine;
using Sommelier.Evals.Publishing;
using Sommelier.Quality;
using Sommelier.Server.Cli.Accounts;
using Sommelier.Server.Cli.Quality;

namespace Sommelier.Server.Cli.Evals;

/// <summary><c>eval publish</c>: what a run found becomes a version of the quality table, by which the router decides from then on.</summary>
internal static class PublishCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var run = OpenedRun.Argument();
        var shadow = new Option<bool>("--shadow") { Description = "Store it to be compared; nothing uses it until 'models quality rollback' puts it in force. The default where the configuration says quality: { evals: shadow }." };
        var inForce = new Option<bool>("--in-force") { Description = "Put it in force at once, also where the configuration says quality: { evals: shadow }." };
        var force = new Option<bool>("--force") { Description = "Publish although a gate failed, or much is missing." };
        var simulated = new Option<bool>("--simulated") { Description = "Publish answers of simulated models, marked as such: for trying things out." };
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("publish", "Let the router decide by what a run found. A running gateway follows within a second. Exits 1 when a gate failed.") { run, shadow, inForce, force, simulated };
        serve.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(shadow) && result.GetValue(inForce))
            {
                result.AddError("--shadow and --in-force contradict each other.");
            }
        });
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = serve.Read(parsed).Located(context);
            var runs = RunSettings.RunsOf(settings);
            var report = RunReports.Read(OpenedRun.Find(parsed.GetValue(run)!, runs).Folder, runs, null);
            if (RunPublication.Objection(report, parsed.GetValue(force), parsed.GetValue(simulated)) is { } objection)
            {
                throw objection;
            }

            return OpenedQuality.UseAsync(
                context,
                settings,
                async (book, snapshot) =>
                {
                    var evidence = RunEvidence.Of(report);
                    var made = await RunPublication.MakeAsync(
                        book, snapshot, report, evidence, parsed.GetValue(shadow) || (snapshot.Quality.ShadowEvals && !parsed.GetValue(inForce)), OpenedBook.Actor, cancellationToken);
                    await PrintAsync(context, made, evidence, parsed.GetValue(json));
                },
                cancellationToken,
                create: true);
        });
        return command;
    }

    private static async Task PrintAsync(CliContext context, QualityVersion made, IReadOnlyList<Evidence> evidence, bool json)
    {
        if (json)
        {
            JsonOutput.Write(context.Output, writer => QualityBookJson.Members(writer, made.Info));
            return;
        }

        await context.Output.WriteLineAsync($"{made.Info.Name} has {evidence.Sum(static one => one.Answers)} cases of {evidence.Select(static one => one.Model).Distinct(StringComparer.Ordinal).Count()} models more{(made.Info.Shadow ? "; nothing uses it yet" : " and is in force")}.");
        await context.Output.WriteLineAsync(made.Info.Shadow
            ? $"'sommelier models quality diff' shows what it would change, 'sommelier models quality rollback {made.Info.Number}' puts it in force."
            : "'sommelier models quality diff' shows what it changed, 'sommelier models quality rollback V' takes it back.");
    }
}
