using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Routing.Cascading;

namespace Sommelier.Configuration.Building;

/// <summary>Makes policies out of what the user wrote: each is the one that it extends, with what it says itself laid over.</summary>
internal static class PolicyBuilder
{
    private static readonly Branches None = new(new Dictionary<string, double>(StringComparer.Ordinal), null, []);

    /// <param name="configs">Each after the ones that it extends, uses, splits between or tries.</param>
    /// <param name="timeZone">Where rules take the time of day from.</param>
    public static IReadOnlyList<Policy> Build(IReadOnlyList<PolicyConfig> configs, TimeZoneInfo timeZone)
    {
        var known = Policies.BuiltIn.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        var branches = new Dictionary<string, Branches>(StringComparer.Ordinal);
        var own = new List<Policy>(configs.Count);
        foreach (var config in configs)
        {
            // A policy with a built-in's name and no parent changes the built-in one.
            var parent = config.Extends ?? (known.ContainsKey(config.Name) ? config.Name : "balanced");
            var policy = Overlay(known[parent], config) with { TimeZone = timeZone };

            // Rules, splits and canaries that come from the parent are laid over this policy, not over the parent.
            var laid = branches[config.Name] = branches.GetValueOrDefault(parent, None).With(config);
            policy = Renamed(policy with { Split = Arms(policy, laid.Split, known), Canary = Canary(policy, laid.Canary, known), Rules = Rules(policy, laid.Rules, known) });
            known[policy.Name] = policy;
            own.Add(policy);
        }

        return own;
    }

    private static PolicyRule[] Rules(Policy policy, IReadOnlyList<RuleConfig> rules, Dictionary<string, Policy> known) =>
        [.. rules.Select(rule => new PolicyRule(rule.Name, rule.When, rule.Use is { } used ? known[used] : Changed(policy, rule.Body, known)))];

    // A rule's own keys are about a request that the policy's split and further rules are not.
    private static Policy Changed(Policy policy, PolicyConfig body, Dictionary<string, Policy> known)
    {
        var changed = Overlay(policy, body) with { Rules = [], Split = [], Canary = null };
        return body.Split is { } split ? changed with { Split = Arms(changed, split, known) } : changed with { Canary = Canary(changed, body.Canary, known) };
    }

    private static PolicyArm[] Arms(Policy policy, IReadOnlyDictionary<string, double> split, Dictionary<string, Policy> known) =>
        [.. split.Where(arm => arm.Value > 0).Select(arm => new PolicyArm(arm.Key, arm.Value / 100, Arm(policy, arm.Key, known)))];

    private static CanarySettings? Canary(Policy policy, CanaryConfig? config, Dictionary<string, Policy> known) => config is { Share: > 0 }
        ? new()
        {
            To = config.To,
            Share = config.Share / 100,
            Then = Arm(policy, config.To, known),
            MinRequests = config.MinRequests ?? 50,
            MaxErrorIncrease = config.MaxErrorIncrease / 100 ?? 0.05,
            MaxLatencyRatio = config.MaxLatencyRatio ?? 1.5,
            MaxCostRatio = config.MaxCostRatio ?? 2,
        }
        : null;

    /// <summary>The policy of a name, or this policy with a model to try first, before which nobody else is asked.</summary>
    private static Policy Arm(Policy policy, string name, Dictionary<string, Policy> known) => known.GetValueOrDefault(name) ?? policy with
    {
        Rules = [], Split = [], Canary = null, Prefer = new Dictionary<Intent, IReadOnlyList<string>>(), Order = [name], Cascade = null,
    };

    /// <summary>What rules, splits and canaries lead to is called by the name that the caller used.</summary>
    private static Policy Renamed(Policy policy) => Renamed(policy, policy.Name);

    private static Policy Renamed(Policy policy, string name) => policy.IsPlain && string.Equals(policy.Name, name, StringComparison.Ordinal) ? policy : policy with
    {
        Name = name,
        Rules = [.. policy.Rules.Select(rule => rule with { Then = Renamed(rule.Then, name) })],
        Split = [.. policy.Split.Select(arm => arm with { Then = Renamed(arm.Then, name) })],
        Canary = policy.Canary is { } canary ? canary with { Then = Renamed(canary.Then, name) } : null,
    };

    private static Policy Overlay(Policy parent, PolicyConfig config) => parent with
    {
        Name = config.Name,
        Strategy = config.Strategy ?? parent.Strategy,
        Gap = config.Gap / 100 ?? parent.Gap,
        Steady = config.Steady ?? parent.Steady,
        TryUnmeasured = config.TryUnmeasured / 100 ?? (config.Explore is { Share: <= 0 } ? 0 : parent.TryUnmeasured),
        Weights = new(
            config.QualityWeight ?? parent.Weights.Quality,
            config.CostWeight ?? parent.Weights.Cost,
            config.LatencyWeight ?? parent.Weights.Latency),
        Prefer = config.Prefer ?? parent.Prefer,
        Order = config.Order ?? parent.Order,
        First = config.First ?? parent.First,
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
        MinLifeDays = config.MinLife is { } life ? (int)Math.Ceiling(life.TotalDays) : parent.MinLifeDays,
        AllowFallback = config.Fallback ?? parent.AllowFallback,
        PinnedFallback = config.PinnedFallback ?? parent.PinnedFallback,
        Successor = config.Successor ?? parent.Successor,
        OnBreak = config.OnBreak ?? parent.OnBreak,
        Hedge = config.Hedge is { } hedge ? Overlay(parent.Hedge ?? new(), hedge) : parent.Hedge,
        Escalate = config.Escalate is { } escalate ? Overlay(parent.Escalate ?? new(), escalate) : parent.Escalate,
        Cascade = config.Cascade is { } cascade ? Overlay(parent.Cascade, cascade) : parent.Cascade,
        Classify = config.Classify is { } classify ? Overlay(parent.Classify, classify) : parent.Classify,
        Balance = config.Balance ?? parent.Balance,
        Sticky = Overlay(parent.Sticky, config.Sticky),
        Explore = config.Explore is { } explore ? Explore(explore) : parent.Explore,
        Shadow = config.Shadow is { } shadow ? Shadow(shadow) : parent.Shadow,
        Cache = new(
            config.Cache ?? parent.Cache.Enabled,
            config.CacheTtl ?? parent.Cache.Ttl,
            config.Similar is { } similar ? Overlay(parent.Cache.Similar, similar) : parent.Cache.Similar),
    };

    /// <summary>Null: nothing is tried.</summary>
    public static ExploreSettings? Explore(ExploreConfig config) =>
        config.Share > 0 ? new() { Share = config.Share / 100, MaxCostRatio = config.MaxCostRatio ?? 3 } : null;

    private static ShadowSettings? Shadow(ShadowConfig config) =>
        config.Share > 0 ? new() { To = config.To, Share = config.Share / 100, MaxUsdPerDay = config.MaxUsdPerDay ?? 1 } : null;

    private static HedgeSettings? Overlay(HedgeSettings parent, HedgeConfig config) => config.Enabled
        ? new()
        {
            After = config.After ?? (config.OwnPercentile ? null : parent.After),
            MaxShare = config.MaxShare ?? parent.MaxShare,
            MaxUsdPerHour = config.MaxUsdPerHour ?? parent.MaxUsdPerHour,
        }
        : null;

    private static EscalateSettings? Overlay(EscalateSettings parent, EscalateConfig config) => config.Enabled
        ? new()
        {
            OnRepeat = config.OnRepeat ?? parent.OnRepeat,
            OnStall = config.OnStall is { } times ? (times > 0 ? times : null) : parent.OnStall,
        }
        : null;

    private static ClassifySettings? Overlay(ClassifySettings? parent, ClassifyConfig config)
    {
        if (config is not { Enabled: true, Model: { } model })
        {
            return null;
        }

        var settings = parent is null ? new() { Model = model } : parent with { Model = model };
        return settings with
        {
            Timeout = config.TimeoutMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : settings.Timeout,
            KeepFor = config.KeepFor ?? settings.KeepFor,
        };
    }

    private static SimilarSettings? Overlay(SimilarSettings? parent, SimilarConfig config)
    {
        if (config is not { Enabled: true, Model: { } model })
        {
            return null;
        }

        var settings = parent is null ? new() { Model = model } : parent with { Model = model };
        return settings with
        {
            AtLeast = config.AtLeast ?? settings.AtLeast,
            Timeout = config.TimeoutMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : settings.Timeout,
        };
    }

    private static CascadeSettings? Overlay(CascadeSettings? parent, CascadeConfig config)
    {
        if (config is not { Enabled: true, First: { } first })
        {
            return null;
        }

        var settings = (parent ?? new() { First = first }) with { First = first };
        if (config.Checks is { } checks)
        {
            settings = new()
            {
                First = first,
                Schema = checks.Schema ?? true,
                Regex = checks.Regex,
                Samples = checks.Agree ? checks.Samples ?? 3 : 1,
                Agreeing = checks.Agree ? checks.AgreeMin ?? 2 : 1,
                Judge = checks.Judge,
                JudgeMin = checks.JudgeMin ?? 0.7,
                Criterion = checks.Criterion,
                Streams = settings.Streams,
                Tools = settings.Tools,
                MaxExtraUsd = settings.MaxExtraUsd,
                MaxExtraMs = settings.MaxExtraMs,
            };
        }

        return settings with
        {
            Streams = config.Streams ?? settings.Streams,
            Tools = config.Tools ?? settings.Tools,
            MaxExtraUsd = config.MaxExtraUsd ?? settings.MaxExtraUsd,
            MaxExtraMs = config.MaxExtraMs ?? settings.MaxExtraMs,
        };
    }

    private static StickySettings Overlay(StickySettings parent, StickyConfig config) => parent with
    {
        Enabled = config.Enabled ?? parent.Enabled,
        KeepFor = config.KeepFor ?? parent.KeepFor,
        CacheFor = config.CacheFor ?? parent.CacheFor,
        Certainty = config.Certainty ?? parent.Certainty,
        Saving = config.Saving ?? parent.Saving,
    };

    /// <summary>What a policy branches into, as it was written.</summary>
    private sealed record Branches(IReadOnlyDictionary<string, double> Split, CanaryConfig? Canary, IReadOnlyList<RuleConfig> Rules)
    {
        /// <summary>These with a policy's own over them: its split takes the place of a canary, and the other way round.</summary>
        public Branches With(PolicyConfig config)
        {
            var canary = config.Canary ?? (config.Split is null ? Canary : null);
            return new(config.Split ?? (config.Canary is { Share: > 0 } ? None.Split : Split), canary, config.Rules ?? Rules);
        }
    }
}
