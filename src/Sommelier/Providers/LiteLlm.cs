namespace Sommelier.Providers;

/// <summary>A LiteLLM proxy. Source: its documentation.</summary>
public sealed class LiteLlm : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "litellm";

    /// <inheritdoc/>
    public override bool ReadsFileIds => true;

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["LITELLM_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
        [new(OpenAIChat, "chat/completions"), new(AnthropicMessages, "messages"), new(OpenAIResponses, "responses"), new(OpenAICompletions, "completions"), new(OpenAIEmbeddings, "embeddings")];
}
