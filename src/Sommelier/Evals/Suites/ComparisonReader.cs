using System.Text.Json.Nodes;
using Sommelier.Configuration.Reading;
using Sommelier.Configuration.Yaml;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Judges;
using Sommelier.Evals.Pairs;

namespace Sommelier.Evals.Suites;

/// <summary>Makes a suite's comparison of what it says under <c>compare</c>.</summary>
/// <param name="problems">Takes mistakes.</param>
internal sealed class ComparisonReader(SuiteProblems problems)
{
    /// <summary>The keys that are no settings of the kind.</summary>
    private static readonly string[] Own = ["type", "vs", "max_pairs", "style", "labels"];

    /// <summary>The comparison, and what decides its verdicts as JSON for the suite's hash; null when it cannot be made, which has been told.</summary>
    public (SuiteComparison Comparison, JsonObject Said)? Read(ConfigGroup group)
    {
        var before = problems.List.Count;
        var kind = PairGraderRegistry.Find(group.Text("type") ?? PairGraderRegistry.All[0].Name)!;
        var said = new JsonObject();
        foreach (var (key, value) in group.Values.Where(static pair => !Own.Contains(pair.Key, StringComparer.Ordinal)))
        {
            said[key] = value.Value is YamlTree tree ? YamlJson.Read(tree) : JsonValue.Create((string)value.Value);
        }

        var settings = new GraderSettings(said, problems.Folder, group.Position, group.Path, problems.List);
        var comparison = new SuiteComparison
        {
            Grader = kind.Create(settings),
            Judges = JudgePanel.Of(settings).Names,
            Vs = group.Text("vs"),
            MaxPairs = group.Integer("max_pairs"),
            Style = group.Boolean("style") ?? false,
            Labels = Labels(group["labels"]),
        };
        foreach (var unread in settings.Unread)
        {
            problems.Add(group.Values[unread].Position, $"{group.Path}.{unread}", $"{kind.Name} takes no '{unread}'", Suggestion.Nearest(unread, [.. settings.Names, .. Own]) is { } near ? $"Did you mean '{near}'?" : "Remove it");
        }

        return problems.List.Count > before ? null : (comparison, new JsonObject { ["kind"] = kind.Name, ["settings"] = said });
    }

    private PairLabels Labels(ConfigValue? named)
    {
        if (named is null)
        {
            return PairLabels.None;
        }

        var file = Path.Combine(problems.Folder, (string)named.Value);
        if (!File.Exists(file))
        {
            problems.Add(named.Position, named.Path, $"there is no file {file}", "Name a file of JSON lines, relative to the suite's folder");
            return PairLabels.None;
        }

        return PairLabels.Read(File.ReadLines(file), wrong => problems.Add(named.Position, named.Path, $"{file} {wrong}", """Write lines like {"case": "id", "models": ["provider/a", "provider/b"], "better": "provider/a"}, or "tie" """.TrimEnd()));
    }
}
