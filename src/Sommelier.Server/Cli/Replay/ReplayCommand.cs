using System.CommandLine;
using Sommelier.Configuration.Building;
using Sommelier.Ledger.Catalogs;
using Sommelier.Replay;
using Sommelier.Server.Cli.Ledger;
using Sommelier.Server.Cli.Quality;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Replay;

/// <summary><c>replay --policy P</c>: what the logged requests would have cost and scored under another policy.</summary>
internal static class ReplayCommand
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var policy = new Option<string>("--policy", "-p") { Description = "The policy to replay under: a built-in one or one of the configuration.", HelpName = "NAME", Required = true };
        var since = CommonOptions.Time("--since", "Requests that began then or later. Default: a week ago.");
        var until = CommonOptions.Time("--until", "Requests that began before then. Default: the last.");
        var catalog = new Option<string>("--catalog") { Description = "The models and prices to decide by: those of each request's moment (as-of), or today's (present).", HelpName = "as-of|present", DefaultValueFactory = static _ => "as-of" };
        catalog.AcceptOnlyFromAmong("as-of", "present");
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("replay", "Decide the logged requests again under another policy: what they would have cost and scored.") { policy, since, until, catalog };
        var profile = CommonOptions.Profile();
        serve.AddTo(command);
        command.Options.Add(profile);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = await RunAsync(
                context.Under(parsed.GetValue(profile)), serve.Read(parsed), parsed.GetRequiredValue(policy), parsed.GetValue(since) ?? context.Time.GetUtcNow() - Week, parsed.GetValue(until), parsed.GetValue(catalog) is "present" ? ReplayedCatalog.Present : ReplayedCatalog.AsOf, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, writer => ReplayJson.Members(writer, report));
            }
            else
            {
                new ReplayText(context.Console).Print(report);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static async Task<ReplayReport> RunAsync(
        CliContext context, ServeSettings settings, string name, DateTimeOffset since, DateTimeOffset? until, ReplayedCatalog which, CancellationToken cancellationToken)
    {
        ReplayReport? report = null;
        await OpenedLedger.UseAsync(context, settings, (ledger, config) => OpenedQuality.UseAsync(
            context,
            settings,
            async (book, _) =>
            {
                // As the gateway builds it, but for local servers that it found by itself: the catalog of the records has what had a key.
                var snapshot = GatewaySnapshotBuilder.Build(config, context.Environment, []).Snapshot;
                var policy = snapshot.Policies.Find(name) ?? throw new CliException($"there is no policy '{name}'. Known policies: {string.Join(", ", snapshot.Policies.All.Select(known => known.Name))}.");
                await using var database = config.Postgres is { } shared ? Database.OfPostgres(shared) : Database.OfSqlite(config.DatabasePath);
                var kept = new CatalogStore(database);
                await kept.PrepareAsync(context.Time, cancellationToken);
                report = await new ReplayRun(ledger, book, snapshot.Catalog, kept, which).RunAsync(policy, since, until, cancellationToken);
            },
            cancellationToken));
        return report!;
    }
}
