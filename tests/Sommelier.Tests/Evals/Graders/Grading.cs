using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Configuration;
using Sommelier.Evals.Graders;
using Sommelier.TestKit;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>Makes graders of expectations as suites write them, and has them judge.</summary>
internal static class Grading
{
    /// <summary>The grader of an expectation in JSON; what is wrong with it fails the test.</summary>
    public static IGrader Grader(string expectation) => Grader(JsonNode.Parse(expectation)!.AsObject());

    public static IGrader Grader(JsonObject expectation)
    {
        var (grader, problems) = Read(expectation);
        Assert.Equal([], problems);
        return grader!;
    }

    /// <summary>What a suite's author is told.</summary>
    public static IReadOnlyList<string> Problems(string expectation) => Read(JsonNode.Parse(expectation)!.AsObject()).Problems;

    /// <summary>The grade of an answer's text.</summary>
    public static Grade Grade(string expectation, string answer) => Grade(Grader(expectation), new GradedAnswer { Text = answer });

    public static Grade Grade(IGrader grader, GradedAnswer answer)
    {
        var grade = grader.GradeAsync(answer, CancellationToken.None).AsTask();
        Assert.True(grade.Wait(TimeSpan.FromMinutes(1)));
        return grade.Result;
    }

    /// <summary>Whether an answer's text passes.</summary>
    public static bool Passes(string expectation, string answer) => Grade(expectation, answer).State == GradeState.Passed;

    public static GradedAnswer Calls(params (string Name, string Arguments)[] calls) =>
        new() { Text = "", ToolCalls = [.. calls.Select((call, index) => new ToolCallPart($"call_{index}", call.Name, call.Arguments))] };

    /// <summary>The lines of a file of the evaluation data as objects; skips the test where there is none.</summary>
    public static IEnumerable<JsonObject> Lines(params string[] path) =>
        File.ReadLines(Shared.Path(["data", "evals", .. path])).Where(static line => line.Length > 0).Select(static line => JsonNode.Parse(line)!.AsObject());

    private static (IGrader? Grader, IReadOnlyList<string> Problems) Read(JsonObject expectation)
    {
        var problems = new List<ConfigProblem>();
        var settings = new GraderSettings(expectation, Path.GetTempPath(), new("suite.yaml", 1, 1), "expect[0]", problems);
        var kind = GraderRegistry.Find(settings.Text("type"));
        Assert.NotNull(kind);
        var grader = kind.Create(settings);
        return (grader, [.. problems.Select(static problem => problem.ToString()), .. settings.Unread.Select(static name => $"{name} is not known")]);
    }
}
