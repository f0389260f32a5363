using System.CommandLine;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Server.Cli.Evals;

/// <summary>A run that a verb works on.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Manifest">What it is of.</param>
internal sealed record OpenedRun(RunFolder Folder, RunManifest Manifest)
{
    /// <summary>The argument that names it.</summary>
    public static Argument<string> Argument(string name = "run") => new(name) { Description = "The run: its id, its folder, or 'last'." };

    /// <summary>The run of a name.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static OpenedRun Find(string named, string runs)
    {
        var folder = named is "last" ? Last(runs) : RunFolder.Find(named, runs);
        try
        {
            return folder is null
                ? throw new CliException($"there is no run '{named}', neither as a folder nor in {runs}.")
                : new(folder, folder.ReadManifest());
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            throw new CliException($"the run in {folder!.Path} cannot be read: {failure.Message}.");
        }
    }

    /// <summary>Its suites as they were.</summary>
    /// <exception cref="CliException">One has changed or is gone.</exception>
    public IReadOnlyList<Suite> Suites(CliContext context)
    {
        var suites = SuiteFiles.Load(context, [.. Manifest.Suites.Select(static suite => suite.File)]);
        for (var i = 0; i < suites.Count; i++)
        {
            if (!string.Equals(suites[i].Hash, Manifest.Suites[i].Hash, StringComparison.Ordinal))
            {
                throw new CliException($"{suites[i].File} has changed since the run began. Take 'sommelier eval regrade {Manifest.Id}' when only expectations changed; else a new run, which keeps every answer whose case is still the same.");
            }
        }

        return suites;
    }

    private static RunFolder? Last(string runs) => !Directory.Exists(runs)
        ? null
        : Directory.GetDirectories(runs).Order(StringComparer.Ordinal).Reverse().Select(folder => RunFolder.Find(folder, folder)).FirstOrDefault(static run => run is not null);
}
