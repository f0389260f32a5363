using System.Text.Json.Nodes;
using Sommelier.Configuration;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Importing;

/// <summary>Makes the grader of an expectation, so that what a suite would refuse is noted when it is imported.</summary>
internal static class ExpectationCheck
{
    /// <summary>Why a suite would refuse it, as a clause; null when it takes it.</summary>
    /// <param name="expectation">With <c>type</c>, as the suite will say it.</param>
    /// <param name="folder">The suite's folder.</param>
    public static string? Refusal(JsonObject expectation, string folder)
    {
        var word = expectation["type"]!.GetValue<string>();
        var kind = GraderRegistry.Find(word.StartsWith(SuiteKeys.Not, StringComparison.Ordinal) ? word[SuiteKeys.Not.Length..] : word)!;
        var problems = new List<ConfigProblem>();
        var said = new JsonObject(expectation.Where(static pair => pair.Key is not ("type" or "weight" or "metric" or "gate")).Select(static pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

        // Read back, a number is whatever kind of number a grader asks for.
        TransformedGrader.Create(kind, new(JsonNode.Parse(said.ToJsonString(ReadableJson.Options))!.AsObject(), folder, default, "", problems));
        return problems.Count == 0 ? null : $"{problems[0].Path.TrimStart('.')} {problems[0].What}";
    }
}
