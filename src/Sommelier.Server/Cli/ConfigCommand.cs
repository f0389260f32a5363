using System.CommandLine;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Configuration.Keys;

namespace Sommelier.Server.Cli;

/// <summary><c>config check</c> and <c>config schema</c>.</summary>
internal static class ConfigCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context) => new("config", "Check the configuration, or print its schema.")
    {
        Check(context),
        Schema(context),
    };

    private static Command Check(CliContext context)
    {
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var offline = new Option<bool>("--offline") { Description = "Do not miss secrets: keys whose environment variables are not set here are taken to be set." };
        var command = new Command("check", "Name every mistake of the configuration at once. Exits 2 when there is one.") { config, offline, json };
        command.SetAction(parsed => Run(context, ConfigFile.Find(parsed.GetValue(config)), parsed.GetValue(offline), parsed.GetValue(json)));
        return command;
    }

    private static Command Schema(CliContext context)
    {
        var command = new Command("schema", "Print the JSON Schema of sommelier.yaml.");
        command.SetAction(_ =>
        {
            context.Output.Write(JsonSchemaWriter.Write());
            return ExitCodes.Fine;
        });
        return command;
    }

    private static int Run(CliContext context, string? file, bool offline, bool json)
    {
        var (config, problems) = ConfigFile.Read(file, context.Environment, offline);
        var build = config is null ? null : GatewaySnapshotBuilder.Build(config, context.Environment, []);
        IReadOnlyList<ConfigProblem> all = [.. problems, .. build?.Warnings ?? []];
        if (json)
        {
            JsonOutput.Write(context.Output, writer =>
            {
                writer.Text("file", file);
                writer.WriteBoolean("valid", config is not null);
                writer.WriteStartArray("problems");
                foreach (var problem in all)
                {
                    writer.WriteStartObject();
                    writer.WriteString("severity", problem.Severity == ConfigSeverity.Error ? "error" : "warning");
                    writer.WriteNumber("line", problem.Position.Line);
                    writer.WriteNumber("column", problem.Position.Column);
                    writer.WriteString("path", problem.Path);
                    writer.WriteString("what", problem.What);
                    writer.WriteString("remedy", problem.Remedy);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return config is null ? ExitCodes.Usage : ExitCodes.Fine;
        }

        foreach (var problem in all)
        {
            context.Error.WriteLine(problem.ToString());
        }

        if (build is null)
        {
            var errors = problems.Count(problem => problem.Severity == ConfigSeverity.Error);
            context.Error.WriteLine(errors == 1 ? "1 mistake." : $"{errors} mistakes.");
            return ExitCodes.Usage;
        }

        var snapshot = build.Snapshot;
        context.Output.WriteLine(file is null ? "There is no configuration file; the defaults hold." : $"{file} is valid.");
        context.Output.WriteLine($"Providers: {snapshot.Providers.Count}. Models: {snapshot.Catalog.Deployments.Count}. Policies: {snapshot.Policies.All.Count()}; 'auto' is {snapshot.DefaultPolicy.Name}.{(config!.Discover ? " Local servers are looked for when serving." : "")}");
        return ExitCodes.Fine;
    }
}
