using System.Buffers;
using System.Numerics;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing.Cascading;

namespace Sommelier.Routing;

/// <summary>Steps 3 and 4 of a request: drops what must not serve it, orders the rest. A pure function of the query.</summary>
public static class ModelRouter
{
    private static readonly IConstraint[] OnFacts = [.. ConstraintRegistry.All.Where(c => !c.NeedsTerms)];
    private static readonly IConstraint[] OnTerms = [.. ConstraintRegistry.All.Where(c => c.NeedsTerms)];

    /// <summary>Decides. Never throws for what a caller sent: a decision that no candidate survives has an error.</summary>
    /// <exception cref="InvalidOperationException">The policy names a strategy that does not exist.</exception>
    public static RouteDecision Decide(RouteQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query = PolicyResolver.ByRules(query);
        var named = ModelNames.Resolve(query);
        query = PolicyResolver.BySplit(query, named.Deployments is not null);
        named = query.Signals.Operation == Operation.Embeddings ? OneModel.Hold(query, named) : named;
        var context = new RouteContext(query, named.Deployments is not null);
        if (named.Error is { } error)
        {
            return new(context, DecisionId.Of(query, [])) { Error = error };
        }

        var scope = named.Deployments is not { } some ? query.Catalog.Deployments
            : !MayLeaveNamed(query) ? some
            : query.Signals.Operation == Operation.Embeddings ? query.Catalog.OfModel(some[0].CanonicalModel)
            : query.Catalog.Deployments;
        var rented = ArrayPool<Candidate>.Shared.Rent(Math.Max(1, scope.Count));
        try
        {
            var candidates = rented.AsSpan(0, scope.Count);
            Gather(query, scope, named.Deployments, candidates);
            return Decide(context, candidates, named.Succeeded);
        }
        finally
        {
            ArrayPool<Candidate>.Shared.Return(rented, clearArray: true);
        }
    }

    private static RouteDecision Decide(RouteContext context, Span<Candidate> candidates, bool succeeded)
    {
        // The id sees every candidate's state, also of those that are dropped: a replay needs the same ones.
        var id = DecisionId.Of(context.Query, candidates);
        var dropped = new List<DroppedCandidate>();
        var kept = Constrain(context, candidates, OnFacts, dropped);
        foreach (ref var candidate in kept)
        {
            Terms.Compute(context, ref candidate);
        }

        kept = Constrain(context, kept, OnTerms, dropped);
        var escalation = Escalation.Apply(context, ref kept, dropped);
        dropped.Sort(static (a, b) => string.CompareOrdinal(a.Deployment.Id, b.Deployment.Id));
        if (kept.IsEmpty)
        {
            return new(context, id) { Dropped = dropped, Error = RouteErrors.NoCandidate(context.Query, dropped) };
        }

        var field = new RankField(context, kept);
        var rented = ArrayPool<Place>.Shared.Rent(kept.Length);
        var order = rented.AsSpan(0, kept.Length);
        var reason = Rank(field, kept, order, escalation);
        reason = succeeded && reason == RouteReason.Pinned ? RouteReason.Successor : reason;
        var propensity = context.Policy.Explore is not null
            ? Exploration.Apply(field, kept, order, ref reason, out var drawn)
            : SpeedTrial.Apply(field, kept, order, ref reason, out drawn);
        if (reason is not (RouteReason.Explore or RouteReason.StickySession))
        {
            propensity = Balance.Apply(context, kept, order, ref drawn, propensity);
        }

        FallbackSpread.Apply(kept, order);
        var ranked = Render(field, kept, order);
        ArrayPool<Place>.Shared.Return(rented);
        return new(context, id)
        {
            Reason = reason,
            Propensity = reason == RouteReason.StickySession ? 1 : propensity * context.Query.Choice.Share * (context.Query.Choice.Canary?.Share ?? 1),
            Drawn = drawn,
            Ranked = ranked,
            Plan = MayFallBack(context.Query) ? ranked : [ranked[0]],
            Cascade = CascadePlan.Of(context, reason, ranked, MayFallBack(context.Query)),
            Dropped = dropped,
        };
    }

    private static bool MayFallBack(RouteQuery query) => query.Policy.AllowFallback && query.Hints.Fallback != false;

    private static bool MayLeaveNamed(RouteQuery query) => query.Policy.AllowFallback && (query.Hints.Fallback ?? query.Policy.PinnedFallback);

    // The catalog keeps its deployments in the order of their ids, and so does every subset of it: position is the tie-break.
    private static void Gather(RouteQuery query, IReadOnlyList<Deployment> scope, IReadOnlyList<Deployment>? named, Span<Candidate> candidates)
    {
        var whole = ReferenceEquals(scope, query.Catalog.Deployments);
        var states = query.Live.Deployments.Count > 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var deployment = scope[i];
            candidates[i] = new()
            {
                Index = whole ? i : query.Catalog.IndexOf(deployment.Id),
                Deployment = deployment,
                State = states ? query.Live.Get(deployment.Id) : DeploymentState.Unknown,
                IsNamed = named is not null && (ReferenceEquals(scope, named) || named.Contains(deployment)),
            };
        }
    }

    /// <summary>Moves what passes to the front, in order, and returns it.</summary>
    private static Span<Candidate> Constrain(RouteContext context, Span<Candidate> candidates, IConstraint[] constraints, List<DroppedCandidate> dropped)
    {
        var asked = 0u;
        for (var i = 0; i < constraints.Length; i++)
        {
            asked |= constraints[i].MayObject(context) ? 1u << i : 0;
        }

        if (asked == 0)
        {
            return candidates;
        }

        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (FirstObjection(context, in candidates[i], constraints, asked) is { } constraint)
            {
                dropped.Add(new(context, constraint, in candidates[i]));
            }
            else
            {
                if (kept != i)
                {
                    candidates[kept] = candidates[i];
                }

                kept++;
            }
        }

        return candidates[..kept];
    }

    private static IConstraint? FirstObjection(RouteContext context, in Candidate candidate, IConstraint[] constraints, uint asked)
    {
        for (; asked != 0; asked &= asked - 1)
        {
            var constraint = constraints[BitOperations.TrailingZeroCount(asked)];
            if ((constraint.BindsNamed || !candidate.IsNamed) && !constraint.Allows(context, in candidate))
            {
                return constraint;
            }
        }

        return null;
    }

    private static RouteReason Rank(RankField field, ReadOnlySpan<Candidate> candidates, Span<Place> order, Escalation? escalation)
    {
        var strategy = StrategyRegistry.For(field.Context);
        var grouped = field.Context.Policy.First.Count > 0;
        Place? best = null;
        for (var i = 0; i < candidates.Length; i++)
        {
            var key = strategy.KeyOf(field, in candidates[i]);
            key = escalation?.Behind(field.Context, in candidates[i], key) ?? key;
            if (grouped)
            {
                best = best is { } so && so < new Place(key, i) ? so : new(key, i);
                key = GroupOrder.Behind(field.Context, in candidates[i], key);
            }

            order[i] = new(key, i);
        }

        order.Sort();
        var reason = candidates.Length == 1 && !field.Context.Named
            ? RouteReason.OnlyCandidate
            : best is { } plain && plain.Candidate != order[0].Candidate && !field.Context.Named
                ? RouteReason.PolicyOrder
                : strategy.ReasonFor(field, in candidates[order[0].Candidate]);
        var keep = Stickiness.Keep(field.Context, candidates, order);
        if (keep > 0)
        {
            FallbackSpread.MoveTo(order, keep, 0);
            return RouteReason.StickySession;
        }

        return field.Context switch
        {
            { Named: true } => reason,
            _ when escalation is not null => RouteReason.Escalated,
            { Query.Choice.Canary.Arm: CanaryArm.Canary } => RouteReason.Canary,
            { Query.Choice.Arm: not null } => RouteReason.Split,
            _ => reason,
        };
    }

    private static RankedCandidate[] Render(RankField field, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order)
    {
        var ranked = new RankedCandidate[order.Length];
        var likely = (int)field.Context.LikelyIntent;
        for (var i = 0; i < ranked.Length; i++)
        {
            ref readonly var c = ref candidates[order[i].Candidate];
            var evidence = field.Context.Query.Catalog.QualityOf(c.Index)[likely].Evidence;
            ranked[i] = new(i + 1, c.Deployment, c.QualityMean, c.QualityLow, evidence, c.CostUsd, c.LatencyMs, field.IsGoodEnough(in c));
        }

        return ranked;
    }
}
