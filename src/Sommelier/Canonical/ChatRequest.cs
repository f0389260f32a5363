namespace Sommelier.Canonical;

/// <summary>What the caller asked for, in our own words: every wire format is read into this and written from this.</summary>
/// <remarks>
/// Immutable. A stage that wants something different makes a copy with <c>with</c>, so a retry or a hedge always starts
/// from the request that the router saw. Names follow the OpenTelemetry GenAI conventions.
/// </remarks>
public sealed record ChatRequest
{
    /// <summary>The model name that the caller sent, before any routing: may be <c>auto</c>.</summary>
    public required string OriginalModel { get; init; }

    /// <summary>The wire format that the request came in.</summary>
    public required string Format { get; init; }

    /// <summary>What stands before the conversation, in order; empty when nothing does.</summary>
    public IReadOnlyList<ContentPart> SystemInstructions { get; init; } = [];

    /// <summary>The conversation, oldest first, never empty.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>Upper bound of generated tokens, thinking included; null takes the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether the answer is wanted as it is made.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the caller asked for token counts in the stream, where that is a choice.</summary>
    public bool StreamUsage { get; init; }

    /// <summary>How tokens are drawn.</summary>
    public Sampling Sampling { get; init; } = Sampling.Default;

    /// <summary>Tools on offer.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>How free the model is to call them; null when not said.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether several tools may be called at once; null when not said.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The form of the answer; null when not said.</summary>
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>What is asked of the model's thinking; null when not said.</summary>
    public Reasoning? Reasoning { get; init; }

    /// <summary>The end user's opaque id (<c>user</c>, <c>metadata.user_id</c>); null when not said.</summary>
    public string? EndUser { get; init; }

    /// <summary>What is to be embedded, for <see cref="Operation.Embeddings"/>; null for a chat. <see cref="Messages"/> is empty then.</summary>
    public EmbeddingAsk? Embedding { get; init; }

    /// <summary>Top-level fields that we do not know.</summary>
    public Extra? Extra { get; init; }

    /// <summary>The tool on offer that calls of that name call; null for none.</summary>
    public ToolDefinition? FindTool(string name) =>
        Tools.FirstOrDefault(tool => tool.Opaque is null && string.Equals(tool.Name, name, StringComparison.Ordinal));
}
