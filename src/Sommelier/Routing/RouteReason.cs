namespace Sommelier.Routing;

/// <summary>The one-word reason of a decision, as it stands in <c>x-sommelier-reason</c>. The list is closed.</summary>
public enum RouteReason
{
    /// <summary>The caller named the model.</summary>
    Pinned,

    /// <summary>The cheapest of several that are good enough.</summary>
    CheapestGoodEnough,

    /// <summary>Nothing else comes near it, or the policy asks for the best.</summary>
    BestQuality,

    /// <summary>The fastest of those that are good enough.</summary>
    Fastest,

    /// <summary>The policy's own order or weights.</summary>
    PolicyOrder,

    /// <summary>The conversation keeps its model.</summary>
    StickySession,

    /// <summary>An earlier choice failed; said by the attempt loop.</summary>
    Fallback,

    /// <summary>Nothing else passed the constraints.</summary>
    OnlyCandidate,

    /// <summary>A percentage split chose.</summary>
    Split,

    /// <summary>A canary chose.</summary>
    Canary,

    /// <summary>Exploration chose.</summary>
    Explore,

    /// <summary>The last answer was not enough: a better model is asked.</summary>
    Escalated,

    /// <summary>A stored answer was served.</summary>
    Cached,

    /// <summary>The model named is retired; its successor answers.</summary>
    Successor,

    /// <summary>The policy's usual choice: what is cheaper is not good enough by so much that it would take its place.</summary>
    UsualChoice,

    /// <summary>The policy's cheap model answered first, and its answer passed the checks; this and what follows is said by the gateway.</summary>
    Cascade,

    /// <summary>The cheap model's answer had not the form that was asked for, so the plan's choice answered.</summary>
    EscalatedSchema,

    /// <summary>It did not match the policy's expression.</summary>
    EscalatedRegex,

    /// <summary>It was cut off where the cascade's allowance ends.</summary>
    EscalatedLength,

    /// <summary>The model did not agree with itself.</summary>
    EscalatedAgree,

    /// <summary>The judge did not let it pass, or said nothing.</summary>
    EscalatedJudge,

    /// <summary>The answer and its checks took too long.</summary>
    EscalatedLate,

    /// <summary>The stored answer to a request was served that says almost the same.</summary>
    CachedSimilar,
}

/// <summary>Names of the reasons.</summary>
public static class RouteReasons
{
    private static readonly string[] NameTable =
    [
        "pinned", "cheapest_good_enough", "best_quality", "fastest", "policy_order", "sticky_session", "fallback",
        "only_candidate", "split", "canary", "explore", "escalated", "cached", "successor", "usual_choice",
        "cascade", "escalated_schema", "escalated_regex", "escalated_length", "escalated_agree", "escalated_judge", "escalated_late",
        "cached_similar",
    ];

    /// <summary>All names, in the order of <see cref="RouteReason"/>.</summary>
    public static IReadOnlyList<string> Names => NameTable;

    /// <summary>The name on the wire, e.g. <c>cheapest_good_enough</c>.</summary>
    public static string Token(this RouteReason reason) => NameTable[(int)reason];
}
