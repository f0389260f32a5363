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

        return suites.GroupBy(static suite => suite.Hash, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { } twice
            ? throw new CliException($"{string.Join(" and ", twice.Select(static suite => suite.File))} are the same suite; name it once.")
            : suites;
    }
}
