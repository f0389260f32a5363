namespace Sommelier.Routing;

/// <summary>A reason for which a deployment must not serve a request. Constraints only drop; they never order.</summary>
/// <remarks>
/// <see cref="Allows"/> runs for every candidate of every request: no allocation, no I/O. <see cref="IDropReason.Explain"/> runs only
/// when somebody reads the decision.
/// </remarks>
public interface IConstraint : IDropReason
{
    /// <summary>Whether it looks at quality, cost or latency, which are computed only for what passed the others.</summary>
    bool NeedsTerms => false;

    /// <summary>
    /// Whether it also holds for a model that was named outright. What a catalog does not know of a model is no reason to
    /// refuse a caller who knows better; what policy, law or the provider's state forbid is.
    /// </summary>
    bool BindsNamed => true;

    /// <summary>Whether it could drop anybody for this request at all, asked once for all candidates: most requests have no lists, budgets or regions.</summary>
    bool MayObject(RouteContext context) => true;

    /// <summary>Whether the candidate may serve the request; true for all where it <see cref="MayObject">may not object</see>.</summary>
    bool Allows(RouteContext context, in Candidate candidate);
}
