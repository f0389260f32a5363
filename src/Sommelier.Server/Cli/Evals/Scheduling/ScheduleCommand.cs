using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Scheduling;
using Sommelier.Server.Hosting;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Evals.Scheduling;

/// <summary><c>eval schedule</c>: the evals that the gateway makes of new models by itself.</summary>
internal static class ScheduleCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var serve = new ServeOptions(withUrls: false);
        var now = new Option<bool>("--now") { Description = "Look for new models and do what is due, in this process. Exits 3 while another process does it, 4 when the day's money does not suffice." };
        var add = new Option<string?>("--add") { Description = "Schedule these models although they are not new, separated by commas.", HelpName = "LIST" };
        var json = CommonOptions.Json();
        var command = new Command("schedule", "Show the evals that the gateway makes of new models by itself (evals.new_models in the configuration), or make them now.") { now, add };
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, serve.Read(parsed), RunOptions.Names(parsed.GetValue(add)), parsed.GetValue(now), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, ServeSettings settings, IReadOnlyList<string> add, bool now, bool json, CancellationToken cancellationToken)
    {
        var config = now ? settings.Load(context) : settings.Over(CommonOptions.Load(context, settings.File));
        if (config.NewModels is not { } evals)
        {
            throw new CliException("the configuration schedules nothing. Write evals: { new_models: { suites: [my.suite.yaml], max_usd_per_day: 1 } } to have new models run on your suites.");
        }

        try
        {
            await using var database = config.Postgres is { } shared ? Database.OfPostgres(shared) : Database.OfSqlite(config.DatabasePath);
            var store = new ScheduleStore(database);
            await store.PrepareAsync(context.Time, cancellationToken);
            var pass = new SchedulePass(context.Silent(), settings with { Data = config.Server.Data }, evals, store, NullLogger.Instance);
            var alone = true;
            if (now || add.Count > 0)
            {
                var catalog = await CatalogAsync(context, config, cancellationToken);
                await pass.NoteAsync(catalog, cancellationToken);
                foreach (var eval in add.SelectMany(name => pass.Evals(Find(name, catalog), context.Time.GetUtcNow())))
                {
                    Tell(context, await store.AddAsync(eval, cancellationToken));
                }

                alone = !now || await pass.RunAsync(catalog, cancellationToken);
            }

            var all = await store.AllAsync(cancellationToken);
            var left = Math.Max(0, await pass.LeftUsdAsync(cancellationToken));
            Print(context, evals, all, left, json);
            return !alone
                ? throw new CliException("another process works on the schedule.", ExitCodes.Infrastructure)
                : now && all.Any(eval => eval.IsOpen && (left == 0 || eval.Due == ScheduledEval.NextDay(context.Time.GetUtcNow()))) ? ExitCodes.Budget : ExitCodes.Fine;
        }
        catch (Exception failure) when (failure is DbException or IOException or UnauthorizedAccessException or InvalidOperationException or InvalidDataException)
        {
            throw new CliException($"the schedule cannot be used: {failure.Message}", ExitCodes.Infrastructure);
        }
    }

    // What --add found; nothing to say of an eval that begins.
    private static void Tell(CliContext context, ScheduledEval? before)
    {
        var what = before?.State switch
        {
            ScheduleState.FirstLook or ScheduleState.Rest => $"is under way already, and is left alone{(before.Detail.Length > 0 ? $": {before.Detail}" : "")}.",
            ScheduleState.Done => $"is done already: {before.Detail}. 'sommelier eval run' asks it again.",
            ScheduleState.Dropped => "was dropped after its first look; now it is asked the rest.",
            _ => null,
        };
        if (what is not null)
        {
            context.Error.WriteLine($"{before!.Model} on {before.Suite} {what}");
        }
    }

    // With the local servers that answer now.
    private static async Task<CatalogSnapshot> CatalogAsync(CliContext context, SommelierConfig config, CancellationToken cancellationToken)
    {
        var startup = new GatewayStartup { Config = config, Environment = context.Environment, Time = context.Time };
        return (await startup.SnapshotAsync(config, null, cancellationToken)).Snapshot.Catalog;
    }

    private static string Find(string name, CatalogSnapshot catalog) =>
        Candidate.Find(name, catalog, out var problem)?.Deployment.Id ?? throw new CliException(problem);

    private static void Print(CliContext context, NewModelsConfig evals, IReadOnlyList<ScheduledEval> all, decimal left, bool json)
    {
        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                writer.Amount("max_usd_per_day", evals.MaxUsdPerDay);
                writer.Amount("left_today_usd", left);
                writer.WriteStartArray("evals");
                foreach (var eval in all)
                {
                    writer.WriteStartObject();
                    writer.WriteString("model", eval.Model);
                    writer.WriteString("suite", eval.Suite);
                    writer.WriteString("state", EnumNames<ScheduleState>.Of(eval.State));
                    writer.Text("run", eval.Run);
                    writer.WriteString("due", eval.Due);
                    writer.Amount("spent_usd", eval.SpentUsd);
                    writer.Text("detail", eval.Detail);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return;
        }

        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{left:0.####} of {evals.MaxUsdPerDay:0.####} USD are left today (UTC)."));
        foreach (var eval in all)
        {
            var due = eval.IsOpen && eval.Due > context.Time.GetUtcNow() ? string.Create(CultureInfo.InvariantCulture, $", goes on {eval.Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "";
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{eval.Model}  {eval.Suite}  {EnumNames<ScheduleState>.Of(eval.State)}  {eval.SpentUsd:0.####} USD{due}{(eval.Detail.Length > 0 ? $": {eval.Detail}" : "")}"));
        }

        if (all.Count == 0)
        {
            context.Output.WriteLine("Nothing is scheduled: the catalog had no new model yet.");
        }
    }
}
