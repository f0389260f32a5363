using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing.Constraints;

/// <summary>Only chat models answer chat requests, and only embedding models embed.</summary>
internal sealed class ModelKindConstraint : IConstraint
{
    public string Name => "model_kind";

    public bool Allows(RouteContext context, in Candidate candidate) => candidate.Deployment.Kind == Wanted(context);

    public string Explain(RouteContext context, in Candidate candidate) =>
        Wanted(context) == ModelKind.Embedding ? "it is not an embedding model"
        : candidate.Deployment.Kind == ModelKind.Embedding ? "it is an embedding model, not a chat model" : "it is not a chat model";

    private static ModelKind Wanted(RouteContext context) => context.Signals.Operation == Operation.Embeddings ? ModelKind.Embedding : ModelKind.Chat;
}
