using System.CommandLine;
using Sommelier.Evals.Publishing;
using Sommelier.Evals.Reports;
using Sommelier.Quality;
using Sommelier.Server.Cli.Accounts;
using Sommelier.Server.Cli.Quality;
using Sommelier.Statistics.Planning;

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
            var settings = serve.Read(parsed);
            var runs = RunSettings.RunsOf(settings.Data);
            var report = RunReports.Read(OpenedRun.Find(parsed.GetValue(run)!, runs).Folder, runs, null);
            if (Objection(report, parsed.GetValue(force), parsed.GetValue(simulated)) is { } objection)
            {
                throw objection;
            }

            var evidence = RunEvidence.Of(report);
            return evidence.Count == 0
                ? throw new CliException($"the run {report.Manifest.Id} has no answer of a model that was scored. 'sommelier eval resume {report.Manifest.Id}' asks for what is missing.")
                : OpenedQuality.UseAsync(
                    context,
                    settings,
                    async (book, snapshot) =>
                    {
                        var made = await book.PublishAsync(
                            new()
                            {
                                Evidence = evidence,
                                Reason = $"eval run {report.Manifest.Id}",
                                Actor = OpenedBook.Actor,
                                Shadow = parsed.GetValue(shadow) || (snapshot.Quality.ShadowEvals && !parsed.GetValue(inForce)),
                                Catalog = snapshot.Catalog,
                                Settings = snapshot.Quality,
                            },
                            cancellationToken);
                        await PrintAsync(context, made!, evidence, parsed.GetValue(json));
                    },
                    cancellationToken,
                    create: true);
        });
        return command;
    }

    private static CliException? Objection(RunReport report, bool force, bool simulated) => report switch
    {
        { Manifest.Simulated: true } when !simulated => new($"the models of {report.Manifest.Id} are simulated, and what they said is no evidence. --simulated publishes it all the same, marked as such."),
        { Gate: Verdict.Fail } when !force => new($"the gate of {report.Manifest.Id} failed. --force publishes it all the same.", ExitCodes.GateFailed),
        { Unreliable: true } when !force => new($"more than 2 % of the answers of {report.Manifest.Id} are missing, so it may say something else than it would whole. 'sommelier eval resume {report.Manifest.Id}' asks for them; --force publishes it as it is.", ExitCodes.Infrastructure),
        _ => null,
    };

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
