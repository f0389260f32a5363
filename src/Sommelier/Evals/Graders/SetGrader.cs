using System.Text.Json.Nodes;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Graders;

/// <summary>Several expectations that count as one: promptfoo's <c>assert-set</c>.</summary>
internal sealed class SetGrader : IGrader
{
    private readonly IReadOnlyList<Expectation> members;
    private readonly double? threshold;

    private SetGrader(IReadOnlyList<Expectation> members, double? threshold)
    {
        this.members = members;
        this.threshold = threshold;
    }

    /// <summary>The registry's line. A judge may be among the members, so that its grade weighs as a judge's.</summary>
    public static GraderKind Kind { get; } = new(
        "set",
        "a list of expectations",
        "Each of the expectations is met or, with `threshold`, the weighted mean of their scores reaches it.",
        static settings => new SetGrader(Read(settings), settings.Json("threshold") is null ? null : settings.Number("threshold", 0, 0, 1)))
    {
        Example = "{ type: set, threshold: 0.5, value: [{ contains: Paris, weight: 2 }, { not-contains: London }] }",
        IsJudge = true,
    };

    /// <summary>Whether none of its members asks anybody or runs anything.</summary>
    public bool OnlyComputes => members.All(static member => member.OnlyComputes);

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        var grades = new GradedExpectation[members.Count];
        for (var i = 0; i < grades.Length; i++)
        {
            grades[i] = await members[i].GradeAsync(answer, cancellationToken);
        }

        if (ExpectationScore.Of(grades) is not { } score)
        {
            return Grade.Missing(grades.First(static grade => grade is { State: GradeState.Missing, Weight: > 0 }).Reason);
        }

        return new(ExpectationScore.Passes(grades, score, threshold) ? GradeState.Passed : GradeState.Failed, score, string.Join("; ", grades.Where(static grade => grade.State != GradeState.Passed).Select(static grade => $"{grade.Kind}: {grade.Reason}")));
    }

    private static List<Expectation> Read(GraderSettings settings)
    {
        var members = new List<Expectation>();
        if (settings.Json("value") is not JsonArray { Count: > 0 } list)
        {
            settings.Problem("value", "is no list of expectations", "Write [{ contains: Paris }, { not-contains: London }]");
            return members;
        }

        for (var i = 0; i < list.Count; i++)
        {
            var path = $"value[{i}]";
            if (list[i] is not JsonObject said || Word(said) is not { } word || GraderRegistry.Find(Bare(word)) is not { } kind)
            {
                settings.Problem(path, "names no grader, or two", "Write it like { contains: Paris }, or with type");
                continue;
            }

            var values = new JsonObject();
            foreach (var (key, value) in said.Where(static pair => pair.Key is not ("type" or "weight" or "gate" or "metric")))
            {
                values[string.Equals(key, word, StringComparison.Ordinal) ? "value" : key] = value?.DeepClone();
            }

            var inner = settings.Within(values, path);
            var common = settings.Within(said, path);
            members.Add(new()
            {
                Kind = word,
                Negated = word.Length > kind.Name.Length,
                Grader = TransformedGrader.Create(kind, inner),
                Weight = common.Number("weight", 1, 0, 1_000_000),
                Metric = common.OptionalText("metric"),
                Hard = common.Word("gate", "soft", "hard") is "hard",
            });
            foreach (var unread in inner.Unread)
            {
                inner.Problem(unread, $"is nothing that {word} takes", "Remove it");
            }
        }

        return members;
    }

    private static string? Word(JsonObject said) =>
        said["type"] is JsonValue type ? type.ToString()
        : said.Where(static pair => SuiteKeys.Kinds.Contains(pair.Key, StringComparer.Ordinal)).Select(static pair => pair.Key).ToArray() is [var one] ? one : null;

    private static string Bare(string word) => word.StartsWith(SuiteKeys.Not, StringComparison.Ordinal) ? word[SuiteKeys.Not.Length..] : word;
}
