namespace Sommelier.Routing.Constraints;

/// <summary>The policy's own lists of what may and must not serve.</summary>
internal sealed class PolicyListConstraint : IConstraint
{
    public string Name => "policy_list";

    public bool MayObject(RouteContext context) => !context.PolicyOnly.IsEmpty || !context.ProfileOnly.IsEmpty || !context.PolicyExclude.IsEmpty;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        (context.PolicyOnly.IsEmpty || context.PolicyOnly.Contains(candidate.Deployment))
        && (context.ProfileOnly.IsEmpty || context.ProfileOnly.Contains(candidate.Deployment))
        && !context.PolicyExclude.Contains(candidate.Deployment);

    public string Explain(RouteContext context, in Candidate candidate) =>
        context.PolicyExclude.Contains(candidate.Deployment)
            ? $"the policy '{context.Policy.Name}' excludes it"
            : context.PolicyOnly.IsEmpty || context.PolicyOnly.Contains(candidate.Deployment)
                ? $"the profile '{context.Policy.Profile}' allows only {string.Join(", ", context.Policy.ProfileOnly)}"
                : $"the policy '{context.Policy.Name}' allows only {string.Join(", ", context.Policy.Only)}";
}
