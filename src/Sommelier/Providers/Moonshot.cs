using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Moonshot AI's Kimi. Source: platform.moonshot.ai and recorded replies.</summary>
public sealed class Moonshot : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "moonshot";

    /// <inheritdoc/>
    public override string TelemetryName => "moonshot_ai";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["MOONSHOT_API_KEY"];

    /// <summary>No embeddings.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions")];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
        [new("site", "Which of its sites: intl (moonshot.ai), cn (moonshot.cn) or coding (Kimi's coding plan)", [], "intl")];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) => new(setting("site") switch
    {
        "cn" => "https://api.moonshot.cn/v1/",
        "coding" => "https://api.kimi.com/coding/v1/",
        _ => "https://api.moonshot.ai/v1/",
    });

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => setting("site") is "cn" ? "cn" : null;

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "top_k", "seed", "logit_bias");

    /// <inheritdoc/>
    protected override ReasoningKnob Reasoning(Deployment deployment) =>
        deployment.Reasoning.Toggle ? ReasoningKnob.ThinkingToggle : base.Reasoning(deployment);

    /// <summary>Counts ride in the finish chunk; a tool can be forced, but none by name; thinking comes back.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) => base.ChatQuirks(deployment) with
    {
        MaxTemperature = 1,
        StreamUsage = StreamUsageRule.Always,
        ToolChoiceNamed = false,
        ReasoningReplayField = ModelFacts.Lacks(deployment, Capabilities.Reasoning) ? null : "reasoning_content",
    };
}
