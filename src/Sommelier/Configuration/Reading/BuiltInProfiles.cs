using Sommelier.Configuration.Keys;
using Sommelier.Configuration.Yaml;

namespace Sommelier.Configuration.Reading;

/// <summary>The profiles that exist without configuration, written as a user would write them.</summary>
internal static class BuiltInProfiles
{
    // uncleared_data stands here although it is the default: a policy that vouches for more is held to it.
    private const string Text = """
        prototype:
          first: [local, free]
        optimize:
          first: [measured]
          explore: { share: 5, max_cost_ratio: 3 }
        production:
          allow_preview: false
          min_life: 90d
          uncleared_data: public
          explore: 0
        """;

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, ConfigGroup> All { get; } = Read();

    private static Dictionary<string, ConfigGroup> Read()
    {
        var problems = new List<ConfigProblem>();
        var tree = YamlTreeReader.Read(Text, "built-in profiles", problems, out _);
        var group = new ConfigWalker(null, complete: true, offline: false, problems).Group(ProfileKeys.Profiles, tree!, "profiles");
        return problems.Count == 0
            ? ConfigBinder.Groups(group).ToDictionary(profile => profile.Key, profile => profile.Group, StringComparer.Ordinal)
            : throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    }
}
