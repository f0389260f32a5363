using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Alibaba's Qwen at DashScope (Model Studio). Source: its documentation and the Vercel adapter.</summary>
public sealed class Qwen : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "qwen";

    /// <inheritdoc/>
    public override string TelemetryName => "alibaba_cloud";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
        [new("site", "Which of its sites: intl (Singapore) or cn (Beijing)", [], "intl")];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) =>
        new(IsChina(setting) ? "https://dashscope.aliyuncs.com/compatible-mode/v1/" : "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/");

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => IsChina(setting) ? "cn" : null;

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported { get; } = ModelFacts.Names("store", "frequency_penalty", "logit_bias");

    /// <summary>Models that can be switched, or held to a budget, take <c>enable_thinking</c>; the others an effort.</summary>
    protected override ReasoningKnob Reasoning(Deployment deployment) =>
        deployment.Reasoning is { Toggle: true } or { Budget: true } ? ReasoningKnob.EnableThinking : base.Reasoning(deployment);

    private static bool IsChina(Func<string, string> setting) => setting("site") is "cn";
}
