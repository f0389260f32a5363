using System.Globalization;

namespace Sommelier.Routing.Constraints;

/// <summary>A deployment must be able to write as much as the caller allows, else the answer could end before the caller's limit.</summary>
internal sealed class OutputLimitConstraint : IConstraint
{
    public string Name => "output_limit";

    public bool BindsNamed => false;

    public bool MayObject(RouteContext context) => context.Signals.MaxOutputTokens is not null;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        !(context.Signals.MaxOutputTokens > candidate.Deployment.MaxOutputTokens);

    public string Explain(RouteContext context, in Candidate candidate) =>
        string.Create(CultureInfo.InvariantCulture, $"{context.Signals.MaxOutputTokens:N0} output tokens are allowed, it writes at most {candidate.Deployment.MaxOutputTokens:N0}");
}
