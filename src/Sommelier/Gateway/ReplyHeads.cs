using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Gateway.Caching;
using Sommelier.Gateway.Cascades;
using Sommelier.Resilience;
using Sommelier.Routing;

namespace Sommelier.Gateway;

/// <summary>Makes a reply's head of what is known when it starts.</summary>
internal static class ReplyHeads
{
    /// <summary>The head of an answer.</summary>
    public static ReplyHead Answer(Flight flight, CommittedAnswer answer) => Known(flight) with
    {
        Status = 200,
        ContentType = answer.ContentType,
        ContentLength = answer.Length,
        Model = answer.Deployment.Id,
        Reason = Reason(flight, answer),
        // The answer's own attempt is logged when it has been written, which is after the head, unless it was held.
        Attempts = answer switch { { Age: not null } => 0, HeldAnswer => flight.Attempts.Count, _ => flight.Attempts.Count + 1 },
        OverheadMs = flight.Overhead.TotalMilliseconds,
        CacheHit = flight.Cache is null ? null : answer.Age is not null,
        Similarity = (answer as StoredAnswer)?.Similarity,
        Age = answer.Age,
        CostNanoUsd = answer.Streamed && answer.Age is null ? null : answer.CostNanoUsd,
        Warnings = answer.Warnings,

        // A stored answer began no conversation of its caller's.
        Conversation = answer.Age is null ? answer.Facts.Conversation : null,
        Simulated = answer.Deployment.Simulated,
    };

    /// <summary>The head of a stream that begins before anybody has answered.</summary>
    public static ReplyHead Early(Flight flight) => Known(flight) with
    {
        Status = 200,
        ContentType = flight.Call.Format.Streams.ContentTypeFor(flight.ReplyContext()),
    };

    /// <summary>The head of a dry run.</summary>
    public static ReplyHead Preview(Flight flight) => Known(flight) with
    {
        Status = 200,
        ContentType = "application/json",
        Attempts = 0,
        Model = flight.Decision is { Plan: [var first, ..] } ? first.Deployment.Id : null,
        Reason = flight.Decision is { Error: null } decision ? decision.Reason.Token() : null,
    };

    /// <summary>The head of an error.</summary>
    public static ReplyHead Error(Flight flight, GatewayError error) => Known(flight) with
    {
        Status = flight.Status,
        ContentType = "application/json",
        Attempts = flight.Attempts.Count,
        RetryAfter = error.RetryAfter,
    };

    /// <summary>The reason token of the answer: the decision's own, unless the answer was stored, a cascade led to it, or another candidate than was meant gave it.</summary>
    public static string Reason(Flight flight, CommittedAnswer answer)
    {
        var decision = flight.Decision!;
        var meant = flight.Meant!;
        var reason = answer is StoredAnswer { Similarity: not null } ? RouteReason.CachedSimilar
            : answer.Age is not null ? RouteReason.Cached
            : !string.Equals(meant.Id, answer.Deployment.Id, StringComparison.Ordinal) ? RouteReason.Fallback
            : flight.Cascaded switch
            {
                null => decision.Reason,
                CascadeOutcome.Passed => RouteReason.Cascade,
                CascadeOutcome.Schema => RouteReason.EscalatedSchema,
                CascadeOutcome.Regex => RouteReason.EscalatedRegex,
                CascadeOutcome.Length => RouteReason.EscalatedLength,
                CascadeOutcome.Agree => RouteReason.EscalatedAgree,
                CascadeOutcome.Judge => RouteReason.EscalatedJudge,
                CascadeOutcome.Late => RouteReason.EscalatedLate,
                _ => RouteReason.Fallback,
            };
        return reason.Token();
    }

    private static ReplyHead Known(Flight flight)
    {
        var asked = Asked(flight)?.Lifecycle;
        return new ReplyHead
        {
            Status = 0,
            ContentType = "",
            RequestId = flight.Call.RequestId,
            Policy = flight.Decision?.Query.Policy.Name,
            Intent = flight.Classified?.Intent.Name(),
            Warnings = [],
            Sunset = asked?.RetiresOn,
            DeprecatedOn = asked?.DeprecatedOn,
            RateLimits = flight.Minute == default ? null : AllowanceHeaders.Of(flight.Call.Format.RateLimits, flight.Minute, flight.StartedAt),
        };
    }

    // Only a model that was named outright can disappoint its caller by retiring.
    private static Deployment? Asked(Flight flight)
    {
        if (flight.Outline?.Model is not { } model)
        {
            return null;
        }

        var catalog = flight.Snapshot.Catalog;
        return catalog.Find(model) ?? (catalog.OfModel(model) is { Count: > 0 } some ? some[0] : null);
    }
}
