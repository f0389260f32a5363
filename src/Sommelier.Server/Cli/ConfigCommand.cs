using System.CommandLine;
using System.Text.Json;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Configuration.Keys;
using Sommelier.Evals.Suites;
using Sommelier.Server.Cli.Evals;

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
        var profile = CommonOptions.Profile();
        var files = new Argument<string[]>("file") { Description = $"A configuration, or suites ({SuiteReader.Extension}). Default: ./sommelier.yaml when it exists.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("check", "Name every mistake of the configuration, or of suites, at once. Exits 2 when there is one.") { files, config, profile, offline, json };
        command.SetAction(parsed => parsed.GetValue(files) is { Length: > 0 } named
            ? Array.TrueForAll(named, static file => file.EndsWith(SuiteReader.Extension, StringComparison.Ordinal)) ? SuiteCheck.Run(context, named, parsed.GetValue(json))
            : named.Length == 1 && parsed.GetValue(config) is null ? Run(context.Under(parsed.GetValue(profile)), named[0], parsed.GetValue(offline), parsed.GetValue(json))
            : throw new CliException($"give one configuration, or any number of suites ({SuiteReader.Extension}).")
            : Run(context.Under(parsed.GetValue(profile)), ConfigFile.Find(parsed.GetValue(config)), parsed.GetValue(offline), parsed.GetValue(json)));
        return command;
    }

    private static Command Schema(CliContext context)
    {
        var suite = new Option<bool>("--suite") { Description = $"Print that of suites ({SuiteReader.Extension}) instead." };
        var command = new Command("schema", "Print the JSON Schema of sommelier.yaml.") { suite };
        command.SetAction(parsed =>
        {
            context.Output.Write(parsed.GetValue(suite) ? SuiteReader.Schema() : JsonSchemaWriter.Write());
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <summary>Writes a problem as an object.</summary>
    internal static void Write(Utf8JsonWriter writer, ConfigProblem problem)
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
                    Write(writer, problem);
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
        context.Output.WriteLine($"Providers: {snapshot.Providers.Count}. Models: {snapshot.Catalog.Deployments.Count}. Policies: {snapshot.Policies.All.Count()}; 'auto' is {snapshot.DefaultPolicy.Name}.{(config!.Profile is { } inForce ? $" Profile: {inForce.Name}." : "")}{(config.Discover ? " Local servers are looked for when serving." : "")}");
        return ExitCodes.Fine;
    }
}
