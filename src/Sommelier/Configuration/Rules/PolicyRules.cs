using Sommelier.Configuration.Keys;
using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Rules;

/// <summary>What policies must be together: named, and extending each other without circles.</summary>
internal static class PolicyRules
{
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        if (root.Group("policies") is not { } policies)
        {
            return;
        }

        var groups = ConfigBinder.Groups(policies).ToDictionary(p => p.Key, p => p.Group, StringComparer.Ordinal);
        var names = Names(root);
        if (policies["default"] is { } @default && !names.Contains((string)@default.Value))
        {
            problems.Add(new(@default.Position, @default.Path, $"there is no policy '{@default.Value}'", Suggestion.Remedy((string)@default.Value, names)));
        }

        foreach (var (name, group) in groups)
        {
            if (!ProviderRules.IsName(name))
            {
                problems.Add(new(group.Position, group.Path, "a policy is called as auto/NAME", "Use lower-case letters, digits, '-', '_' and '.'"));
            }

            if (group["extends"] is not { } extends)
            {
                continue;
            }

            var parent = (string)extends.Value;
            if (!names.Contains(parent))
            {
                problems.Add(new(extends.Position, extends.Path, $"there is no policy '{parent}'", Suggestion.Remedy(parent, names)));
            }
            else if (IsCircle(name, groups))
            {
                problems.Add(new(extends.Position, extends.Path, $"'{name}' extends itself in a circle", "Let one of them extend frugal, balanced, premium or fast"));
            }
        }
    }

    /// <summary>Every policy's name: the built-in ones and the file's own.</summary>
    public static HashSet<string> Names(ConfigGroup root) =>
        new(PolicyKeys.BuiltIn.Concat(ConfigBinder.Groups(root.Group("policies")).Select(p => p.Key)), StringComparer.Ordinal);

    // A policy with a built-in's name may extend that name: it starts from the built-in one.
    private static bool IsCircle(string start, Dictionary<string, ConfigGroup> groups)
    {
        var at = start;
        for (var steps = 0; steps <= groups.Count; steps++)
        {
            if (!groups.TryGetValue(at, out var group) || group.Text("extends") is not { } parent
                || (string.Equals(parent, at, StringComparison.Ordinal) && PolicyKeys.BuiltIn.Contains(at, StringComparer.Ordinal)))
            {
                return false;
            }

            at = parent;
            if (string.Equals(at, start, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
