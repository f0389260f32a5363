using System.Runtime.CompilerServices;
using Sommelier.Canonical;
using Sommelier.Routing.Cascading;

namespace Sommelier.Routing;

/// <summary>How a team wants its requests routed: what is allowed, and what is best. Immutable; <c>extends</c> is already resolved.</summary>
/// <remarks>Lists of models take a deployment id, a provider, a catalog id or an alias.</remarks>
public sealed record Policy
{
    private static readonly ConditionalWeakTable<Policy, string> Versions = [];

    /// <summary>The name that callers use: <c>auto/name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The strategy's name, see <see cref="StrategyRegistry"/>; <c>cheapest</c> by default.</summary>
    public string Strategy { get; init; } = "cheapest";

    /// <summary>How far below the best lower bound of quality a model may be and still be good enough, 0 to 1; 0.07 by default.</summary>
    public double Gap { get; init; } = 0.07;

    /// <summary>
    /// How wide the line of <see cref="Gap"/> is for the strategy <c>cheapest</c>, as a share of it: how much worse than good enough the
    /// policy's usual choice may be, and how much better than that a cheaper one must be to take its place; 0 to 1, 0 for a sharp
    /// line, 0.5 by default; a band is at least a point wide. See <see cref="UsualChoice"/>.
    /// </summary>
    public double Steady { get; init; } = 0.5;

    /// <summary>What quality, money and time are worth to the strategy <c>weighted</c>.</summary>
    public PolicyWeights Weights { get; init; } = new();

    /// <summary>Groups of candidates that come before all others, in order, whatever the strategy says; none by default.</summary>
    public IReadOnlyList<CandidateGroup> First { get; init; } = [];

    /// <summary>Models to try first, in order, by intent. Not used when the classifier abstains.</summary>
    public IReadOnlyDictionary<Intent, IReadOnlyList<string>> Prefer { get; init; } = new Dictionary<Intent, IReadOnlyList<string>>();

    /// <summary>Models to try first, in order, for every intent that <see cref="Prefer"/> does not name.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>The most that a request is expected to cost, USD; null: no ceiling.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>The most milliseconds to the first chunk; null: no budget.</summary>
    public int? MaxLatencyMs { get; init; }

    /// <summary>The least expected success rate, 0 to 1; null: none.</summary>
    public double? MinQuality { get; init; }

    /// <summary>How delicate this policy's requests are at least; null: nobody has said.</summary>
    public DataClass? Data { get; init; }

    /// <summary>What deployments that nobody has cleared are taken to be cleared for; <see cref="DataClass.Public"/> by default.</summary>
    public DataClass UnclearedData { get; init; } = DataClass.Public;

    /// <summary>Regions that may serve; empty for any. <c>eu</c> holds for <c>eu-west-1</c> too.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>What alone may serve; empty for any.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>What the profile in force lets serve, beside <see cref="Only"/>; empty for any.</summary>
    public IReadOnlyList<string> ProfileOnly { get; init; } = [];

    /// <summary>What must not serve.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Models released after this day are not used; null: no freeze. A model without a release date is.</summary>
    public DateOnly? FreezeDate { get; init; }

    /// <summary>Whether models in preview may serve; true by default.</summary>
    public bool AllowPreview { get; init; } = true;

    /// <summary>Models that retire within so many days are not used unless they are named; null: all that still answer are.</summary>
    public int? MinLifeDays { get; init; }

    /// <summary>Whether another candidate may answer when the first fails; true by default.</summary>
    public bool AllowFallback { get; init; } = true;

    /// <summary>Whether another model may answer when one that was named outright fails; false by default.</summary>
    public bool PinnedFallback { get; init; }

    /// <summary>Whether a retired model that was named outright is replaced by its successor, rather than refused.</summary>
    public bool Successor { get; init; }

    /// <summary>What follows when a stream breaks after its beginning has reached the caller; <see cref="OnBreak.Error"/> by default.</summary>
    public OnBreak OnBreak { get; init; }

    /// <summary>What follows for a caller that asks for something of its own: the error is always allowed, a restart only comes to who asked for it.</summary>
    public OnBreak OnBreakFor(OnBreak? asked) => (OnBreak, asked) switch
    {
        (OnBreak.Restart, OnBreak.Restart) => OnBreak.Restart,
        (OnBreak.Continue, not OnBreak.Error) => OnBreak.Continue,
        _ => OnBreak.Error,
    };

    /// <summary>When a second deployment is asked because the first is late; null: never, the default.</summary>
    public HedgeSettings? Hedge { get; init; }

    /// <summary>When a better model than the last one is asked; null: never, the default.</summary>
    public EscalateSettings? Escalate { get; init; }

    /// <summary>A cheap model that answers first, and how its answer is checked; null: none, the default.</summary>
    public CascadeSettings? Cascade { get; init; }

    /// <summary>Who is asked for the intent when the classifier abstains; null: nobody, the default.</summary>
    public ClassifySettings? Classify { get; init; }

    /// <summary>Who comes first among level deployments of one model; <see cref="BalanceMode.Latency"/> by default.</summary>
    public BalanceMode Balance { get; init; }

    /// <summary>When a conversation keeps its model.</summary>
    public StickySettings Sticky { get; init; } = new();

    /// <summary>When a stored answer may be given.</summary>
    public CacheSettings Cache { get; init; } = new();

    /// <summary>Exceptions, in order; the first whose condition holds replaces this policy. None by default.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; init; } = [];

    /// <summary>The policies that share the conversations between them; none by default.</summary>
    public IReadOnlyList<PolicyArm> Split { get; init; } = [];

    /// <summary>A candidate that serves a small share of the conversations; null: none, the default.</summary>
    public CanarySettings? Canary { get; init; }

    /// <summary>Who is sent copies of answered requests; null: nobody, the default.</summary>
    public ShadowSettings? Shadow { get; init; }

    /// <summary>Where the conditions of <see cref="Rules"/> take the time of day and the weekday from; UTC by default.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The profile that was laid over it; null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>How much of the traffic tries other models; null: none, the default.</summary>
    public ExploreSettings? Explore { get; init; }

    /// <summary>
    /// The share of the streams that the strategy <c>fastest</c> sends to a model that is good enough and whose speed is unknown, 0 to 0.5;
    /// 0: none, 0.05 by default. Without meaning beside <see cref="Explore"/>. See <see cref="SpeedTrial"/>.
    /// </summary>
    public double TryUnmeasured { get; init; } = 0.05;

    /// <summary>Whether a request can be decided by it as it is, without rules, splits and a canary.</summary>
    internal bool IsPlain => Rules.Count == 0 && Split.Count == 0 && Canary is null;

    /// <summary>Whether it, or what its rules and arms lead to, looks at how many calls are under way.</summary>
    internal bool CountsCalls => Balance == BalanceMode.LeastLoaded
        || Rules.Any(static rule => rule.Then.CountsCalls) || Split.Any(static arm => arm.Then.CountsCalls) || Canary is { Then.CountsCalls: true };

    /// <summary>Hash of the content: the same rules, the same version.</summary>
    public string Version => Versions.GetValue(this, static policy => PolicyJson.Hash(policy));
}

/// <summary>What a point of quality, a dollar and a second are worth to one another.</summary>
/// <remarks>
/// utility = Quality x lower bound of the success rate - Cost x USD - Latency x seconds. Absolute units, so that adding a
/// model never reorders two others. The defaults say: one US cent is worth five points of success, ten seconds one point.
/// </remarks>
/// <param name="Quality">Per success rate of 1.</param>
/// <param name="Cost">Per USD of the request.</param>
/// <param name="Latency">Per second until the answer is whole.</param>
public sealed record PolicyWeights(double Quality = 1, double Cost = 5, double Latency = 0.001);

/// <summary>When a conversation keeps its model although another now ranks first.</summary>
public sealed record StickySettings
{
    /// <summary>Whether conversations keep their model at all; true by default.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long after its last turn a conversation is taken to go on; one hour by default.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long providers keep a prefix in their cache; five minutes by default, the shortest that vendors document.</summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The model is displaced when the other is better with more than this probability; 0.9 by default.</summary>
    public double Certainty { get; init; } = 0.9;

    /// <summary>Or when the other saves more than this share of the turn's cost at no less quality; 0.3 by default.</summary>
    public double Saving { get; init; } = 0.3;
}

/// <summary>When a stored answer may stand for a new one.</summary>
/// <param name="Enabled">True: unless a caller declines it. False: never. Null, the default: when a caller asks for it.</param>
/// <param name="Ttl">How old it may be; ten minutes by default.</param>
/// <param name="Similar">When the answer to a request that says almost the same will do; null, the default: never.</param>
public sealed record CacheSettings(bool? Enabled = null, TimeSpan? Ttl = null, SimilarSettings? Similar = null)
{
    /// <summary>The age where nobody says.</summary>
    public static TimeSpan DefaultTtl { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How old an answer to a request may be; null: it must be a new one.</summary>
    public TimeSpan? For(CacheHint? hint)
    {
        if (Enabled == false || !(hint?.Wanted ?? Enabled ?? false))
        {
            return null;
        }

        // A caller may only tighten what the policy allows; where the policy is silent the caller's word is all there is.
        var ttl = hint?.Ttl ?? Ttl ?? DefaultTtl;
        return Ttl < ttl ? Ttl : ttl;
    }
}
