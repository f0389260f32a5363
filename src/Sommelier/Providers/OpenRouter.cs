using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>OpenRouter. Source: the official SDK (@openrouter/sdk 1.3.19) and its documentation.</summary>
public sealed class OpenRouter : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "openrouter";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://openrouter.ai/api/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["OPENROUTER_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
        [new(OpenAIChat, "chat/completions"), new(AnthropicMessages, "messages"), new(OpenAIResponses, "responses"), new(OpenAIEmbeddings, "embeddings")];

    /// <inheritdoc/>
    protected override ReasoningKnob Reasoning(Deployment deployment) => ReasoningKnob.ReasoningObject;

    /// <inheritdoc/>
    protected override WireQuirks ChatQuirks(Deployment deployment) => base.ChatQuirks(deployment) with
    {
        DeveloperRole = deployment.Model.StartsWith("openai/", StringComparison.Ordinal)
            || deployment.Model.StartsWith("anthropic/", StringComparison.Ordinal),
        ReasoningReplayField = "reasoning",
    };
}
