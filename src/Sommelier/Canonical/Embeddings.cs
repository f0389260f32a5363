namespace Sommelier.Canonical;

/// <summary>What is to be turned into vectors, and how.</summary>
public sealed record EmbeddingAsk
{
    /// <summary>The texts, in order, at least one. A caller's token ids stand in <see cref="TokenInputs"/> instead.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Inputs as token ids of the model's own tokenizer, in order; empty when the inputs are texts.</summary>
    public IReadOnlyList<IReadOnlyList<int>> TokenInputs { get; init; } = [];

    /// <summary>The length of the vectors; null takes the model's own.</summary>
    public int? Dimensions { get; init; }

    /// <summary>What the vectors are for, in Gemini's words (<c>RETRIEVAL_QUERY</c> …); null when not said.</summary>
    public string? TaskType { get; init; }

    /// <summary>The title of the document (Gemini); null when not said.</summary>
    public string? Title { get; init; }

    /// <summary>Whether an input was several pieces of text (Gemini's parts), which stand in <see cref="Inputs"/> as lines.</summary>
    public bool Joined { get; init; }

    /// <summary>Whether inputs that are too long are cut (Ollama); null when not said.</summary>
    public bool? Truncate { get; init; }
}

/// <summary>A vector.</summary>
/// <param name="Index">Which input it belongs to, from 0.</param>
/// <param name="Vector">Its numbers.</param>
public sealed record EmbeddingVector(int Index, ReadOnlyMemory<float> Vector);
