using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Meta's API of its Muse models, which speaks OpenAI's responses format only. Source: models.dev and @earendil-works/pi-ai 1.5.2.</summary>
public sealed class Meta : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "meta";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.meta.ai/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["META_MODEL_API_KEY", "META_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIResponses, "responses")];

    /// <inheritdoc/>
    protected override WireQuirks ResponsesQuirks(Deployment deployment) =>
        base.ResponsesQuirks(deployment) with { SealedReasoning = !ModelFacts.Lacks(deployment, Capabilities.Reasoning) };
}
