namespace Sommelier.Providers;

/// <summary>An LM Studio server, 0.4.1 or later for its Anthropic endpoint. Source: its documentation.</summary>
public sealed class LmStudio : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "lmstudio";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("http://127.0.0.1:1234/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["LM_API_TOKEN", "LMSTUDIO_API_KEY"];

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.None;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
        [new(OpenAIChat, "chat/completions"), new(AnthropicMessages, "messages"), new(OpenAIResponses, "responses"), new(OpenAICompletions, "completions"), new(OpenAIEmbeddings, "embeddings")];

    /// <inheritdoc/>
    public override IReadOnlyList<int> LocalPorts => [1234];
}
