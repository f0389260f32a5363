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

        if (policies["time_zone"] is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById((string)zone.Value, out _))
        {
            problems.Add(new(zone.Position, zone.Path, $"there is no time zone '{zone.Value}' on this machine", "Write one like Europe/Berlin, or UTC; on a small image install tzdata"));
        }

        foreach (var (name, group) in groups)
        {
            BranchRules.Check(group, names, problems);
            if (!ProviderRules.IsName(name))
            {
                problems.Add(new(group.Position, group.Path, "a policy is called as auto/NAME", "Use lower-case letters, digits, '-', '_' and '.'"));
            }

            if (group["extends"] is { } extends && !names.Contains((string)extends.Value))
            {
                problems.Add(new(extends.Position, extends.Path, $"there is no policy '{extends.Value}'", Suggestion.Remedy((string)extends.Value, names)));
            }

            if (Circle(name, groups) is { } closing)
            {
                problems.Add(new(closing.Position, closing.Path, $"'{name}' is made of itself in a circle", "Let one of them extend frugal, balanced, premium or fast, and use or split between others"));
            }
        }
    }

    /// <summary>Every policy's name: the built-in ones and the file's own.</summary>
    public static HashSet<string> Names(ConfigGroup root) =>
        new(PolicyKeys.BuiltIn.Concat(ConfigBinder.Groups(root.Group("policies")).Select(p => p.Key)), StringComparer.Ordinal);

    /// <summary>The value through which a policy leads back to itself; null when it does not.</summary>
    private static ConfigValue? Circle(string start, Dictionary<string, ConfigGroup> groups)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return groups[start].Values.Count == 0 ? null : BranchRules.Parts(groups[start]).FirstOrDefault(part => !IsOwnBasis(start, part) && Leads(part.Name)).Value;

        bool Leads(string name) => string.Equals(name, start, StringComparison.Ordinal)
            || (seen.Add(name) && groups.TryGetValue(name, out var group) && BranchRules.Parts(group).Any(part => !IsOwnBasis(name, part) && Leads(part.Name)));
    }

    // A policy with a built-in's name may extend that name: it starts from the built-in one.
    private static bool IsOwnBasis(string policy, PolicyPart part) =>
        part.Extends && string.Equals(part.Name, policy, StringComparison.Ordinal) && PolicyKeys.BuiltIn.Contains(policy, StringComparer.Ordinal);
}
