using Sommelier.Evals.Suites;

namespace Sommelier.Tests.Evals.Suites;

/// <summary>Suites from texts.</summary>
internal static class GivenSuite
{
    /// <summary>A suite without mistakes.</summary>
    public static Suite Valid(string yaml, string? folder = null)
    {
        var (suite, problems) = SuiteReader.Read(yaml, Path.Combine(folder ?? Path.GetTempPath(), "s.suite.yaml"));
        Assert.Equal([], problems.Select(problem => problem.ToString()));
        return suite!;
    }

    /// <summary>What is wrong with one: file, line, column, key, mistake and remedy.</summary>
    public static string Problems(string yaml, string? folder = null)
    {
        var path = Path.Combine(folder ?? Path.GetTempPath(), "s.suite.yaml");
        var (suite, problems) = SuiteReader.Read(yaml, path);
        Assert.Null(suite);
        return string.Join('\n', problems.Select(problem => problem.ToString().Replace(path, "s.suite.yaml", StringComparison.Ordinal)));
    }
}
