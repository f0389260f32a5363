namespace Sommelier.Routing;

/// <summary>Says in a decision why a candidate is not in the plan.</summary>
public interface IDropReason
{
    /// <summary>The name in decision records, snake case, e.g. <c>context_window</c>.</summary>
    string Name { get; }

    /// <summary>Why, in words with the figures, for a candidate that was dropped.</summary>
    string Explain(RouteContext context, in Candidate candidate);
}
