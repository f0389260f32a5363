using System.CommandLine;
using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;

namespace Sommelier.Server.Cli;

/// <summary><c>models pins</c>: which of the model names that are written down will stop working, and when.</summary>
internal static class PinsCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var files = new Argument<string[]>("FILES") { Description = "Files or folders to search for model names. Default: the configuration.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all", "-a") { Description = "Names whose end is not in sight, too." };
        var at = CommonOptions.At("The day to count from. Default: today.");
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command("pins", "Name the models of your configuration or files that retire, with their successors. Exits 1 when one is retired already.")
        {
            files, all, at, config, json,
        };
        command.SetAction(parsed =>
        {
            var today = ModelsCommand.Day(parsed.GetValue(at), context);
            var catalog = BundledCatalog.Load();
            var names = parsed.GetValue(files) is { Length: > 0 } given ? PinScan.Files(given, catalog) : OfConfiguration(context, parsed.GetValue(config));
            var findings = PinCheck.Check(catalog, names, today).Where(finding => parsed.GetValue(all) || finding.State != PinState.Fine).ToArray();
            if (parsed.GetValue(json))
            {
                WriteJson(context, findings, names.Count, today);
            }
            else
            {
                Print(context, findings, names.Count, today);
            }

            return findings.Any(finding => finding.State == PinState.Retired) ? ExitCodes.GateFailed : ExitCodes.Fine;
        });
        return command;
    }

    private static IReadOnlyList<PinnedName> OfConfiguration(CliContext context, string? named)
    {
        if (ConfigFile.Find(named) is not { } file)
        {
            throw new CliException("there is no configuration here. Name one with --config, or files to search.");
        }

        return PinnedNames.Of(CommonOptions.Load(context, file));
    }

    private static void Print(CliContext context, PinFinding[] findings, int names, DateOnly today)
    {
        if (findings.Length > 0)
        {
            var table = RouteReport.PlainTable("name", "state", "retires", "instead", "where");
            foreach (var finding in findings)
            {
                RouteReport.Row(table, finding.Name, Word(finding.State), Retires(finding), Instead(finding), finding.Where);
            }

            context.Console.Write(table);
        }

        var count = findings.Count(finding => finding.State != PinState.Fine);
        context.Output.WriteLine($"{names} {(names == 1 ? "name" : "names")} of models on {ModelReport.Day(today)}: {(count == 0 ? "none is about to end" : $"{count} to look at")}.");
    }

    private static void WriteJson(CliContext context, PinFinding[] findings, int names, DateOnly today) => JsonOutput.Write(context.Output, writer =>
    {
        writer.WriteString("day", ModelReport.Day(today));
        writer.WriteNumber("names", names);
        writer.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("name", finding.Name);
            writer.WriteString("where", finding.Where);
            writer.WriteString("state", Word(finding.State).Replace(' ', '_'));
            writer.Text("retires_on", ModelReport.Day(finding.RetiresOn));
            writer.Amount("days_left", finding.DaysLeft);
            writer.Texts("successors", finding.Successors);
            writer.WriteBoolean("successors_inferred", finding.SuccessorsInferred);
            writer.Text("source", finding.Source?.AbsoluteUri);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string Word(PinState state) => state switch
    {
        PinState.Fine => "fine",
        PinState.Unknown => "unknown",
        PinState.Deprecated => "deprecated",
        PinState.EndsWithin90Days => "ends within 90 days",
        PinState.EndsWithin30Days => "ends within 30 days",
        _ => "retired",
    };

    private static string Retires(PinFinding finding) => (finding.RetiresOn, finding.DaysLeft) switch
    {
        ({ } day, > 0 and { } left) => $"{ModelReport.Day(day)} (in {left} {(left == 1 ? "day" : "days")})",
        ({ } day, _) => ModelReport.Day(day),
        _ => "",
    };

    private static string Instead(PinFinding finding) =>
        finding.Successors.Count == 0 ? "" : string.Join(", ", finding.Successors) + (finding.SuccessorsInferred ? " (newest of its line)" : "");
}
