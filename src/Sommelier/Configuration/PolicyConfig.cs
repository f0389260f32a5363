using Sommelier.Canonical;

namespace Sommelier.Configuration;

/// <summary>A policy as the user wrote it; null means "as in the policy that it extends".</summary>
internal sealed record PolicyConfig
{
    public required string Name { get; init; }

    public string? Extends { get; init; }

    public string? Strategy { get; init; }

    /// <summary>Points of success rate, 0 to 100.</summary>
    public double? Gap { get; init; }

    /// <summary>A share of the gap, 0 to 1.</summary>
    public double? Steady { get; init; }

    /// <summary>A percentage of the streams, 0 to 50.</summary>
    public double? TryUnmeasured { get; init; }

    public double? QualityWeight { get; init; }

    public double? CostWeight { get; init; }

    public double? LatencyWeight { get; init; }

    /// <summary>Models by intent; groups are written out, and an intent's own list wins over its group's.</summary>
    public IReadOnlyDictionary<Intent, IReadOnlyList<string>>? Prefer { get; init; }

    public IReadOnlyList<string>? Order { get; init; }

    public IReadOnlyList<Routing.CandidateGroup>? First { get; init; }

    public decimal? MaxCostUsd { get; init; }

    public int? MaxLatencyMs { get; init; }

    public double? MinQuality { get; init; }

    public IReadOnlyList<string>? Regions { get; init; }

    public DataClass? Data { get; init; }

    public DataClass? UnclearedData { get; init; }

    public IReadOnlyList<string>? Only { get; init; }

    public IReadOnlyList<string>? Exclude { get; init; }

    public DateOnly? Freeze { get; init; }

    public bool? AllowPreview { get; init; }

    public TimeSpan? MinLife { get; init; }

    public bool? Fallback { get; init; }

    public bool? PinnedFallback { get; init; }

    public bool? Successor { get; init; }

    public bool? Cache { get; init; }

    public TimeSpan? CacheTtl { get; init; }

    public SimilarConfig? Similar { get; init; }

    public OnBreak? OnBreak { get; init; }

    public HedgeConfig? Hedge { get; init; }

    public EscalateConfig? Escalate { get; init; }

    public CascadeConfig? Cascade { get; init; }

    public ClassifyConfig? Classify { get; init; }

    public Routing.BalanceMode? Balance { get; init; }

    public StickyConfig Sticky { get; init; } = new(null, null, null, null, null);

    /// <summary>Percentages by policy or model; they sum to 100.</summary>
    public IReadOnlyDictionary<string, double>? Split { get; init; }

    public CanaryConfig? Canary { get; init; }

    public ExploreConfig? Explore { get; init; }

    public ShadowConfig? Shadow { get; init; }

    /// <summary>Null: those of the policy that it extends.</summary>
    public IReadOnlyList<RuleConfig>? Rules { get; init; }
}

/// <summary>An exception to a policy.</summary>
/// <param name="Name">What records call it.</param>
/// <param name="When">The condition.</param>
/// <param name="Use">The policy that holds instead; null when <paramref name="Body"/> is laid over this one.</param>
/// <param name="Body">The keys that it changes.</param>
internal sealed record RuleConfig(string Name, Routing.Condition When, string? Use, PolicyConfig Body);

/// <summary>A candidate that serves a small share of the conversations. Null: the default.</summary>
/// <param name="To">The policy or model.</param>
/// <param name="Share">Percent.</param>
/// <param name="MinRequests">So many are seen before latency and cost are judged.</param>
/// <param name="MaxErrorIncrease">Points.</param>
/// <param name="MaxLatencyRatio">How many times the policy's own.</param>
/// <param name="MaxCostRatio">How many times the policy's own.</param>
internal sealed record CanaryConfig(string To, double Share, int? MinRequests, double? MaxErrorIncrease, double? MaxLatencyRatio, double? MaxCostRatio);

/// <summary>How much of the traffic tries other models.</summary>
/// <param name="Share">Percent.</param>
/// <param name="MaxCostRatio">How many times the first's cost another's may be.</param>
internal sealed record ExploreConfig(double Share, double? MaxCostRatio);

/// <summary>When a better model is asked. Written at all, it is on.</summary>
/// <param name="Enabled">Whether it is.</param>
/// <param name="OnRepeat">When the asker asks again.</param>
/// <param name="OnStall">When a tool loop makes the same call so often; 0 for never.</param>
internal sealed record EscalateConfig(bool Enabled, bool? OnRepeat, int? OnStall);

/// <summary>A cheap model that answers first. Written at all, it is on; null: as in the policy that it extends, or the default.</summary>
/// <param name="Enabled">Whether it is.</param>
/// <param name="First">The models that may answer first.</param>
/// <param name="Checks">How its answer is checked.</param>
/// <param name="Streams">Whether streams are held.</param>
/// <param name="Tools">Whether requests that offer functions have one.</param>
/// <param name="MaxExtraUsd">What it may cost.</param>
/// <param name="MaxExtraMs">How long it may take.</param>
internal sealed record CascadeConfig(bool Enabled, IReadOnlyList<string>? First, CascadeChecksConfig? Checks, bool? Streams, bool? Tools, decimal? MaxExtraUsd, int? MaxExtraMs);

/// <summary>How a cheap model's answer is checked. Written at all, it takes the place of what the policy had.</summary>
/// <param name="Schema">Whether it must have the form that was asked for.</param>
/// <param name="Regex">What it must match.</param>
/// <param name="Agree">Whether the model must agree with itself.</param>
/// <param name="Samples">How often it is asked.</param>
/// <param name="AgreeMin">How many must agree.</param>
/// <param name="Judge">Who judges.</param>
/// <param name="JudgeMin">The least score.</param>
/// <param name="Criterion">What the judge looks for.</param>
internal sealed record CascadeChecksConfig(bool? Schema, string? Regex, bool Agree, int? Samples, int? AgreeMin, string? Judge, double? JudgeMin, string? Criterion);

/// <summary>Who is asked for the intent when the classifier abstains. Written at all, it is on.</summary>
/// <param name="Enabled">Whether it is.</param>
/// <param name="Model">Who.</param>
/// <param name="TimeoutMs">How long a request waits.</param>
/// <param name="KeepFor">How long its answer holds.</param>
internal sealed record ClassifyConfig(bool Enabled, string? Model, int? TimeoutMs, TimeSpan? KeepFor);

/// <summary>When the answer to a similar request will do. Written at all, it is on.</summary>
/// <param name="Enabled">Whether it is.</param>
/// <param name="Model">Who makes the vectors.</param>
/// <param name="AtLeast">The least cosine.</param>
/// <param name="TimeoutMs">How long a request waits for its vector.</param>
internal sealed record SimilarConfig(bool Enabled, string? Model, double? AtLeast, int? TimeoutMs);

/// <summary>Who is sent copies of answered requests.</summary>
/// <param name="To">The model.</param>
/// <param name="Share">Percent.</param>
/// <param name="MaxUsdPerDay">The most that they may cost.</param>
internal sealed record ShadowConfig(string To, double Share, decimal? MaxUsdPerDay);

/// <summary>When a conversation keeps its model.</summary>
internal sealed record StickyConfig(bool? Enabled, TimeSpan? KeepFor, TimeSpan? CacheFor, double? Certainty, double? Saving);

/// <summary>When a second model is asked because the first is late. Written at all, it is on.</summary>
/// <param name="Enabled">Whether it is.</param>
/// <param name="After">How late; null unless it is a length of time.</param>
/// <param name="OwnPercentile">Whether it is <c>p95</c>.</param>
/// <param name="MaxShare">The greatest share of requests, 0 to 1.</param>
/// <param name="MaxUsdPerHour">The most that it may cost.</param>
internal sealed record HedgeConfig(bool Enabled, TimeSpan? After, bool OwnPercentile, double? MaxShare, decimal? MaxUsdPerHour);
