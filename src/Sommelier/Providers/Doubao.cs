using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>ByteDance's Doubao at Volcano Engine Ark and BytePlus ModelArk. A model may be an endpoint's id, <c>ep-…</c>. Source: their documentation.</summary>
public sealed class Doubao : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "doubao";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["ARK_API_KEY", "VOLCENGINE_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
        [new("site", "Which of its sites: cn (Volcano Engine), intl (BytePlus) or coding (Volcano Engine's coding plan)", [], "cn")];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAIResponses, "responses"), new(OpenAIEmbeddings, "embeddings")];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) => new(setting("site") switch
    {
        "intl" => "https://ark.ap-southeast.bytepluses.com/api/v3/",
        "coding" => "https://ark.cn-beijing.volces.com/api/coding/v3/",
        _ => "https://ark.cn-beijing.volces.com/api/v3/",
    });

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => setting("site") is "intl" ? null : "cn";

    /// <inheritdoc/>
    public override string? ModelsPath => null;

    /// <inheritdoc/>
    protected override ReasoningKnob Reasoning(Deployment deployment) =>
        deployment.Reasoning.Toggle ? ReasoningKnob.ThinkingToggle : base.Reasoning(deployment);
}
