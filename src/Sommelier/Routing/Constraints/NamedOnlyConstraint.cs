using Sommelier.Catalog;

namespace Sommelier.Routing.Constraints;

/// <summary>Moving names, special terms and second ids of one model serve only callers and policies that name them.</summary>
internal sealed class NamedOnlyConstraint : IConstraint
{
    public string Name => "named_only";

    public bool Allows(RouteContext context, in Candidate candidate) =>
        candidate.Deployment.NamedOnly == NamedOnly.No
        || candidate.IsNamed
        || context.PolicyOnly.Names(candidate.Deployment)
        || context.CallerOnly.Names(candidate.Deployment)
        || context.Order.Names(candidate.Deployment);

    public string Explain(RouteContext context, in Candidate candidate) => candidate.Deployment.NamedOnly switch
    {
        NamedOnly.MovingName => "its name moves on to other models, so it serves only who names it",
        NamedOnly.OtherTerms => "it is sold under terms of its own, so it serves only who names it",
        _ => $"it is another id of {candidate.Deployment.CanonicalModel} at the same provider",
    };
}
