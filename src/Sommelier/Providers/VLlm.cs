namespace Sommelier.Providers;

/// <summary>A vLLM server. Source: its documentation of the OpenAI and Anthropic endpoints.</summary>
public sealed class VLlm : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "vllm";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("http://127.0.0.1:8000/v1/");

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.None;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
        [new(OpenAIChat, "chat/completions"), new(AnthropicMessages, "messages"), new(OpenAIResponses, "responses"), new(OpenAICompletions, "completions"), new(OpenAIEmbeddings, "embeddings")];

    /// <inheritdoc/>
    public override IReadOnlyList<int> LocalPorts => [8000];
}
