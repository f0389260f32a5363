using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Zhipu's GLM at Z.ai and BigModel. Source: docs.bigmodel.cn and docs.z.ai.</summary>
public sealed class Zhipu : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "zhipu";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["ZAI_API_KEY", "ZHIPU_API_KEY"];

    /// <summary>No embeddings.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions")];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
        [new("site", "Which of its sites: intl (z.ai), cn (bigmodel.cn) or coding (z.ai's coding plan)", [], "intl")];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) => new(setting("site") switch
    {
        "cn" => "https://open.bigmodel.cn/api/paas/v4/",
        "coding" => "https://api.z.ai/api/coding/paas/v4/",
        _ => "https://api.z.ai/api/paas/v4/",
    });

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => setting("site") is "cn" ? "cn" : null;

    /// <inheritdoc/>
    public override string? ModelsPath => null;

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "top_k", "n", "logit_bias", "logprobs", "top_logprobs", "seed");

    /// <inheritdoc/>
    protected override ReasoningKnob Reasoning(Deployment deployment) =>
        ModelFacts.Lacks(deployment, Capabilities.Reasoning) ? ReasoningKnob.None : ReasoningKnob.ThinkingToggle;

    /// <summary>Any JSON object can be asked for, a schema cannot.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) =>
        base.ChatQuirks(deployment) with { JsonSchema = JsonSchemaSupport.JsonObjectOnly, MaxTemperature = 1 };
}
