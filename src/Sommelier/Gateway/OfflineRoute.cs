using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>Steps (2) to (4) of a request without a running gateway: nothing measured, nobody asked. Same input, same decision.</summary>
internal static class OfflineRoute
{
    /// <summary>Decides who would answer a chat request in any of the formats that callers speak.</summary>
    /// <param name="snapshot">Models and policies.</param>
    /// <param name="body">The request.</param>
    /// <param name="policy">The policy to take whatever the request says; null: the request's own, else the default.</param>
    /// <param name="seed">Part of the decision's id.</param>
    /// <param name="at">The moment of the decision: prices by hour and lifecycles depend on it.</param>
    /// <exception cref="WireException">The body is no chat request.</exception>
    /// <exception cref="GatewayException">There is no such policy.</exception>
    public static RouteDecision Decide(GatewaySnapshot snapshot, ReadOnlyMemory<byte> body, string? policy, long seed, DateTimeOffset at)
    {
        var (format, path) = RequestFormat.Of(body);
        var outline = format.Requests.Outline(body.Span, path);
        var hints = outline.Hints ?? CallerHints.None;
        hints = policy is null ? hints : hints with { Policy = policy };
        if (!snapshot.Policies.TryChoose(outline.Model, hints, snapshot.Catalog, out var chosen, out var unknown))
        {
            throw new GatewayException(unknown!);
        }

        var signals = new SignalReader(new ClassifierReader()).Read(outline, hints);
        if (snapshot.AbstainBelow is { } threshold)
        {
            signals = signals with { Abstained = signals.Confidence < threshold };
        }

        snapshot.Difficulty?.Apply(outline, signals);
        EscalationSignals.Read(snapshot.Policies, format, path, body, outline, signals);
        return ModelRouter.Decide(new RouteQuery
        {
            Model = outline.Model,
            Signals = signals,
            Hints = hints,
            Catalog = snapshot.Catalog,
            Live = LiveState.Empty(at),
            Policy = chosen,
            Seed = seed,
        });
    }
}
