using Sommelier.Routing;

namespace Sommelier.Configuration.Building;

/// <summary>Lays a profile over policies. A limit is never loosened: of the profile's and the policy's the tighter holds, of lists both.</summary>
internal static class ProfiledPolicies
{
    // No region is called so.
    private const string Nowhere = "none";

    /// <summary>Every policy under the profile, the built-in ones too, with what their rules, splits and canaries lead to.</summary>
    public static IEnumerable<Policy> Of(IEnumerable<Policy> own, ProfileConfig profile)
    {
        var policies = Policies.BuiltIn.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        foreach (var policy in own)
        {
            policies[policy.Name] = policy;
        }

        return policies.Values.Select(policy => Of(policy, profile));
    }

    /// <summary>What is odd: policies that may be served nowhere under the profile.</summary>
    public static IEnumerable<ConfigProblem> Check(SommelierConfig config, IEnumerable<Policy> policies) =>
        from policy in policies
        where policy.Regions is [Nowhere]
        let path = $"profiles.{config.Profile!.Name}.regions"
        select new ConfigProblem(config.At(path), path, $"it has no region in common with the policy '{policy.Name}', which nothing can serve then", "Change one of them, or write the policy's regions under the profile's policies", ConfigSeverity.Warning);

    private static Policy Of(Policy policy, ProfileConfig profile)
    {
        var over = profile.Over;
        return policy with
        {
            Profile = profile.Name,
            First = over.First ?? policy.First,
            MaxCostUsd = over.MaxCostUsd < policy.MaxCostUsd ? over.MaxCostUsd : policy.MaxCostUsd ?? over.MaxCostUsd,
            MaxLatencyMs = over.MaxLatencyMs < policy.MaxLatencyMs ? over.MaxLatencyMs : policy.MaxLatencyMs ?? over.MaxLatencyMs,
            MinQuality = over.MinQuality > policy.MinQuality ? over.MinQuality : policy.MinQuality ?? over.MinQuality,
            Data = over.Data > policy.Data ? over.Data : policy.Data ?? over.Data,
            UnclearedData = over.UnclearedData < policy.UnclearedData ? over.UnclearedData.Value : policy.UnclearedData,
            Regions = Both(policy.Regions, over.Regions ?? []),
            ProfileOnly = over.Only ?? [],
            Exclude = [.. policy.Exclude, .. over.Exclude ?? []],
            FreezeDate = over.Freeze < policy.FreezeDate ? over.Freeze : policy.FreezeDate ?? over.Freeze,
            AllowPreview = policy.AllowPreview && over.AllowPreview != false,
            MinLifeDays = Days(over.MinLife) > policy.MinLifeDays ? Days(over.MinLife) : policy.MinLifeDays ?? Days(over.MinLife),
            Explore = over.Explore is { } explore ? (explore.Share > 0 ? policy.Explore ?? PolicyBuilder.Explore(explore) : null) : policy.Explore,
            TryUnmeasured = over.Explore is { Share: <= 0 } ? 0 : policy.TryUnmeasured,
            Rules = [.. policy.Rules.Select(rule => rule with { Then = Of(rule.Then, profile) })],
            Split = [.. policy.Split.Select(arm => arm with { Then = Of(arm.Then, profile) })],
            Canary = policy.Canary is { } canary ? canary with { Then = Of(canary.Then, profile) } : null,
        };
    }

    private static int? Days(TimeSpan? life) => life is { } length ? (int)Math.Ceiling(length.TotalDays) : null;

    // eu and eu-west-1 have eu-west-1 in common; eu and us nothing, and then no region that exists is left.
    private static IReadOnlyList<string> Both(IReadOnlyList<string> policy, IReadOnlyList<string> profile)
    {
        if (policy.Count == 0 || profile.Count == 0)
        {
            return policy.Count == 0 ? profile : policy;
        }

        string[] common = [.. policy.Where(region => profile.Any(other => IsPart(region, other))), .. profile.Where(region => policy.Any(other => IsPart(region, other)))];
        return common.Length > 0 ? [.. common.Distinct(StringComparer.OrdinalIgnoreCase)] : [Nowhere];
    }

    private static bool IsPart(string region, string of) =>
        region.StartsWith(of, StringComparison.OrdinalIgnoreCase) && (region.Length == of.Length || region[of.Length] == '-');
}
