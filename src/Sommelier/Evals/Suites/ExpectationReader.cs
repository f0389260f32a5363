using System.Text.Json.Nodes;
using Sommelier.Configuration.Reading;
using Sommelier.Configuration.Yaml;
using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Suites;

/// <summary>Makes expectations of what a suite says: <c>contains: Paris</c>, or <c>type</c> with settings.</summary>
/// <param name="problems">Takes mistakes.</param>
/// <param name="made">Graders that were made before: the same settings need no second one, and a regular expression is no small thing.</param>
/// <param name="text">What is done with each text before a grader sees it: variables are filled in, and a text that is one variable becomes its value.</param>
internal sealed class ExpectationReader(SuiteProblems problems, Dictionary<string, IGrader> made, Func<YamlScalar, JsonNode?> text)
{
    /// <summary>The expectation, and all it says as JSON for the suite's hash; null when it cannot be made, which has been told.</summary>
    public (Expectation Expectation, JsonObject Said)? Read(ConfigGroup group)
    {
        if (Word(group) is not { } word)
        {
            return null;
        }

        var negated = word.StartsWith(SuiteKeys.Not, StringComparison.Ordinal);
        var kind = GraderRegistry.Find(negated ? word[SuiteKeys.Not.Length..] : word)!;
        var said = new JsonObject();
        foreach (var (key, value) in group.Values)
        {
            if (!SuiteKeys.Common.Contains(key, StringComparer.Ordinal) && value.Value is YamlTree tree)
            {
                said[string.Equals(key, word, StringComparison.Ordinal) ? "value" : key] = YamlJson.Read(tree, text);
            }
        }

        var json = said.ToJsonString(ReadableJson.Options);
        var sameness = $"{kind.Name} {json}";
        if (!made.TryGetValue(sameness, out var grader))
        {
            // Read back, a number is whatever kind of number a grader asks for.
            if (Make(kind, word, JsonNode.Parse(json)!.AsObject(), group) is not { } fresh)
            {
                return null;
            }

            grader = made[sameness] = fresh;
        }

        var expectation = new Expectation
        {
            Kind = word,
            Negated = negated,
            Grader = grader,
            Weight = (double)(group.Number("weight") ?? 1),
            Metric = group.Text("metric"),
            Hard = group.Text("gate") is "hard",
        };
        var all = new JsonObject { ["kind"] = word, ["weight"] = expectation.Weight, ["metric"] = expectation.Metric, ["hard"] = expectation.Hard, ["settings"] = said.DeepClone() };
        return (expectation, all);
    }

    private IGrader? Make(GraderKind kind, string word, JsonObject said, ConfigGroup group)
    {
        var settings = new GraderSettings(said, problems.Folder, group.Position, group.Path, problems.List);
        var before = problems.List.Count;
        var grader = TransformedGrader.Create(kind, settings);
        foreach (var unread in settings.Unread)
        {
            var known = settings.Names.Where(name => name is not "value").Concat(SuiteKeys.Common).Concat(SuiteKeys.Kinds).ToArray();
            var place = group.Values[group.Values.ContainsKey(unread) ? unread : word];
            problems.Add(place.Position, $"{group.Path}.{unread}", $"{word} takes no '{unread}'", Suggestion.Nearest(unread, known) is { } near ? $"Did you mean '{near}'?" : "Remove it");
        }

        return problems.List.Count > before ? null : grader;
    }

    private string? Word(ConfigGroup group)
    {
        var named = group.Values.Keys.Where(key => SuiteKeys.Kinds.Contains(key, StringComparer.Ordinal)).ToList();
        if (group.Text("type") is { } type)
        {
            if (named.Count == 0)
            {
                return type;
            }

            problems.Add(group.Values[named[0]].Position, $"{group.Path}.{named[0]}", $"the expectation is a '{type}' and a '{named[0]}' at once", "Make two of them");
            return null;
        }

        switch (named.Count)
        {
            case 1 when group.Values.ContainsKey("value"):
                problems.Add(group.Values["value"].Position, $"{group.Path}.value", $"'{named[0]}' has its value already", $"Write either {named[0]}: …, or type: {named[0]} with value: …");
                return null;
            case 1:
                return named[0];
            case 0:
                var odd = group.Values.Keys.FirstOrDefault(key => !SuiteKeys.Common.Contains(key, StringComparer.Ordinal) && key is not "value");

                // A type that is no kind has been told by the walker of keys.
                if (odd is not null)
                {
                    problems.Add(group.Values[odd].Position, $"{group.Path}.{odd}", $"there is no grader '{odd}'", Suggestion.Remedy(odd, SuiteKeys.Kinds));
                }
                else if (!problems.List.Exists(problem => problem.Path.StartsWith(group.Path, StringComparison.Ordinal)))
                {
                    problems.Add(group.Position, group.Path, "the expectation names no grader", "Write one like '- contains: Paris'");
                }

                return null;
            default:
                problems.Add(group.Values[named[1]].Position, $"{group.Path}.{named[1]}", $"the expectation is a '{named[0]}' and a '{named[1]}' at once", "Put a dash before each");
                return null;
        }
    }
}
