using System.Globalization;
using Sommelier.Configuration.Reading;
using Sommelier.Routing;

namespace Sommelier.Configuration.Rules;

/// <summary>What the rules, the split, the canary and the shadow of a policy must be.</summary>
internal static class BranchRules
{
    public static void Check(ConfigGroup policy, HashSet<string> names, List<ConfigProblem> problems)
    {
        Split(policy, problems);
        Canary(policy, problems);
        Shadow(policy, names, problems);
        CascadeRules.Check(policy, names, problems);
        var always = false;
        foreach (var rule in policy.List("rules") ?? [])
        {
            if (rule.Value is not ConfigGroup group)
            {
                continue;
            }

            if (always)
            {
                problems.Add(new(group.Position, group.Path, "this rule is never reached: one before it always holds", "Move it up, or remove it", ConfigSeverity.Warning));
            }

            always |= group.Text("when") is { } text && string.Equals(text.Trim(), "true", StringComparison.Ordinal);
            Split(group, problems);
            Canary(group, problems);
            Shadow(group, names, problems);
            CascadeRules.Check(group, names, problems);
            Rule(group, names, problems);
        }
    }

    /// <summary>The policies and models that a policy is made of.</summary>
    public static IEnumerable<PolicyPart> Parts(ConfigGroup policy)
    {
        foreach (var group in (policy.List("rules") ?? []).Select(rule => rule.Value).OfType<ConfigGroup>().Prepend(policy))
        {
            if (group["extends"] is { Value: string parent } extends)
            {
                yield return new(parent, extends, true);
            }

            if (group["use"] is { Value: string used } use)
            {
                yield return new(used, use, false);
            }

            foreach (var (name, value) in group.Group("split")?.Values ?? [])
            {
                yield return new(name, value, false);
            }

            if (group.Group("canary")?["to"] is { Value: string tried } to)
            {
                yield return new(tried, to, false);
            }
        }
    }

    private static void Rule(ConfigGroup rule, HashSet<string> names, List<ConfigProblem> problems)
    {
        if (rule["when"] is { } when && !Condition.TryParse((string)when.Value, out _, out var error))
        {
            problems.Add(new(when.Position, when.Path, $"at letter {error!.Column}, {error.What}", error.Remedy));
        }

        if (rule["use"] is not { } use)
        {
            if (rule.Values.Keys.All(key => key is "when" or "name"))
            {
                problems.Add(new(rule.Position, rule.Path, "the rule changes nothing", "Add use: with a policy, or keys like order or max_cost_usd"));
            }

            return;
        }

        if (!names.Contains((string)use.Value))
        {
            problems.Add(new(use.Position, use.Path, $"there is no policy '{use.Value}'", Suggestion.Remedy((string)use.Value, names)));
        }

        foreach (var (key, value) in rule.Values.Where(entry => entry.Key is not ("when" or "name" or "use")))
        {
            problems.Add(new(value.Position, value.Path, $"'{key}' would change nothing beside use", "Keep one of them; a policy of its own can extend another and change keys"));
        }
    }

    private static void Split(ConfigGroup group, List<ConfigProblem> problems)
    {
        if (group.Group("split") is not { } split)
        {
            return;
        }

        var sum = split.Values.Values.Sum(arm => (decimal)arm.Value);
        if (Math.Abs(sum - 100) > 0.000001m)
        {
            problems.Add(new(split.Position, split.Path, string.Create(CultureInfo.InvariantCulture, $"the percentages sum to {sum}"), "Let them sum to 100"));
        }

        foreach (var (name, value) in split.Values)
        {
            Bare(name, value, problems);
        }
    }

    private static void Canary(ConfigGroup group, List<ConfigProblem> problems)
    {
        if (group.Group("canary") is not { } canary)
        {
            return;
        }

        if (group.Group("split") is not null)
        {
            problems.Add(new(canary.Position, canary.Path, "a canary beside a split: it would not be clear what the canary is compared with", "Put one of them in a policy of its own, and let the other lead to it"));
        }

        if (canary["to"] is { Value: string to } value)
        {
            Bare(to, value, problems);
        }
    }

    private static void Shadow(ConfigGroup group, HashSet<string> names, List<ConfigProblem> problems)
    {
        if (group.Group("shadow")?["to"] is not { Value: string to } value)
        {
            return;
        }

        if (names.Contains(to) || to is "auto" || to.StartsWith("auto/", StringComparison.Ordinal))
        {
            problems.Add(new(value.Position, value.Path, $"'{to}' is a policy, and a shadow is one model", "Name a model"));
        }
    }

    private static void Bare(string name, ConfigValue value, List<ConfigProblem> problems)
    {
        if (name is "auto" || name.StartsWith("auto/", StringComparison.Ordinal))
        {
            problems.Add(new(value.Position, value.Path, $"'{name}' is what callers write", $"Write {(name is "auto" ? "the policy's name" : name["auto/".Length..])}"));
        }
    }
}

/// <summary>A policy or model that a policy is made of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Where it is named.</param>
/// <param name="Extends">Whether the policy starts from it.</param>
internal readonly record struct PolicyPart(string Name, ConfigValue Value, bool Extends);
