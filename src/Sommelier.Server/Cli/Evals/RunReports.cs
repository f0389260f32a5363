using Sommelier.Evals.Reports;
using Sommelier.Evals.Runs;

namespace Sommelier.Server.Cli.Evals;

/// <summary>Reckons runs up from their folders.</summary>
internal static class RunReports
{
    /// <summary>The report of a run by itself: gates are not judged.</summary>
    public static RunReport Read(OpenedRun run) =>
        RunReport.Build(run.Manifest with { Gate = null }, run.Folder.ReadCases(), run.Folder.ReadResults(), null);

    /// <summary>The report of a run, with the earlier run that its gate names.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="runs">Where other runs lie.</param>
    /// <param name="end">How it ended; null when it is only read.</param>
    /// <exception cref="CliException">The gate names a run that is not there.</exception>
    public static RunReport Read(RunFolder folder, string runs, RunEnd? end)
    {
        var manifest = folder.ReadManifest();
        var against = Baseline(manifest, runs) is { } earlier ? Read(earlier) : null;
        return RunReport.Build(manifest, folder.ReadCases(), folder.ReadResults(), end, against, folder.ReadComparisons());
    }

    /// <summary>The earlier run that a gate names; null when it names none.</summary>
    /// <exception cref="CliException">It is not there.</exception>
    public static OpenedRun? Baseline(RunManifest manifest, string runs)
    {
        if (manifest.Gate?.Vs is not { } vs || manifest.Models.Contains(vs, StringComparer.Ordinal))
        {
            return null;
        }

        return RunFolder.Find(vs, runs) is null
            ? throw new CliException($"the gate compares with '{vs}', which is neither a model of the run ({string.Join(", ", manifest.Models)}) nor a run in {runs}.")
            : OpenedRun.Find(vs, runs);
    }
}
