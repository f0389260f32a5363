using Sommelier.Configuration.Keys;
using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Rules;

/// <summary>What profiles must be, and which of them is in force.</summary>
internal static class ProfileRules
{
    /// <summary>The profile in force by its name, whole; null when none is, or none that exists.</summary>
    /// <param name="root">What the file says.</param>
    /// <param name="environment">Environment variables by name.</param>
    /// <param name="problems">Where problems go.</param>
    public static (string Name, ConfigGroup Group)? InForce(ConfigGroup root, Func<string, string?> environment, List<ConfigProblem> problems)
    {
        var asked = environment(ProfileKeys.Variable) is { Length: > 0 } variable ? variable : null;
        if ((asked ?? root.Text("profile")) is not { } name)
        {
            return null;
        }

        if (ProfileLayer.Whole(root, name) is { } found)
        {
            return (name, found);
        }

        // One that is there, but made of what is not, has its own complaint.
        if (root.Group("profiles")?.Group(name) is null)
        {
            var (position, path) = asked is null ? (root["profile"]!.Position, "profile") : (new(ProfileKeys.Variable, 0, 0), "");
            problems.Add(new(position, path, $"there is no profile '{name}'", Suggestion.Remedy(name, Names(root))));
        }

        return null;
    }

    /// <summary>Finds mistakes of every profile, in force or not: each is held against the policies that it would be laid over.</summary>
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        foreach (var (name, profile) in ConfigBinder.Groups(root.Group("profiles")))
        {
            if (!ProviderRules.IsName(name))
            {
                problems.Add(new(profile.Position, profile.Path, "a profile is named on command lines", "Use lower-case letters, digits, '-', '_' and '.'"));
            }

            if (profile["extends"] is { } extends && !Names(root).Contains((string)extends.Value))
            {
                problems.Add(new(extends.Position, extends.Path, $"there is no profile '{extends.Value}'", Suggestion.Remedy((string)extends.Value, Names(root))));
            }
            else if (ProfileLayer.Whole(root, name) is { } whole)
            {
                var found = new List<ConfigProblem>();
                PolicyRules.Check(ProfileLayer.Over(root, whole), found);
                problems.AddRange(found.Except(problems));
            }
            else if (profile["extends"] is { } circle && Leads(root, name))
            {
                problems.Add(new(circle.Position, circle.Path, $"'{name}' is made of itself in a circle", "Let one of them extend prototype, optimize or production, or nothing"));
            }
        }
    }

    private static HashSet<string> Names(ConfigGroup root) =>
        new([.. BuiltInProfiles.All.Keys, .. ConfigBinder.Groups(root.Group("profiles")).Select(profile => profile.Key)], StringComparer.Ordinal);

    // What leads into a circle from outside, or to a name that does not exist, is complained of where that stands.
    private static bool Leads(ConfigGroup root, string start)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var at = start;
        while (seen.Add(at) && root.Group("profiles")?.Group(at)?.Text("extends") is { } next)
        {
            at = next;
        }

        return string.Equals(at, start, StringComparison.Ordinal);
    }
}
