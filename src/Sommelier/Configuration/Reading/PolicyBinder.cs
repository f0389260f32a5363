using Sommelier.Canonical;
using Sommelier.Configuration.Keys;
using Sommelier.Routing;

namespace Sommelier.Configuration.Reading;

/// <summary>Makes <see cref="PolicyConfig"/> out of valid values.</summary>
internal static class PolicyBinder
{
    public static PolicyConfig Bind(string name, ConfigGroup group) => new()
    {
        Name = name,
        Extends = group.Text("extends"),
        Strategy = group.Text("strategy"),
        Gap = (double?)group.Number("gap"),
        Steady = (double?)group.Number("steady"),
        TryUnmeasured = (double?)group.Number("try_unmeasured"),
        QualityWeight = (double?)group.Group("weights")?.Number("quality"),
        CostWeight = (double?)group.Group("weights")?.Number("cost"),
        LatencyWeight = (double?)group.Group("weights")?.Number("latency"),
        Prefer = Prefer(group.Group("prefer")),
        Order = group.Texts("order"),
        First = group.Texts("first") is { } first ? [.. first.Select(word => EnumNames<CandidateGroup>.Parse(word)!.Value)] : null,
        MaxCostUsd = group.Number("max_cost_usd"),
        MaxLatencyMs = group.Integer("max_latency_ms"),
        MinQuality = (double?)group.Number("min_quality"),
        Regions = group.Texts("regions"),
        Data = ConfigBinder.Data(group),
        UnclearedData = (DataClass?)group.Choice("uncleared_data", Words.DataClasses),
        Only = group.Texts("only"),
        Exclude = group.Texts("exclude"),
        Freeze = group.Date("freeze"),
        AllowPreview = group.Boolean("allow_preview"),
        MinLife = group.Duration("min_life"),
        Fallback = group.Boolean("fallback"),
        PinnedFallback = group.Boolean("pinned_fallback"),
        Successor = group.Boolean("successor"),
        Cache = group.Group("cache") is { } cache ? cache.Boolean("enabled") ?? true : null,
        CacheTtl = group.Group("cache")?.Duration("ttl"),
        Similar = group.Group("cache")?.Group("similar") is { } similar ? new(similar.Boolean("enabled") ?? true, similar.Text("model"), (double?)similar.Number("at_least"), similar.Integer("timeout_ms")) : null,
        OnBreak = (OnBreak?)group.Choice("on_break", Words.OnBreak),
        Hedge = group.Group("hedge") is { } hedge ? Hedge(hedge) : null,
        Escalate = group.Group("escalate") is { } escalate ? new(escalate.Boolean("enabled") ?? true, escalate.Boolean("on_repeat"), escalate.Integer("on_stall")) : null,
        Cascade = group.Group("cascade") is { } cascade ? Cascade(cascade) : null,
        Classify = group.Group("classify")?.Group("on_abstain") is { } ask ? new(ask.Boolean("enabled") ?? true, ask.Text("model"), ask.Integer("timeout_ms"), ask.Duration("cache")) : null,
        Balance = group.Text("balance") is { } balance ? EnumNames<BalanceMode>.Parse(balance) : null,
        Sticky = Sticky(group.Group("sticky") ?? ConfigGroup.Empty),
        Split = group.Group("split")?.Values.ToDictionary(arm => arm.Key, arm => (double)(decimal)arm.Value.Value, StringComparer.Ordinal),
        Canary = group.Group("canary") is { } canary ? Canary(canary) : null,
        Explore = group.Group("explore") is { } explore ? new((double)explore.Number("share")!, (double?)explore.Number("max_cost_ratio")) : null,
        Shadow = group.Group("shadow") is { } shadow ? new(shadow.Text("to")!, (double)shadow.Number("share")!, shadow.Number("max_usd_per_day")) : null,
        Rules = group.List("rules") is { } rules ? [.. rules.Select((rule, i) => Rule(name, i, (ConfigGroup)rule.Value))] : null,
    };

    /// <summary>The policies, each after the one that it extends. The rules have refused circles before.</summary>
    public static IReadOnlyList<PolicyConfig> InOrder(IReadOnlyList<PolicyConfig> policies)
    {
        var ordered = new List<PolicyConfig>(policies.Count);
        foreach (var policy in policies)
        {
            Add(policy);
        }

        return ordered;

        static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

        void Add(PolicyConfig policy)
        {
            if (ordered.Contains(policy))
            {
                return;
            }

            foreach (var name in Mentioned(policy))
            {
                if (!Same(name, policy.Name) && policies.FirstOrDefault(p => Same(p.Name, name)) is { } other)
                {
                    Add(other);
                }
            }

            ordered.Add(policy);
        }
    }

    /// <summary>The policies that one is made of: what it extends, uses in rules, splits between or tries as a canary. Models are among them.</summary>
    private static IEnumerable<string> Mentioned(PolicyConfig policy) =>
    [
        .. policy.Extends is { } parent ? [parent] : Array.Empty<string>(),
        .. policy.Split?.Keys ?? [],
        .. policy.Canary is { } canary ? [canary.To] : Array.Empty<string>(),
        .. (policy.Rules ?? []).SelectMany(rule => rule.Use is { } used ? [used] : Mentioned(rule.Body)),
    ];

    private static RuleConfig Rule(string policy, int index, ConfigGroup group) =>
        new(group.Text("name") ?? $"rule {index + 1}", Condition.Parse(group.Text("when")!), group.Text("use"), Bind(policy, group));

    private static CanaryConfig Canary(ConfigGroup group) => new(
        group.Text("to")!,
        (double)group.Number("share")!,
        group.Integer("min_requests"),
        (double?)group.Number("max_error_increase"),
        (double?)group.Number("max_latency_ratio"),
        (double?)group.Number("max_cost_ratio"));

    private static HedgeConfig Hedge(ConfigGroup group) => new(
        group.Boolean("enabled") ?? true, group.Duration("after"), group.Text("after") is not null, (double?)group.Number("max_share"), group.Number("max_usd_per_hour"));

    private static CascadeConfig Cascade(ConfigGroup group) => new(
        group.Boolean("enabled") ?? true,
        group.Texts("first"),
        group.Group("checks") is { } checks ? CascadeChecks(checks, checks.Group("agree"), checks.Group("judge")) : null,
        group.Boolean("streams"),
        group.Boolean("tools"),
        group.Number("max_extra_usd"),
        group.Integer("max_extra_ms"));

    private static CascadeChecksConfig CascadeChecks(ConfigGroup checks, ConfigGroup? agree, ConfigGroup? judge) => new(
        checks.Boolean("schema"),
        checks.Text("regex"),
        agree is not null,
        agree?.Integer("samples"),
        agree?.Integer("min"),
        judge?.Text("model"),
        (double?)judge?.Number("min"),
        judge?.Text("criterion"));

    private static StickyConfig Sticky(ConfigGroup group) => new(
        group.Boolean("enabled"),
        group.Duration("keep_for"),
        group.Duration("cache_for"),
        (double?)group.Number("certainty"),
        (double?)group.Number("saving"));

    private static Dictionary<Intent, IReadOnlyList<string>>? Prefer(ConfigGroup? group)
    {
        if (group is null)
        {
            return null;
        }

        var prefer = new Dictionary<Intent, IReadOnlyList<string>>();
        foreach (var (word, value) in group.Values.OrderBy(entry => Words.Narrowness(entry.Key)))
        {
            foreach (var intent in Words.Meant(word))
            {
                prefer[intent] = ConfigGroup.Texts((IReadOnlyList<ConfigValue>)value.Value);
            }
        }

        return prefer;
    }
}
