using System.Runtime.InteropServices;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing.Cascading;

namespace Sommelier.Routing;

/// <summary>Which deployments serve a request, in which order, and why; or why none can.</summary>
public sealed class RouteDecision
{
    internal RouteDecision(RouteContext context, string id)
    {
        Context = context;
        Id = id;
    }

    /// <summary>Hash of everything that the decision depends on: 32 hex digits.</summary>
    public string Id { get; }

    /// <summary>Why the first one is first. Without meaning when <see cref="Error"/> is set.</summary>
    public RouteReason Reason { get; internal init; }

    /// <summary>The chance that the first one had to be first, over the draws of splits and exploration; 1 where nothing was drawn.</summary>
    public double Propensity { get; internal init; } = 1;

    /// <summary>Everybody who could have come first in this arm, with the chance of it; empty where exploration drew nothing.</summary>
    internal IReadOnlyList<DrawnChance> Drawn { get; init; } = [];

    /// <summary>Every candidate that passed the constraints, best first.</summary>
    public IReadOnlyList<RankedCandidate> Ranked { get; internal init; } = [];

    /// <summary>What may be tried, in order: <see cref="Ranked"/>, or its first alone where fallback is not allowed.</summary>
    public IReadOnlyList<RankedCandidate> Plan { get; internal init; } = [];

    /// <summary>Who answers before the plan is gone through, and how that is bounded, or why nobody does; null where the policy has no cascade.</summary>
    internal CascadePlan? Cascade { get; init; }

    /// <summary>Every candidate that a constraint dropped, by id.</summary>
    public IReadOnlyList<DroppedCandidate> Dropped { get; internal init; } = [];

    /// <summary>Why nothing can serve the request; null when <see cref="Plan"/> has a candidate.</summary>
    public GatewayError? Error { get; internal init; }

    /// <summary>What was decided upon.</summary>
    public RouteQuery Query => Context.Query;

    internal RouteContext Context { get; }

    /// <summary>The chance that a deployment had to come first in the arm that was taken: 1 or 0 where exploration drew nothing.</summary>
    internal double ChanceOf(string deploymentId)
    {
        foreach (var one in Drawn)
        {
            if (string.Equals(one.Deployment.Id, deploymentId, StringComparison.Ordinal))
            {
                return one.Chance;
            }
        }

        return Drawn.Count == 0 && Plan.Count > 0 && string.Equals(Plan[0].Deployment.Id, deploymentId, StringComparison.Ordinal) ? 1 : 0;
    }
}

/// <summary>A deployment and the chance with which exploration puts it first.</summary>
internal sealed record DrawnChance(Deployment Deployment, double Chance);

/// <summary>A candidate in its place, with the terms that put it there.</summary>
/// <param name="Rank">1 for the first.</param>
/// <param name="Deployment">Who.</param>
/// <param name="QualityMean">Expected success rate for this request, 0 to 1.</param>
/// <param name="QualityLow">Its lower bound.</param>
/// <param name="Evidence">Where the quality comes from, for the intent that weighs most.</param>
/// <param name="CostUsd">Expected cost in USD; infinite when unknown.</param>
/// <param name="LatencyMs">Expected milliseconds until the answer is whole; infinite when unknown.</param>
/// <param name="GoodEnough">Whether its quality is within the policy's gap of the best.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RankedCandidate(
    int Rank, Deployment Deployment, double QualityMean, double QualityLow, string Evidence, double CostUsd, double LatencyMs, bool GoodEnough);

/// <summary>A candidate that a constraint dropped.</summary>
public readonly struct DroppedCandidate
{
    private readonly RouteContext context;
    private readonly IDropReason reason;
    private readonly Candidate candidate;

    internal DroppedCandidate(RouteContext context, IDropReason reason, in Candidate candidate)
    {
        this.context = context;
        this.reason = reason;
        this.candidate = candidate;
    }

    /// <summary>Who.</summary>
    public Deployment Deployment => candidate.Deployment;

    /// <summary>The constraint's name.</summary>
    public string Constraint => reason.Name;

    /// <summary>Why, in words with the figures; written when it is read.</summary>
    public string Detail => reason.Explain(context, in candidate);
}
