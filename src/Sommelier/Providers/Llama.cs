using System.Collections.Frozen;

namespace Sommelier.Providers;

/// <summary>Meta's Llama API, at its OpenAI-compatible address. Source: llama-api-client 0.3.0.</summary>
public sealed class Llama : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "llama";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.llama.com/compat/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["LLAMA_API_KEY"];

    /// <summary>No embeddings.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions")];

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "n", "logit_bias", "seed", "stop", "frequency_penalty", "presence_penalty");
}
