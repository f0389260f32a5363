using System.Text.Json.Nodes;
using Sommelier.Configuration;
using Sommelier.Evals.Graders;

namespace Sommelier.Tests.Evals;

/// <summary>Settings of one expectation, as a suite would give them.</summary>
internal static class Settings
{
    /// <summary>Makes a grader; a problem with the settings, or one that nobody read, fails the test.</summary>
    public static T Make<T>(string json, Func<GraderSettings, T> create, string folder = "")
    {
        var problems = new List<ConfigProblem>();
        var settings = Of(json, problems, folder);
        var made = create(settings);

        Assert.Equal([], problems.Select(problem => problem.ToString()));
        Assert.Equal([], settings.Unread);
        return made;
    }

    /// <summary>The problems that making a grader tells.</summary>
    public static IReadOnlyList<ConfigProblem> Problems<T>(string json, Func<GraderSettings, T> create, string folder = "")
    {
        var problems = new List<ConfigProblem>();
        create(Of(json, problems, folder));
        return problems;
    }

    private static GraderSettings Of(string json, List<ConfigProblem> problems, string folder) =>
        new(JsonNode.Parse(json)!.AsObject(), folder, new("test.suite.yaml", 1, 1), "expect[0]", problems);
}
