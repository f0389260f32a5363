using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Rules;

/// <summary>What must hold of <c>evals</c>.</summary>
internal static class EvalRules
{
    private const string Extension = ".suite.yaml";

    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        if (root.Group("evals")?.Group("new_models")?["suites"] is not { Value: IReadOnlyList<ConfigValue> files } suites)
        {
            return;
        }

        if (files.Count == 0)
        {
            problems.Add(new(suites.Position, suites.Path, "no suite is named", "Name a file that ends in .suite.yaml, or leave out new_models"));
        }

        foreach (var file in files.Where(static file => !((string)file.Value).EndsWith(Extension, StringComparison.Ordinal)))
        {
            problems.Add(new(file.Position, file.Path, "it is no suite", $"Name a file that ends in {Extension}"));
        }

        foreach (var twice in files.GroupBy(static file => (string)file.Value, StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            problems.Add(new(twice.Last().Position, twice.Last().Path, "it is named twice", "Leave one of them out"));
        }
    }
}
