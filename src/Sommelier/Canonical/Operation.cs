namespace Sommelier.Canonical;

/// <summary>What is asked of a model. Each wire format serves one; a call goes only to endpoints and models of the same one.</summary>
public enum Operation
{
    /// <summary>An answer to a conversation or a prompt.</summary>
    Chat,

    /// <summary>Vectors for texts.</summary>
    Embeddings,
}
