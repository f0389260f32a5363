using System.Globalization;

namespace Sommelier.Routing.Constraints;

/// <summary>The expected cost must be within the ceiling. An unknown price is not known to be.</summary>
internal sealed class CostCeilingConstraint : IConstraint
{
    public string Name => "cost_ceiling";

    public bool NeedsTerms => true;

    public bool MayObject(RouteContext context) => context.MaxCostUsd is not null;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        context.MaxCostUsd is not { } ceiling || candidate.CostUsd <= (double)ceiling;

    public string Explain(RouteContext context, in Candidate candidate) =>
        double.IsFinite(candidate.CostUsd)
            ? string.Create(CultureInfo.InvariantCulture, $"expected to cost {candidate.CostUsd:0.#########} USD, the ceiling is {context.MaxCostUsd:0.#########} USD")
            : string.Create(CultureInfo.InvariantCulture, $"its price is unknown, the ceiling is {context.MaxCostUsd:0.#########} USD");
}
