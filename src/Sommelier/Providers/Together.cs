using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Together AI. Source: the official SDK (together-ai 0.52.0).</summary>
public sealed class Together : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "together";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.together.ai/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["TOGETHER_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
        [new(OpenAIChat, "chat/completions"), new(OpenAICompletions, "completions"), new(OpenAIEmbeddings, "embeddings")];

    /// <summary>Models that can only be switched take <c>reasoning: { enabled }</c>; the others an effort.</summary>
    protected override ReasoningKnob Reasoning(Deployment deployment) =>
        deployment.Reasoning is { Toggle: true, Efforts.Count: 0 } ? ReasoningKnob.ReasoningObject : base.Reasoning(deployment);
}
