using System.CommandLine;
using System.Globalization;
using Sommelier.Catalog;
using Sommelier.Configuration.Building;
using Sommelier.Server.Cli.Quality;

namespace Sommelier.Server.Cli;

/// <summary><c>models list|show|pins|quality</c>: the catalog as the configuration sees it.</summary>
internal static class ModelsCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context) => new("models", "The catalog: prices, limits, lifecycles, and which of your models retire.")
    {
        List(context),
        Show(context),
        PinsCommand.Create(context),
        QualityCommand.Create(context),
    };

    /// <summary>The catalog of the configured providers, else of all that are known.</summary>
    internal static CatalogSnapshot Catalog(CliContext context, string? config) =>
        GatewaySnapshotBuilder.BuildForDryRun(CommonOptions.Load(context, config), context.Environment).Snapshot.Catalog;

    private static Command List(CliContext context)
    {
        var filter = new Argument<string?>("FILTER") { Description = "Part of a model's id, or a provider.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all", "-a") { Description = "Retired models too." };
        var at = CommonOptions.At("The day of the lifecycle. Default: today.");
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command("list", "List models with price, limits and lifecycle.") { filter, all, at, config, json };
        command.SetAction(parsed =>
        {
            var catalog = Catalog(context, parsed.GetValue(config));
            var today = Day(parsed.GetValue(at), context);
            var models = catalog.Deployments
                .Where(d => parsed.GetValue(filter) is not { } part || d.Id.Contains(part, StringComparison.OrdinalIgnoreCase))
                .Where(d => parsed.GetValue(all) || d.Lifecycle.At(today) != ModelStatus.Retired)
                .ToArray();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, writer => ModelReport.WriteList(writer, catalog, models, today));
            }
            else
            {
                new ModelReport(context.Console).PrintList(models, today);
                context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{models.Length} models, catalog {catalog.Version}, {today:yyyy-MM-dd}"));
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command Show(CliContext context)
    {
        var id = new Argument<string>("ID") { Description = "A deployment (provider/model), a model, or an alias." };
        var at = CommonOptions.At("The day of the lifecycle. Default: today.");
        var serve = new ServeOptions(withUrls: false);
        var json = CommonOptions.Json();
        var command = new Command("show", "Show all that is known of a model: limits, prices, lifecycle, evidence, sources.") { id, at };
        serve.AddTo(command);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var catalog = (await OpenedQuality.SnapshotAsync(context, serve.Read(parsed), cancellationToken)).Catalog;
            var today = Day(parsed.GetValue(at), context);
            var name = parsed.GetRequiredValue(id);
            var found = catalog.Resolve(name);
            if (found.Count == 0)
            {
                throw new CliException(NotFound(catalog, name, today));
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, writer => ModelReport.WriteDetails(writer, catalog, found, today));
            }
            else
            {
                new ModelReport(context.Console).PrintDetails(catalog, found, today);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    internal static DateOnly Day(DateTimeOffset? at, CliContext context) => DateOnly.FromDateTime((at ?? context.Time.GetUtcNow()).UtcDateTime);

    private static string NotFound(CatalogSnapshot catalog, string name, DateOnly today)
    {
        if (catalog.FindTombstone(name) is { } known && known.Lifecycle.At(today) != ModelStatus.Retired)
        {
            var ends = known.Lifecycle.RetiresOn is { } last ? string.Create(CultureInfo.InvariantCulture, $", and retires on {last:yyyy-MM-dd}") : "";
            return $"'{name}' is known by its dates alone{ends}. To use it, add it to its provider's models.";
        }

        if (catalog.FindTombstone(name) is { } gone)
        {
            var when = gone.Lifecycle.RetiresOn is { } day ? string.Create(CultureInfo.InvariantCulture, $" since {day:yyyy-MM-dd}") : "";
            var successor = gone.Lifecycle.Successors is [var first, ..] ? $" Its successor is {first}." : "";
            return $"'{name}' is retired{when}.{successor}";
        }

        var near = Configuration.Reading.Suggestion.Nearest(name, catalog.Deployments.SelectMany(d => (string[])[d.Id, d.CanonicalModel]));
        return near is null ? $"there is no model '{name}'. 'sommelier models list' lists them." : $"there is no model '{name}'. Did you mean '{near}'?";
    }
}
