using Sommelier.Routing.Constraints;

namespace Sommelier.Routing;

/// <summary>Every constraint. A new one is a file in <c>Constraints/</c> and a line here; a test names the line that is missing.</summary>
public static class ConstraintRegistry
{
    /// <summary>In the order in which they are asked; the first to object is the one that is recorded.</summary>
    public static IReadOnlyList<IConstraint> All { get; } =
    [
        new ModelKindConstraint(),
        new NamedOnlyConstraint(),
        new KeyModelsConstraint(),
        new PolicyListConstraint(),
        new CallerListConstraint(),
        new DataClassConstraint(),
        new RegionConstraint(),
        new LifecycleConstraint(),
        new CapabilityConstraint(),
        new ContextWindowConstraint(),
        new OutputLimitConstraint(),
        new HealthConstraint(),
        new LatencyBudgetConstraint(),
        new CostCeilingConstraint(),
        new MinQualityConstraint(),
    ];
}
