using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing.Cascading;

/// <summary>Who answers a request first, who judges it and who is asked when the answer does not pass; or why there is no cascade.</summary>
/// <remarks>
/// Everybody in it is among the candidates that passed the constraints. What it may cost is bounded before anybody is asked: the
/// length of the first answers is limited so that they and their checks, at their dearest, stay within the policy's allowance.
/// </remarks>
internal sealed record CascadePlan
{
    /// <summary>The longest reply of a judge, in tokens: some think before they speak.</summary>
    public const int JudgeOutputTokens = 2_048;

    /// <summary>The judge's orders and marker lines, in tokens.</summary>
    private const int JudgeWords = 500;

    // As for budgets: estimates of input may be low by so much, and less output than this is not worth asking for.
    private const int MarginPercent = 25;
    private const int LeastOutputTokens = 256;
    private const int UnknownOutputLimit = 16_384;

    /// <summary>Why there is none; null where there is one.</summary>
    public CascadeDecline? Declined { get; init; }

    /// <summary>Who answers first.</summary>
    public RankedCandidate First { get; private init; }

    /// <summary>Who judges; null where the policy has no judge.</summary>
    public RankedCandidate? Judge { get; private init; }

    /// <summary>Who is asked when the answer does not pass.</summary>
    public RankedCandidate Next { get; private init; }

    /// <summary>The most output tokens of a first answer, where neither caller nor model stop there anyhow; null: no limit is needed.</summary>
    public int? OutputCap { get; private init; }

    /// <summary>The most that the first answers and their checks may cost, in nano-USD.</summary>
    public long ExtraNanoUsd { get; private init; }

    /// <summary>The most tokens that they may use.</summary>
    public long ExtraTokens { get; private init; }

    /// <summary>The cascade of a decision; null where its policy has none, or it is no chat.</summary>
    /// <param name="context">What is decided.</param>
    /// <param name="reason">Why the plan's first is first.</param>
    /// <param name="ranked">Who passed the constraints, best first.</param>
    /// <param name="mayFallBack">Whether more than one model may be asked.</param>
    public static CascadePlan? Of(RouteContext context, RouteReason reason, IReadOnlyList<RankedCandidate> ranked, bool mayFallBack)
    {
        if (context.Policy.Cascade is not { } settings || context.Signals.Operation != Operation.Chat)
        {
            return null;
        }

        if (Refusal(context, settings, mayFallBack) is { } refused)
        {
            return new() { Declined = refused };
        }

        if (Find(settings.First, context, ranked) is not { } first)
        {
            return new() { Declined = CascadeDecline.NoFirst };
        }

        if (reason is RouteReason.Explore or RouteReason.Escalated || context.Query.Choice.Canary is not null || KeepsAnother(context, first))
        {
            return new() { Declined = CascadeDecline.Kept };
        }

        if (Better(context, ranked, first) is not { } next)
        {
            return new() { Declined = CascadeDecline.NothingBetter };
        }

        RankedCandidate? judge = settings.Judge is { } name ? Find([name], context, ranked) : null;
        if (settings.Judge is not null && (judge is not { } found || SameModel(found, first)))
        {
            return new() { Declined = CascadeDecline.NoJudge };
        }

        return IsTooSlow(context, settings, first, next)
            ? new() { Declined = CascadeDecline.Latency }
            : Bounded(context, settings, new() { First = first, Next = next, Judge = judge });
    }

    private static CascadeDecline? Refusal(RouteContext context, CascadeSettings settings, bool mayFallBack) => context switch
    {
        { Named: true } => CascadeDecline.Named,
        _ when !mayFallBack => CascadeDecline.NoFallback,
        { Signals.Stream: true } when !settings.Streams => CascadeDecline.Stream,
        { Signals: { ToolsUsed: true } or { ToolLoop: true } } => CascadeDecline.Tools,
        { Signals.ToolCount: > 0 } when !settings.Tools => CascadeDecline.Tools,
        { Signals.Media: not MediaKind.None } => CascadeDecline.Media,
        { Signals: { Choices: > 1 } or { Prefill: true } } => CascadeDecline.Form,
        { Signals.ResponseFormat: ResponseFormatKind.Text } when settings is { Regex: null, Samples: < 2, Judge: null } => CascadeDecline.Unchecked,
        _ => null,
    };

    // The first name that means somebody; of several deployments of it the best in the plan's order.
    private static RankedCandidate? Find(IReadOnlyList<string> names, RouteContext context, IReadOnlyList<RankedCandidate> ranked)
    {
        var list = new NameList(names, context.Query.Catalog);
        RankedCandidate? found = null;
        var place = int.MaxValue;
        foreach (var candidate in ranked)
        {
            if (list.IndexOf(candidate.Deployment) is var at and >= 0 && at < place)
            {
                (found, place) = (candidate, at);
            }
        }

        return found;
    }

    // What the policy lists by name is in the policy's order, whatever is known of its quality.
    private static RankedCandidate? Better(RouteContext context, IReadOnlyList<RankedCandidate> ranked, in RankedCandidate first)
    {
        foreach (var candidate in ranked)
        {
            if (!SameModel(candidate, first) && (candidate.QualityLow > first.QualityLow || context.Order.Contains(candidate.Deployment)))
            {
                return candidate;
            }
        }

        return null;
    }

    // A conversation that was moved up stays there: the cheap model would fail it again, and its prefix is in the other's cache.
    private static bool KeepsAnother(RouteContext context, in RankedCandidate first)
    {
        var query = context.Query;
        return query.Prior is { } prior && context.Policy.Sticky.Enabled && query.PriorAge <= context.Policy.Sticky.KeepFor
            && query.Catalog.Find(prior.DeploymentId) is { } last && !string.Equals(last.CanonicalModel, first.Deployment.CanonicalModel, StringComparison.Ordinal);
    }

    private static bool SameModel(in RankedCandidate one, in RankedCandidate other) =>
        string.Equals(one.Deployment.CanonicalModel, other.Deployment.CanonicalModel, StringComparison.Ordinal);

    private static bool IsTooSlow(RouteContext context, CascadeSettings settings, in RankedCandidate first, in RankedCandidate next)
    {
        var state = context.Query.Live.Get(next.Deployment.Id);
        var after = state.P95TimeToFirstChunkMs ?? next.Deployment.TypicalTimeToFirstChunkMs ?? 0;
        var takes = first.LatencyMs;
        return (double.IsFinite(takes) && takes > settings.MaxExtraMs) || (context.MaxLatencyMs is { } budget && settings.MaxExtraMs + Math.Max(1, after) > budget);
    }

    // An unknown price cannot be bounded.
    private static CascadePlan Bounded(RouteContext context, CascadeSettings settings, CascadePlan plan)
    {
        var over = new CascadePlan { Declined = CascadeDecline.Cost };
        var judge = plan.Judge?.Deployment;
        if (plan.First.Deployment.Price is not { } price || (judge is not null && judge.Price is null))
        {
            return over;
        }

        var signals = context.Signals;
        var input = (signals.InputTokens * (100L + MarginPercent)) / 100;
        var samples = Math.Max(1, settings.Samples);
        var answer = PriceCeiling.Of(price, input, sound: false, signals.ServiceTier, signals.InferenceGeo);
        var judging = judge?.Price is { } asked ? PriceCeiling.Of(asked, input, sound: false) : default;
        var least = samples * input * answer.InputNanoUsdPerToken;
        least += judge is null ? 0 : ((input + JudgeWords) * judging.InputNanoUsdPerToken) + (JudgeOutputTokens * judging.OutputNanoUsdPerToken);
        var perToken = (samples * answer.OutputNanoUsdPerToken) + judging.InputNanoUsdPerToken;

        var limit = (long)Math.Min(signals.MaxOutputTokens ?? int.MaxValue, plan.First.Deployment.MaxOutputTokens ?? UnknownOutputLimit);
        var allowed = NanoUsd.FromUsd(settings.MaxExtraUsd) - least;
        var afforded = perToken > 0 ? (long)Math.Min(limit, Math.Max(0, allowed) / perToken) : allowed >= 0 ? limit : 0;
        var needed = Math.Min(limit, Math.Max(LeastOutputTokens, signals.ExpectedOutputTokens + (long)signals.ExpectedReasoningTokens));
        if (allowed < 0 || afforded < needed || IsOverCeiling(context, plan, samples))
        {
            return over;
        }

        return plan with
        {
            OutputCap = afforded < limit ? (int)afforded : null,
            ExtraNanoUsd = (long)Math.Ceiling(least + (afforded * perToken)),
            ExtraTokens = (samples * (input + afforded)) + (judge is null ? 0 : input + afforded + JudgeWords + JudgeOutputTokens),
        };
    }

    // max_cost_usd is about what is expected, here of all that may be asked.
    private static bool IsOverCeiling(RouteContext context, CascadePlan plan, int samples)
    {
        if (context.MaxCostUsd is not { } ceiling)
        {
            return false;
        }

        var expected = (samples * plan.First.CostUsd) + plan.Next.CostUsd;
        if (plan.Judge?.Deployment.Price is { } price)
        {
            var signals = context.Signals;
            var usage = new Usage { InputTokens = signals.InputTokens + signals.ExpectedOutputTokens + JudgeWords, OutputTokens = LeastOutputTokens };
            expected += (double)PriceCalculator.Cost(price, usage, context.Query.At);
        }

        return !(expected <= (double)ceiling);
    }
}
