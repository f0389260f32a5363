namespace Sommelier.Routing.Constraints;

/// <summary>What the caller's key may ask.</summary>
internal sealed class KeyModelsConstraint : IConstraint
{
    public string Name => "key_models";

    public bool MayObject(RouteContext context) => !context.KeyModels.IsEmpty;

    public bool Allows(RouteContext context, in Candidate candidate) =>
        context.KeyModels.IsEmpty || context.KeyModels.Contains(candidate.Deployment);

    public string Explain(RouteContext context, in Candidate candidate) =>
        $"the caller's key allows only {string.Join(", ", context.Query.KeyModels)}";
}
