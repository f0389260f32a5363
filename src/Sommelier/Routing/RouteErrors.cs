using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>The ways in which a request cannot be routed, in words for the caller.</summary>
internal static class RouteErrors
{
    public static GatewayError UnknownModel(RouteQuery query)
    {
        var close = CloseMatches.Of(query.Model, query.Catalog);
        var hint = close.Count > 0 ? $" Did you mean {string.Join(", ", close)}?" : " Use 'auto', 'provider/model' or an id of GET /v1/models.";
        return new(GatewayErrorKind.ModelNotFound, $"There is no model '{Shown(query.Model)}'.{hint}", 404, "model", "model_not_found");
    }

    public static GatewayError Retired(RouteQuery query, Lifecycle retired, IReadOnlyList<Deployment> successor)
    {
        var day = retired.RetiresOn is { } on ? string.Create(CultureInfo.InvariantCulture, $" on {on:yyyy-MM-dd}") : "";
        var next = successor.Count > 0 ? $" Use its successor '{(successor.Count == 1 ? successor[0].Id : successor[0].CanonicalModel)}'."
            : retired.Successors.Count > 0 ? $" {(retired.SuccessorsInferred ? "The newest of its line is" : "Its maker advises")} '{retired.Successors[0]}', which no configured provider serves; use 'auto'."
            : " Its maker names no successor; use 'auto'.";
        return new(GatewayErrorKind.ModelNotFound, $"The model '{Shown(query.Model)}' was retired{day}.{next}", 404, "model", "model_retired");
    }

    /// <summary>Every candidate was dropped; the error says by what, and whether waiting helps.</summary>
    public static GatewayError NoCandidate(RouteQuery query, IReadOnlyList<DroppedCandidate> dropped)
    {
        if (dropped.Count == 0)
        {
            return new(GatewayErrorKind.NoProvider, "No provider is configured. Set a provider's API key in the environment (for example OPENAI_API_KEY) or in sommelier.yaml.", 503, Code: "no_provider");
        }

        var byConstraint = dropped.GroupBy(d => d.Constraint, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
        var unhealthy = dropped.Where(d => d.Constraint is "health").ToList();
        var reasons = string.Join("; ", byConstraint.Select(g => $"{g.Key}: {g.Count()} ({g.First().Deployment.Id}: {g.First().Detail})"));
        var message = $"No model can serve this request. Dropped by {reasons}.";
        if (unhealthy.Count > 0)
        {
            var limited = unhealthy.TrueForAll(d => IsRateLimited(d, query));
            return new(
                limited ? GatewayErrorKind.RateLimited : GatewayErrorKind.UpstreamUnavailable,
                message, limited ? 429 : 503, Code: "no_candidate", RetryAfter: Soonest(unhealthy, query));
        }

        var tooLong = byConstraint.Exists(g => g.Key is "context_window") && byConstraint.TrueForAll(g => g.Key is "context_window" or "model_kind" or "lifecycle");
        return new(tooLong ? GatewayErrorKind.ContextLengthExceeded : GatewayErrorKind.NoCandidate, message, 400, Code: tooLong ? "context_length_exceeded" : "no_candidate");
    }

    private static bool IsRateLimited(DroppedCandidate dropped, RouteQuery query)
    {
        var state = query.Live.Get(dropped.Deployment.Id);
        return !(state.CircuitOpenUntil > query.At) && !(state.CooldownUntil > query.At);
    }

    private static TimeSpan? Soonest(List<DroppedCandidate> dropped, RouteQuery query)
    {
        TimeSpan? soonest = null;
        foreach (var candidate in dropped)
        {
            var state = query.Live.Get(candidate.Deployment.Id);
            var until = Later(state.CircuitOpenUntil, state.CooldownUntil);
            if (until is { } end && end > query.At && !(soonest <= end - query.At))
            {
                soonest = end - query.At;
            }
        }

        return soonest;
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is { } x && b is { } y ? (x > y ? x : y) : a ?? b;

    // A model name is the caller's text: long ones are cut, so that an error stays an error message.
    private static string Shown(string model) => model.Length <= 100 ? model : model[..100] + "…";
}
