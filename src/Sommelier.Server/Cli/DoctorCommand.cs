using System.CommandLine;
using Sommelier.Configuration;
using Spectre.Console;

namespace Sommelier.Server.Cli;

/// <summary><c>doctor</c>: would <c>serve</c> work here, and if not, why not?</summary>
internal static class DoctorCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var config = CommonOptions.Config();
        var offline = new Option<bool>("--offline") { Description = "Ask no provider." };
        var json = CommonOptions.Json();
        var command = new Command("doctor", "Check configuration, keys, providers, data folder and ports. Exits 2 for the configuration, 3 for the rest.") { config, offline, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(config), parsed.GetValue(offline), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string? named, bool offline, bool json, CancellationToken cancellationToken)
    {
        var findings = new List<DoctorFinding> { DoctorChecks.Runtime() };
        var file = ConfigFile.Find(named);
        var (config, problems) = ConfigFile.Read(file, context.Environment);
        findings.AddRange(DoctorChecks.Configuration(file, config, problems));
        if (config is not null)
        {
            findings.AddRange(DoctorChecks.Keys(config, context.Environment));
            findings.AddRange(await DoctorChecks.ProvidersAsync(config, context, offline, cancellationToken));
            findings.Add(DoctorChecks.DataFolder(config));
            findings.AddRange(DoctorChecks.Ports(config));
        }

        if (json)
        {
            WriteJson(context, findings);
        }
        else
        {
            Print(context, findings);
        }

        return config is null ? ExitCodes.Usage
            : findings.Any(finding => finding.Health == DoctorHealth.Bad) ? ExitCodes.Infrastructure
            : ExitCodes.Fine;
    }

    private static void Print(CliContext context, IReadOnlyList<DoctorFinding> findings)
    {
        var table = RouteReport.PlainTable("", "what", "finding");
        foreach (var finding in findings)
        {
            var (word, color) = finding.Health switch
            {
                DoctorHealth.Good => ("ok", Color.Green),
                DoctorHealth.Odd => ("note", Color.Yellow),
                _ => ("BAD", Color.Red),
            };
            table.AddRow(new Text(word, new Style(color)), new Text(finding.What), new Text(finding.Detail));
        }

        context.Console.Write(table);
    }

    private static void WriteJson(CliContext context, IReadOnlyList<DoctorFinding> findings) => JsonOutput.Write(context.Output, writer =>
    {
        writer.WriteBoolean("healthy", findings.All(finding => finding.Health != DoctorHealth.Bad));
        writer.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("health", finding.Health switch { DoctorHealth.Good => "ok", DoctorHealth.Odd => "note", _ => "bad" });
            writer.WriteString("what", finding.What);
            writer.WriteString("detail", finding.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
