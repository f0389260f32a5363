using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Gateway.Asides;

/// <summary>A call that the gateway makes for itself while it serves a request.</summary>
internal sealed record AsideCall
{
    /// <summary>The request beside which it is made; its caller pays.</summary>
    public required Flight Original { get; init; }

    /// <summary>What it is for, as the ledger calls it.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The format of its body, and of the answer.</summary>
    public required IWireFormat Format { get; init; }

    /// <summary>What is asked.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Who is asked: every constraint of policy, key and caller has been held.</summary>
    public required RouteDecision Decision { get; init; }

    /// <summary>How long the request waits for the answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Decides for the model that is to be asked; null where a constraint of policy, key or caller drops it. Wishes for quality and speed are about the answer, not about this.</summary>
    /// <param name="query">The request's own.</param>
    /// <param name="model">The model.</param>
    /// <param name="signals">Of what is asked.</param>
    public static RouteDecision? Decide(RouteQuery query, string model, RequestSignals signals) => SolePlan.Decide(
        query with
        {
            Policy = query.Policy with { Rules = [], Split = [], Canary = null, MinQuality = null, MaxLatencyMs = null },
            Hints = query.Hints with { MinQuality = null, MaxLatencyMs = null },
            Signals = signals,
        },
        model);
}

/// <summary>Reads an answer.</summary>
/// <exception cref="WireException">It is none.</exception>
internal delegate T AsideReader<T>(ReadOnlySpan<byte> answer);
