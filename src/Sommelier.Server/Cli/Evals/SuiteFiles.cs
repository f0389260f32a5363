using Sommelier.Evals.Suites;

namespace Sommelier.Server.Cli.Evals;

/// <summary>Reads suites for a verb.</summary>
internal static class SuiteFiles
{
    /// <summary>Reads suites; prints every problem of every one.</summary>
    /// <exception cref="CliException">One cannot be used.</exception>
    public static IReadOnlyList<Suite> Load(CliContext context, IReadOnlyList<string> files)
    {
        var suites = new List<Suite>();
        var broken = 0;
        foreach (var file in files)
        {
            var (suite, problems) = SuiteCheck.Read(file);
            foreach (var problem in problems)
            {
                context.Error.WriteLine(problem.ToString());
            }

            if (suite is null)
            {
                broken++;
            }
            else
            {
                suites.Add(suite);
            }
        }

        if (broken > 0)
        {
            throw new CliException(broken == 1 ? "the suite cannot be used." : $"{broken} suites cannot be used.");
        }

        if (Twice(suites, static suite => suite.Hash) is { } same)
        {
            throw new CliException($"{Files(same)} are the same suite; name it once.");
        }

        // Results and the quality table know a suite by its name.
        return Twice(suites, static suite => suite.Id) is { } namesakes
            ? throw new CliException($"{Files(namesakes)} are both called '{namesakes.Key}'; give one of them another name under 'suite'.")
            : suites;
    }

    private static IGrouping<string, Suite>? Twice(List<Suite> suites, Func<Suite, string> by) =>
        suites.GroupBy(by, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1);

    private static string Files(IEnumerable<Suite> suites) => string.Join(" and ", suites.Select(static suite => suite.File));
}
