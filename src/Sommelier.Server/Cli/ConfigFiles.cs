using Sommelier.Configuration;

namespace Sommelier.Server.Cli;

/// <summary>Reads the configuration file for a verb.</summary>
internal static class ConfigFiles
{
    /// <summary>The configuration, the default one where there is no file; on problems prints all of them and returns null.</summary>
    public static SommelierConfig? LoadOrReport(string? file)
    {
        if (file is null)
        {
            return SommelierConfig.Default;
        }

        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"sommelier: the configuration cannot be read: {failure.Message}");
            return null;
        }

        var (config, problems) = ConfigReader.Read(text, file, SystemEnvironment.Get);
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem.ToString());
        }

        return config;
    }
}
