using System.Globalization;
using Sommelier.Catalog;

namespace Sommelier.Routing.Constraints;

/// <summary>Models that cannot be called yet or any more, that are younger than the policy's freeze date, or in preview or about to retire where that is not wanted.</summary>
internal sealed class LifecycleConstraint : IConstraint
{
    public string Name => "lifecycle";

    public bool Allows(RouteContext context, in Candidate candidate)
    {
        var status = candidate.Deployment.Lifecycle.At(context.Today);
        return status is ModelStatus.Active or ModelStatus.Deprecated or ModelStatus.Preview
            && (status != ModelStatus.Preview || context.Policy.AllowPreview || context.Named)
            && (context.Named || !RetiresSoon(context, candidate.Deployment.Lifecycle))
            && !(candidate.Deployment.ReleaseDate > context.Policy.FreezeDate);
    }

    public string Explain(RouteContext context, in Candidate candidate)
    {
        var lifecycle = candidate.Deployment.Lifecycle;
        return lifecycle.At(context.Today) switch
        {
            ModelStatus.Retired when lifecycle.RetiresOn is { } day => string.Create(CultureInfo.InvariantCulture, $"it was retired on {day:yyyy-MM-dd}{Successor(lifecycle)}"),
            ModelStatus.Retired => $"it is retired{Successor(lifecycle)}",
            ModelStatus.Rumoured or ModelStatus.Announced => "it is announced, but cannot be called yet",
            ModelStatus.Preview when !context.Policy.AllowPreview && !context.Named => $"it is a preview, which the policy '{context.Policy.Name}' does not use",
            _ when !context.Named && RetiresSoon(context, lifecycle) => string.Create(CultureInfo.InvariantCulture, $"it retires on {lifecycle.RetiresOn:yyyy-MM-dd}, and the policy '{context.Policy.Name}' wants {context.Policy.MinLifeDays} days{Successor(lifecycle)}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"it was released on {candidate.Deployment.ReleaseDate:yyyy-MM-dd}, after the policy's freeze date {context.Policy.FreezeDate:yyyy-MM-dd}"),
        };
    }

    private static bool RetiresSoon(RouteContext context, Lifecycle lifecycle) =>
        context.Policy.MinLifeDays is { } days && lifecycle.RetiresOn <= context.Today.AddDays(days);

    private static string Successor(Lifecycle lifecycle) => lifecycle.Successors.Count == 0 ? ""
        : $"; {(lifecycle.SuccessorsInferred ? "the newest of its line is" : "its maker advises")} {lifecycle.Successors[0]}";
}
