using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>An Ollama server. Source: its documentation of the OpenAI and Anthropic endpoints.</summary>
public sealed class Ollama : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "ollama";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("http://127.0.0.1:11434/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["OLLAMA_API_KEY"];

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.None;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
        [new(OpenAIChat, "chat/completions"), new(AnthropicMessages, "messages"), new(OpenAIResponses, "responses")];

    /// <inheritdoc/>
    public override IReadOnlyList<int> LocalPorts => [11434];

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } =
        ModelFacts.Names("store", "n", "user", "logit_bias", "logprobs", "top_logprobs");

    /// <summary>No tool choice, and it does not fetch images.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) =>
        base.ChatQuirks(deployment) with { ToolChoice = false, RemoteImages = false };
}
