using Sommelier.Configuration.Reading;

namespace Sommelier.Configuration.Rules;

/// <summary>What aliases must be: names that mean nothing else, for something that is no alias itself.</summary>
internal static class AliasRules
{
    public static void Check(ConfigGroup root, List<ConfigProblem> problems)
    {
        if (root.Group("aliases") is not { } aliases)
        {
            return;
        }

        var policies = PolicyRules.Names(root);
        foreach (var (alias, value) in aliases.Values)
        {
            var target = (string)value.Value;
            if (alias is "auto" || alias.StartsWith("auto/", StringComparison.Ordinal))
            {
                problems.Add(new(value.Position, value.Path, "names that begin with 'auto' are policies", "Choose another alias"));
            }

            if (aliases.Values.ContainsKey(target))
            {
                problems.Add(new(value.Position, value.Path, $"'{target}' is an alias itself", "Write what it stands for"));
            }
            else if (target.StartsWith("auto/", StringComparison.Ordinal) && !policies.Contains(target["auto/".Length..]))
            {
                problems.Add(new(value.Position, value.Path, $"there is no policy '{target["auto/".Length..]}'", Suggestion.Remedy(target["auto/".Length..], policies)));
            }
        }
    }
}
