using Sommelier.Catalog;
using Sommelier.Configuration.Keys;

namespace Sommelier.Configuration.Building;

/// <summary>The model names that a configuration holds, each with its place in the file.</summary>
internal static class PinnedNames
{
    /// <summary>Names in aliases, policies and providers' lists; patterns and names of providers pin nothing.</summary>
    public static IReadOnlyList<PinnedName> Of(SommelierConfig config)
    {
        var names = new List<PinnedName>();
        foreach (var (alias, target) in config.Aliases)
        {
            Add($"aliases.{alias}", target);
        }

        foreach (var policy in config.Policies)
        {
            foreach (var (path, name) in InPolicy(config, policy))
            {
                Add(path, name);
            }
        }

        if (config.Profile is { } profile)
        {
            foreach (var (path, name) in InProfile(config, profile))
            {
                Add(path, name);
            }
        }

        foreach (var provider in config.Providers.Where(provider => provider.Enabled))
        {
            var path = $"providers.{provider.Name}";
            for (var i = 0; i < provider.Models.Count; i++)
            {
                Add($"{path}.models[{i}]", InProvider(provider, provider.Models[i].Id));
            }

            for (var i = 0; i < provider.Only.Count; i++)
            {
                Add($"{path}.only[{i}]", InProvider(provider, provider.Only[i]));
            }
        }

        return names;

        void Add(string path, string name)
        {
            var isAlias = config.Aliases.ContainsKey(name);
            var isPolicy = name is "auto" || name.StartsWith("auto/", StringComparison.Ordinal);
            var isProvider = config.Providers.Any(provider => string.Equals(provider.Name, name, StringComparison.Ordinal)) || BundledCatalog.Providers.Contains(name, StringComparer.Ordinal);
            if (!isAlias && !isPolicy && !isProvider && !name.EndsWith('*'))
            {
                names.Add(new(Known(config, name), $"{config.At(path)} {path}"));
            }
        }
    }

    /// <summary>Every name in what a profile lays over policies, with its path.</summary>
    public static IEnumerable<(string Path, string Name)> InProfile(SommelierConfig config, ProfileConfig profile) =>
        InBody(config, profile.Over, $"profiles.{profile.Name}");

    /// <summary>Every name in a policy with its path.</summary>
    public static IEnumerable<(string Path, string Name)> InPolicy(SommelierConfig config, PolicyConfig policy) =>
        InRules(config, policy).Concat(InBody(config, policy, $"policies.{policy.Name}"));

    private static IEnumerable<(string Path, string Name)> InRules(SommelierConfig config, PolicyConfig policy) =>
        (policy.Rules ?? []).SelectMany((rule, i) => InBody(config, rule.Body, $"policies.{policy.Name}.rules[{i}]"));

    private static IEnumerable<(string Path, string Name)> InBody(SommelierConfig config, PolicyConfig policy, string path)
    {
        var policies = PolicyKeys.BuiltIn.Concat(config.Policies.Select(other => other.Name)).ToHashSet(StringComparer.Ordinal);
        var lists = new List<(string Path, IReadOnlyList<string> Names)>
        {
            ($"{path}.only", policy.Only ?? []),
            ($"{path}.exclude", policy.Exclude ?? []),
            ($"{path}.order", policy.Order ?? []),
            ($"{path}.cascade.first", policy.Cascade?.First ?? []),
        };
        foreach (var word in Words.IntentsAndGroups.Where(word => config.Positions.ContainsKey($"{path}.prefer.{word}")))
        {
            // Of a group, an intent that has no list of its own.
            var meant = Words.Meant(word).FirstOrDefault(intent => Words.Narrowness(word) == 2 || !config.Positions.ContainsKey($"{path}.prefer.{Canonical.Intents.Name(intent)}"), (Canonical.Intent)(-1));
            if (policy.Prefer!.TryGetValue(meant, out var models))
            {
                lists.Add(($"{path}.prefer.{word}", models));
            }
        }

        var arms = (policy.Split?.Keys ?? []).Where(arm => !policies.Contains(arm)).Select(arm => ($"{path}.split.{arm}", arm));
        if (policy.Canary is { } canary && !policies.Contains(canary.To))
        {
            arms = arms.Append(($"{path}.canary.to", canary.To));
        }

        if (policy.Classify?.Model is { } classifier)
        {
            arms = arms.Append(($"{path}.classify.on_abstain.model", classifier));
        }

        if (policy.Similar?.Model is { } embedder)
        {
            arms = arms.Append(($"{path}.cache.similar.model", embedder));
        }

        if (policy.Cascade?.Checks?.Judge is { } judge)
        {
            arms = arms.Append(($"{path}.cascade.checks.judge.model", judge));
        }

        if (policy.Shadow is { } shadow)
        {
            arms = arms.Append(($"{path}.shadow.to", shadow.To));
        }

        return lists.SelectMany(list => list.Names.Select((name, i) => (config.Positions.ContainsKey($"{list.Path}[{i}]") ? $"{list.Path}[{i}]" : list.Path, name))).Concat(arms);
    }

    private static string InProvider(ProviderConfig provider, string model) =>
        model.StartsWith(provider.Name + "/", StringComparison.Ordinal) ? model : $"{provider.Name}/{model}";

    // The catalog knows a provider by its type: claude-eu/claude-opus-5-5 is anthropic/claude-opus-5-5 there.
    private static string Known(SommelierConfig config, string name)
    {
        var provider = config.Providers.FirstOrDefault(provider => name.StartsWith(provider.Name + "/", StringComparison.Ordinal));
        return provider is null ? name : provider.Type + name[provider.Name.Length..];
    }
}
