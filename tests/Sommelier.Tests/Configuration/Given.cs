using Sommelier.Configuration;

namespace Sommelier.Tests.Configuration;

internal static class Given
{
    /// <summary>Reads a configuration with the given environment variables, as <c>NAME=value</c>.</summary>
    public static (SommelierConfig? Config, IReadOnlyList<ConfigProblem> Problems) Yaml(string text, params string[] variables) =>
        ConfigReader.Read(text, "sommelier.yaml", Environment(variables));

    /// <summary>Reads a configuration that must be valid.</summary>
    public static SommelierConfig ValidYaml(string text, params string[] variables)
    {
        var (config, problems) = Yaml(text, variables);
        Assert.Empty(problems);
        return config!;
    }

    public static Func<string, string?> Environment(params string[] variables) =>
        name => variables.FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
