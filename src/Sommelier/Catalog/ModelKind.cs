namespace Sommelier.Catalog;

/// <summary>What a deployment is for. Only chat deployments are candidates of chat requests.</summary>
public enum ModelKind
{
    /// <summary>Text out of a conversation.</summary>
    Chat,

    /// <summary>Vectors out of text.</summary>
    Embedding,

    /// <summary>Anything else: images, speech, moderation, reranking.</summary>
    Other,
}
