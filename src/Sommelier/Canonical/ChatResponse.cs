namespace Sommelier.Canonical;

/// <summary>A whole answer.</summary>
public sealed record ChatResponse
{
    /// <summary>The vendor's id of the answer.</summary>
    public string? Id { get; init; }

    /// <summary>The model that says it answered.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>When it was made, by the vendor's clock; null when not said.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The vendor's word for the backend that answered; null where it has none.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>The vendor's word for how the request was served; null where it has none.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The id of the conversation that the application keeps (Dify's), by which a caller can go on with it; null where it keeps none.</summary>
    public string? Conversation { get; init; }

    /// <summary>What was answered, in order. More than one choice exists only in formats that know it: see <see cref="MoreChoices"/>.</summary>
    public IReadOnlyList<ContentPart> Parts { get; init; } = [];

    /// <summary>Why the model stopped.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Answers after the first one, when several were asked for.</summary>
    public IReadOnlyList<ChatResponse> MoreChoices { get; init; } = [];

    /// <summary>Token counts; null when the vendor reported none.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The vectors, for <see cref="Operation.Embeddings"/>, in the order of the inputs; empty for a chat.</summary>
    public IReadOnlyList<EmbeddingVector> Embeddings { get; init; } = [];

    /// <summary>Fields that we do not know.</summary>
    public Extra? Extra { get; init; }
}
