using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Configuration;
using Sommelier.Configuration.Keys;
using Sommelier.Configuration.Reading;
using Sommelier.Configuration.Yaml;

namespace Sommelier.Evals.Suites;

/// <summary>The one point where a <c>*.suite.yaml</c> becomes a <see cref="Suite"/>. Finds every mistake in one run.</summary>
internal static class SuiteReader
{
    /// <summary>How files that hold suites end.</summary>
    public const string Extension = ".suite.yaml";

    /// <summary>The JSON Schema of suites, for editors.</summary>
    public static string Schema() => JsonSchemaWriter.Write(SuiteKeys.Root, $"*{Extension}");

    /// <summary>Reads a suite and the files that it names.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The suite, or null when there is an error; and all problems, by file and line.</returns>
    public static (Suite? Suite, IReadOnlyList<ConfigProblem> Problems) Read(string path)
    {
        try
        {
            return Read(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, [new(new(path, 0, 0), "", failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "the file cannot be read", "Mend its path or rights")]);
        }
    }

    /// <summary>Reads a suite's text; files that it names are looked for in the folder of <paramref name="path"/>.</summary>
    public static (Suite? Suite, IReadOnlyList<ConfigProblem> Problems) Read(string yaml, string path)
    {
        var problems = new SuiteProblems(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var tree = YamlTreeReader.Read(yaml, path, problems.List, out var complete);
        if (tree is null or YamlScalar { IsNull: true })
        {
            problems.Add(new(path, 0, 0), "", "the file is empty", "Begin with suite: NAME");
            return (null, problems.List);
        }

        var walker = new ConfigWalker(null, complete, offline: true, problems.List);
        var root = walker.Group(SuiteKeys.Root, tree, "");
        var groups = (root.List("cases") ?? []).Select(static value => (ConfigGroup)value.Value)
            .Concat((root.List("data") ?? []).SelectMany(source => DataSource.Read((ConfigGroup)source.Value, problems, walker)))
            .ToList();
        var cases = Cases(root, groups, problems, out var said);
        if (complete && groups.Count == 0 && !problems.List.Exists(static problem => problem.Path.StartsWith("cases", StringComparison.Ordinal) || problem.Path.StartsWith("data", StringComparison.Ordinal)))
        {
            problems.Add(root.Position, "", "the suite has no cases", "Add cases: with a list, or data: with a file");
        }

        var compare = root.Group("compare") is { } asked ? new ComparisonReader(problems).Read(asked) : null;

        // What stands in defaults is read for each case, and so are its mistakes.
        var found = problems.List.Distinct().OrderBy(problem => !string.Equals(problem.Position.File, path, StringComparison.Ordinal))
            .ThenBy(static problem => problem.Position.File, StringComparer.Ordinal).ThenBy(static problem => problem.Position.Line).ThenBy(static problem => problem.Position.Column).ToList();
        return found.Exists(static problem => problem.Severity == ConfigSeverity.Error) ? (null, found) : (Suite(root, cases, said, compare, path), found);
    }

    private static List<SuiteCase> Cases(ConfigGroup root, List<ConfigGroup> groups, SuiteProblems problems, out JsonArray said)
    {
        var reader = new CaseReader(root, root.Group("defaults") ?? ConfigGroup.Empty, problems);
        var cases = new List<SuiteCase>();
        var ids = new Dictionary<string, ConfigPosition>(StringComparer.Ordinal);
        said = [];
        foreach (var group in groups)
        {
            var made = reader.Read(group);
            if ((made?.Case.Id ?? group.Text("id")) is { } id && !ids.TryAdd(id, group.Position))
            {
                var at = group["id"]?.Position ?? group.Position;
                problems.Add(at, $"{group.Path}.id".TrimStart('.'), $"the id '{id}' is taken by the case at {ids[id]}", group["id"] is null ? "Both ask the same: remove one, or give them ids" : "Give each case its own");
            }
            else if (made is { } one)
            {
                cases.Add(one.Case);
                said.Add((JsonNode)one.Said);
            }
        }

        return cases;
    }

    private static Suite Suite(ConfigGroup root, List<SuiteCase> cases, JsonArray said, (SuiteComparison Comparison, JsonObject Said)? compare, string path)
    {
        var defaults = root.Group("defaults") ?? ConfigGroup.Empty;
        var (budget, stop, gate) = (root.Group("budget"), root.Group("stop"), root.Group("gate"));
        var whole = new JsonObject { ["suite"] = root.Text("suite"), ["version"] = root.Text("version"), ["judge"] = defaults.Text("judge"), ["embedder"] = defaults.Text("embedder"), ["cases"] = said };
        if (compare is { } compared)
        {
            whole["compare"] = compared.Said;
        }

        return new()
        {
            Id = root.Text("suite")!,
            Version = root.Text("version") ?? "",
            Description = root.Text("description") ?? "",
            File = path,
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole.ToJsonString(ReadableJson.Options))).AsSpan(0, 8)),
            Cases = cases,
            Judge = defaults.Text("judge"),
            Embedder = defaults.Text("embedder"),
            Compare = compare?.Comparison,
            Budget = budget is null ? new() : new(budget.Number("usd"), budget.Integer("calls"), budget.Duration("time")),
            Stop = stop is null ? null : new((double)(stop.Number("alpha") ?? 0.05m), stop.Integer("min_cases") ?? 20, (double)(stop.Number("equivalent") ?? 0.02m)),
            Gate = gate is null ? null : new(gate.Text("vs"), (double)(gate.Number("max_regression") ?? 0.02m), (double)(gate.Number("alpha") ?? 0.05m)),
        };
    }
}
