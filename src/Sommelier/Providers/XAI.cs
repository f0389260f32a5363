using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>xAI. Source: its documentation, recorded replies and the Vercel adapter's table of refused settings.</summary>
public sealed class XAI : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "xai";

    /// <inheritdoc/>
    public override string TelemetryName => "x_ai";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.x.ai/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["XAI_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAIResponses, "responses")];

    /// <inheritdoc/>
    protected override string MaxTokensField => "max_completion_tokens";

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } =
        ModelFacts.Names("store", "top_k", "stop", "presence_penalty", "frequency_penalty", "logit_bias");

    /// <summary>The grok-4.20 pair answers 400 to any effort: which one thinks is in its name.</summary>
    protected override ReasoningKnob Reasoning(Deployment deployment) =>
        deployment.Reasoning.Efforts.Count == 0 && deployment.Model.EndsWith("reasoning", StringComparison.Ordinal)
            ? ReasoningKnob.None
            : base.Reasoning(deployment);

    /// <inheritdoc/>
    protected override WireQuirks ChatQuirks(Deployment deployment) =>
        base.ChatQuirks(deployment) with { ReasoningOutsideOutput = true };
}
