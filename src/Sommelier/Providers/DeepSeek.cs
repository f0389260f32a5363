using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>DeepSeek. Source: its documentation and @earendil-works/pi-ai 1.5.2.</summary>
public sealed class DeepSeek : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "deepseek";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.deepseek.com/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["DEEPSEEK_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAIResponses, "responses")];

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "top_k", "seed", "n", "logit_bias");

    /// <inheritdoc/>
    protected override ReasoningKnob Reasoning(Deployment deployment) => ReasoningKnob.ThinkingToggle;

    /// <summary>V4 wants its thinking back on every assistant turn; R1 refuses a request that brings it.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment)
    {
        var thinkingComesBack = !deployment.Model.Contains("reasoner", StringComparison.Ordinal)
            && !deployment.Model.Contains("r1", StringComparison.OrdinalIgnoreCase);
        return base.ChatQuirks(deployment) with
        {
            JsonSchema = JsonSchemaSupport.JsonObjectOnly,
            ReasoningReplayField = thinkingComesBack ? "reasoning_content" : null,
            ReasoningReplayRequired = thinkingComesBack,
        };
    }
}
