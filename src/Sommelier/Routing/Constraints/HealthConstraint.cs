using System.Globalization;
using Sommelier.Canonical;

namespace Sommelier.Routing.Constraints;

/// <summary>Deployments that are failing, pausing or out of rate limit are left alone for now.</summary>
internal sealed class HealthConstraint : IConstraint
{
    public string Name => "health";

    public bool MayObject(RouteContext context) => context.Query.Live.Deployments.Count > 0;

    public bool Allows(RouteContext context, in Candidate candidate)
    {
        var state = candidate.State;
        return !IsAfter(state.CircuitOpenUntil, context)
            && !IsAfter(state.CooldownUntil, context)
            && state.RateLimitRemainingRequests is not <= 0
            && !(context.Signals.InputTokens > state.RateLimitRemainingTokens);
    }

    public string Explain(RouteContext context, in Candidate candidate)
    {
        var state = candidate.State;
        if (IsAfter(state.CircuitOpenUntil, context))
        {
            return string.Create(CultureInfo.InvariantCulture, $"it failed too often ({state.ErrorRate:P0} of {state.Requests}); closed to requests until {state.CircuitOpenUntil:yyyy-MM-ddTHH:mm:ssZ}");
        }

        if (IsAfter(state.CooldownUntil, context))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Why(candidate)}; tried again after {state.CooldownUntil:yyyy-MM-ddTHH:mm:ssZ}");
        }

        return state.RateLimitRemainingRequests is <= 0
            ? "no requests are left in its rate limit"
            : string.Create(CultureInfo.InvariantCulture, $"{state.RateLimitRemainingTokens:N0} tokens are left in its rate limit, the request needs {context.Signals.InputTokens:N0}");
    }

    private static string Why(in Candidate candidate) => candidate.State.CooldownReason switch
    {
        UpstreamFailureKind.ModelNotFound =>
            $"its provider does not know the model '{candidate.Deployment.Model}': check the id, and base_url, under providers.{candidate.Deployment.Provider}",
        UpstreamFailureKind.AuthenticationFailed => "its provider refused the key",
        UpstreamFailureKind.QuotaExhausted => "the account at its provider is used up",
        UpstreamFailureKind.RateLimited => "its provider asked for a pause",
        _ => "its provider asked for a pause or refused the key",
    };

    // To the millisecond, as it is recorded.
    private static bool IsAfter(DateTimeOffset? until, RouteContext context) =>
        until is { } end && end.ToUnixTimeMilliseconds() > context.Query.At.ToUnixTimeMilliseconds();
}
