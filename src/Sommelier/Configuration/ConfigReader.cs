using System.Security.Cryptography;
using System.Text;
using Sommelier.Configuration.Keys;
using Sommelier.Configuration.Reading;
using Sommelier.Configuration.Rules;
using Sommelier.Configuration.Yaml;

namespace Sommelier.Configuration;

/// <summary>The one point where YAML becomes <see cref="SommelierConfig"/>. Finds every mistake in one run.</summary>
internal static class ConfigReader
{
    /// <summary>Reads a configuration. Pure: the environment comes in as a function, and no file is touched.</summary>
    /// <param name="yamlText">The file's text.</param>
    /// <param name="path">The file's name, for the problems.</param>
    /// <param name="environment">Environment variables by name; null for one that is not set.</param>
    /// <param name="offline">Whether secrets may be absent: for looking, not for serving.</param>
    /// <returns>The configuration, or null when there is an error; and all problems in the order of the file.</returns>
    public static (SommelierConfig? Config, IReadOnlyList<ConfigProblem> Problems) Read(string yamlText, string path, Func<string, string?> environment, bool offline = false)
    {
        var problems = new List<ConfigProblem>();
        var tree = YamlTreeReader.Read(yamlText, path, problems, out var complete);
        var root = new ConfigGroup(new(path, 0, 0), "");
        if (tree is not (null or YamlScalar { IsNull: true }))
        {
            root = new ConfigWalker(environment, complete, offline, problems).Group(ConfigKeys.Root, tree, "");
        }

        ServerRules.Check(root, problems);
        if (complete)
        {
            // In a file that a syntax error cut short, keys and models may just not have been reached.
            ProviderRules.Check(root, environment, offline, problems);
        }

        PolicyRules.Check(root, problems);
        ProfileRules.Check(root, problems);
        var profile = ProfileRules.InForce(root, environment, problems);
        var laid = profile is { } inForce ? ProfileLayer.Over(root, inForce.Group) : root;
        AliasRules.Check(laid, problems);
        StorageRules.Check(root, offline, problems);
        EvalRules.Check(root, problems);
        MediaRules.Check(root, problems);
        BodiesRules.Check(root, problems);
        problems.Sort((a, b) => (a.Position.Line, a.Position.Column).CompareTo((b.Position.Line, b.Position.Column)));
        if (problems.Any(problem => problem.Severity == ConfigSeverity.Error))
        {
            return (null, problems);
        }

        var version = profile is { } named && !string.Equals(named.Name, root.Text("profile"), StringComparison.Ordinal) ? $"{yamlText}\n{named.Name}" : yamlText;
        var config = ConfigBinder.Bind(laid) with
        {
            File = path,
            Profile = profile is { } over ? new(over.Name, PolicyBinder.Bind(over.Name, over.Group)) : null,
            Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)).AsSpan(0, 8)),
        };
        return (config, problems);
    }
}
