namespace Sommelier.Routing.Constraints;

/// <summary>The caller's <c>only</c> and <c>exclude</c>.</summary>
internal sealed class CallerListConstraint : IConstraint
{
    public string Name => "caller_list";

    public bool MayObject(RouteContext context) => !context.CallerOnly.IsEmpty || !context.CallerExclude.IsEmpty;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        (context.CallerOnly.IsEmpty || context.CallerOnly.Contains(candidate.Deployment))
        && !context.CallerExclude.Contains(candidate.Deployment);

    public string Explain(RouteContext context, in Candidate candidate) =>
        context.CallerExclude.Contains(candidate.Deployment)
            ? "the caller excludes it"
            : $"the caller allows only {string.Join(", ", context.Query.Hints.Only)}";
}
