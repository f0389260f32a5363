using Sommelier.Configuration;

namespace Sommelier.Evals.Suites;

/// <summary>Collects what is wrong with a suite.</summary>
/// <param name="folder">The suite's folder.</param>
internal sealed class SuiteProblems(string folder)
{
    /// <summary>What was found so far.</summary>
    public List<ConfigProblem> List { get; } = [];

    /// <summary>The suite's folder: files are looked for there.</summary>
    public string Folder { get; } = folder;

    /// <summary>Notes a mistake.</summary>
    public void Add(ConfigPosition position, string path, string what, string remedy) => List.Add(new(position, path, what, remedy));

    /// <summary>Notes something odd that does not keep the suite from running.</summary>
    public void Warn(ConfigPosition position, string path, string what, string remedy) => List.Add(new(position, path, what, remedy, ConfigSeverity.Warning));
}
