using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;
using Sommelier.Tests.Evals.Suites;

namespace Sommelier.Tests.Evals.Runs;

/// <summary>Suites and candidates for tests of runs.</summary>
internal static class RunCases
{
    /// <summary>A candidate.</summary>
    public static Candidate Model(string name) => new($"lab/{name}", new() { Id = $"lab/{name}", Provider = "lab", Model = name, CanonicalModel = name });

    /// <summary>A suite of so many cases of each of some intents.</summary>
    public static Suite Suite(int each, params string[] intents) => GivenSuite.Valid(
        "suite: s\ncases:\n" + string.Concat(intents.SelectMany(intent => Enumerable.Range(0, each).Select(number => $"  - {{ id: {intent}-{number}, intent: {intent}, input: '{intent} {number}', expect: [contains: x] }}\n"))));

    /// <summary>A result with a score.</summary>
    public static EvalResult Result(WorkItem item, double? score) => new()
    {
        Key = item.Key,
        AnswerKey = item.AnswerKey(),
        At = default,
        Score = score,
        Passed = score is 1,
        Answer = score is null ? null : new() { Text = "t" },
    };
}
