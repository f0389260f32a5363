using Sommelier.Routing;

namespace Sommelier.Configuration.Building;

/// <summary>Makes policies out of what the user wrote: each is the one that it extends, with what it says itself laid over.</summary>
internal static class PolicyBuilder
{
    /// <param name="configs">Each after the one that it extends.</param>
    public static IReadOnlyList<Policy> Build(IReadOnlyList<PolicyConfig> configs)
    {
        var known = Policies.BuiltIn.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        var own = new List<Policy>(configs.Count);
        foreach (var config in configs)
        {
            // A policy with a built-in's name and no parent changes the built-in one.
            var parent = config.Extends ?? (known.ContainsKey(config.Name) ? config.Name : "balanced");
            var policy = Overlay(known[parent], config);
            known[policy.Name] = policy;
            own.Add(policy);
        }

        return own;
    }

    private static Policy Overlay(Policy parent, PolicyConfig config) => parent with
    {
        Name = config.Name,
        Strategy = config.Strategy ?? parent.Strategy,
        Gap = config.Gap / 100 ?? parent.Gap,
        Weights = new(
            config.QualityWeight ?? parent.Weights.Quality,
            config.CostWeight ?? parent.Weights.Cost,
            config.LatencyWeight ?? parent.Weights.Latency),
        Prefer = config.Prefer ?? parent.Prefer,
        Order = config.Order ?? parent.Order,
        MaxCostUsd = config.MaxCostUsd ?? parent.MaxCostUsd,
        MaxLatencyMs = config.MaxLatencyMs ?? parent.MaxLatencyMs,
        MinQuality = config.MinQuality ?? parent.MinQuality,
        Data = config.Data ?? parent.Data,
        UnclearedData = config.UnclearedData ?? parent.UnclearedData,
        Regions = config.Regions ?? parent.Regions,
        Only = config.Only ?? parent.Only,
        Exclude = config.Exclude ?? parent.Exclude,
        FreezeDate = config.Freeze ?? parent.FreezeDate,
        AllowPreview = config.AllowPreview ?? parent.AllowPreview,
        AllowFallback = config.Fallback ?? parent.AllowFallback,
        PinnedFallback = config.PinnedFallback ?? parent.PinnedFallback,
        Successor = config.Successor ?? parent.Successor,
        OnBreak = config.OnBreak ?? parent.OnBreak,
        Hedge = config.Hedge is { } hedge ? Overlay(parent.Hedge ?? new(), hedge) : parent.Hedge,
        Sticky = Overlay(parent.Sticky, config.Sticky),
        Cache = new(config.Cache ?? parent.Cache.Enabled, config.CacheTtl ?? parent.Cache.Ttl),
    };

    private static HedgeSettings? Overlay(HedgeSettings parent, HedgeConfig config) => config.Enabled
        ? new()
        {
            After = config.After ?? (config.OwnPercentile ? null : parent.After),
            MaxShare = config.MaxShare ?? parent.MaxShare,
            MaxUsdPerHour = config.MaxUsdPerHour ?? parent.MaxUsdPerHour,
        }
        : null;

    private static StickySettings Overlay(StickySettings parent, StickyConfig config) => parent with
    {
        Enabled = config.Enabled ?? parent.Enabled,
        KeepFor = config.KeepFor ?? parent.KeepFor,
        CacheFor = config.CacheFor ?? parent.CacheFor,
        Certainty = config.Certainty ?? parent.Certainty,
        Saving = config.Saving ?? parent.Saving,
    };
}
