using Sommelier.Configuration;

namespace Sommelier.Server.Cli;

/// <summary>Reads the configuration for a verb.</summary>
internal static class ConfigFiles
{
    /// <summary>Reads a file, or the defaults when there is none; prints all problems, and returns null when one is an error.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="environment">Environment variables by name.</param>
    /// <param name="errors">Where problems are printed.</param>
    /// <param name="offline">Whether secrets may be absent: for looking, not for serving.</param>
    public static SommelierConfig? LoadOrReport(string? path, Func<string, string?> environment, TextWriter errors, bool offline = false)
    {
        var (config, problems) = ConfigFile.Read(path, environment, offline);
        foreach (var problem in problems)
        {
            errors.WriteLine(problem.ToString());
        }

        return config;
    }
}
