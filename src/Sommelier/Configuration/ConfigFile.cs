namespace Sommelier.Configuration;

/// <summary>Reads a configuration from a file; a file that cannot be read is a problem like any other.</summary>
internal static class ConfigFile
{
    /// <summary>The file that is taken when none is named.</summary>
    public const string UsualName = "sommelier.yaml";

    private const long MaxBytes = 4L * YamlCharacters;
    private const int YamlCharacters = Yaml.YamlTreeReader.MaxCharacters;

    /// <summary>The file that is read: the one named, else the usual one of the working folder; null when there is none.</summary>
    public static string? Find(string? named) => named ?? (File.Exists(UsualName) ? UsualName : null);

    /// <summary>Reads a file; without one, what holds without a file.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="environment">Environment variables by name.</param>
    /// <param name="offline">Whether secrets may be absent: for looking, not for serving.</param>
    public static (SommelierConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(string? path, Func<string, string?> environment, bool offline = false)
    {
        if (path is null)
        {
            return environment(Keys.ProfileKeys.Variable) is { Length: > 0 } ? ConfigReader.Read("", "", environment, offline) : (SommelierConfig.Default, []);
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.CanSeek && stream.Length > MaxBytes)
            {
                return (null, [new(new(path, 0, 0), "", $"the file is larger than {MaxBytes:N0} bytes", "Make it shorter")]);
            }

            using var reader = new StreamReader(stream);
            return ConfigReader.Read(reader.ReadToEnd(), path, environment, offline);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, [new(new(path, 0, 0), "", failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "the file cannot be read", "Name another with --config, or mend its path and rights")]);
        }
    }
}
