using System.Collections.Frozen;

namespace Sommelier.Providers;

/// <summary>Cerebras. Source: the official SDK (@cerebras/cerebras_cloud_sdk 1.91.0).</summary>
public sealed class Cerebras : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "cerebras";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.cerebras.ai/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["CEREBRAS_API_KEY"];

    /// <summary>No embeddings.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAICompletions, "completions")];

    /// <inheritdoc/>
    protected override string MaxTokensField => "max_completion_tokens";

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } =
        ModelFacts.Names("store", "top_k", "n", "logit_bias", "presence_penalty", "frequency_penalty");
}
