using System.Runtime.CompilerServices;

namespace Sommelier.Routing;

/// <summary>Brings a policy with rules, splits and a canary down to the plain one that a request is decided by.</summary>
/// <remarks>
/// The first rule that holds replaces the policy; its replacement may have rules of its own. A split is looked at when no rule
/// holds any more; it falls by the conversation, so that all turns of one stay together. A canary is a split in two, where the
/// policy itself is one of the arms. A plain policy is left as it is, so that a recorded decision is decided again by what it was decided by.
/// </remarks>
internal static class PolicyResolver
{
    private static readonly ConditionalWeakTable<Policy, Policy> Plains = [];

    /// <summary>The query with the policy that its rules lead to; a split stays.</summary>
    public static RouteQuery ByRules(RouteQuery query)
    {
        if (query.Policy.Rules.Count == 0)
        {
            return query;
        }

        var input = new ConditionInput(query.Model, query.Signals, query.Hints, query.Caller, query.LocalTime);
        var policy = query.Policy;
        var rule = query.Choice.Rule;
        while (FirstThatHolds(policy, input) is { } held)
        {
            policy = held.Then;
            rule = rule is null ? held.Name : $"{rule} / {held.Name}";
        }

        return ReferenceEquals(policy, query.Policy) ? query : query with { Policy = policy, Choice = query.Choice with { Rule = rule } };
    }

    /// <summary>The query with a plain policy: the arm that the conversation falls to, and no rules.</summary>
    /// <remarks>One canary decides a request: the outermost, so that what it is told of its arms is not the doing of another.</remarks>
    /// <param name="query">After <see cref="ByRules"/>.</param>
    /// <param name="named">Whether the caller named a model: splits and canaries are then none of its business.</param>
    public static RouteQuery BySplit(RouteQuery query, bool named)
    {
        while (!named)
        {
            if (query.Policy.Canary is { } canary && query.Choice.Canary is null)
            {
                query = AtCanary(query, canary);
                continue;
            }

            if (query.Policy.Split.Count == 0)
            {
                break;
            }

            var arm = ArmOf(query);
            query = ByRules(query with
            {
                Policy = arm.Then,
                Choice = query.Choice with { Arm = query.Choice.Arm is { } outer ? $"{outer} / {arm.Name}" : arm.Name, Share = query.Choice.Share * arm.Share },
            });
        }

        return query.Policy.IsPlain ? query : query with { Policy = Plains.GetValue(query.Policy, static policy => policy with { Rules = [], Split = [], Canary = null }) };
    }

    private static PolicyRule? FirstThatHolds(Policy policy, ConditionInput input)
    {
        foreach (var rule in policy.Rules)
        {
            if (rule.When.Holds(input))
            {
                return rule;
            }
        }

        return null;
    }

    private static RouteQuery AtCanary(RouteQuery query, CanarySettings canary)
    {
        var hash = new StableHash();
        hash.Add(query.Policy.Name.AsSpan());
        hash.Add("canary");
        hash.Add(canary.To.AsSpan());
        hash.Add(query.Signals.ConversationKey);

        // The share is not in the hash: whom a small share has, a larger one keeps.
        var falls = hash.Unit < canary.Share;
        if (query.RolledBack.TryGetValue(new(query.Policy.Name, canary.Version), out var since))
        {
            var arm = falls ? CanaryArm.RolledBack : CanaryArm.Stable;
            return query with { Choice = query.Choice with { Canary = new(canary.To, canary.Version, arm, 1, since) } };
        }

        var choice = query.Choice with
        {
            Canary = falls ? new(canary.To, canary.Version, CanaryArm.Canary, canary.Share) : new(canary.To, canary.Version, CanaryArm.Stable, 1 - canary.Share),
        };
        return falls ? ByRules(query with { Policy = canary.Then, Choice = choice }) : query with { Choice = choice };
    }

    // The arms' names are in the hash: two splits of one conversation fall independently of each other.
    private static PolicyArm ArmOf(RouteQuery query)
    {
        var hash = new StableHash();
        hash.Add(query.Policy.Name.AsSpan());
        foreach (var arm in query.Policy.Split)
        {
            hash.Add(arm.Name.AsSpan());
        }

        hash.Add(query.Signals.ConversationKey);
        var point = hash.Unit;
        foreach (var arm in query.Policy.Split)
        {
            point -= arm.Share;
            if (point < 0)
            {
                return arm;
            }
        }

        return query.Policy.Split[^1];
    }
}
