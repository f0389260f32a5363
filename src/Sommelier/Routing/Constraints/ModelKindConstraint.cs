using Sommelier.Catalog;

namespace Sommelier.Routing.Constraints;

/// <summary>Only chat models answer chat requests.</summary>
internal sealed class ModelKindConstraint : IConstraint
{
    public string Name => "model_kind";

    public bool Allows(RouteContext context, in Candidate candidate) => candidate.Deployment.Kind == ModelKind.Chat;

    public string Explain(RouteContext context, in Candidate candidate) =>
        candidate.Deployment.Kind == ModelKind.Embedding ? "it is an embedding model, not a chat model" : "it is not a chat model";
}
