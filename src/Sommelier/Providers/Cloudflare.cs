using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Cloudflare Workers AI. Source: Cloudflare's documentation.</summary>
public sealed class Cloudflare : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "cloudflare";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
        [new("account_id", "The Cloudflare account", ["CLOUDFLARE_ACCOUNT_ID"])];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) =>
        new($"https://api.cloudflare.com/client/v4/accounts/{Uri.EscapeDataString(setting("account_id"))}/ai/");

    /// <summary>Its OpenAI-compatible address, and its own one for models whose <c>wire</c> says so: those that the other does not know.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new(OpenAIChat, "v1/chat/completions"),
        new(OpenAIResponses, "v1/responses"),
        new("cloudflare-run", "run/{+model}") { Serves = static _ => false },
        new(OpenAIEmbeddings, "v1/embeddings"),
    ];

    /// <inheritdoc/>
    public override string? ModelsPath => null;

    /// <summary>At its own address there is no field for how much to think, and no schema of a text model lists what stands in <see cref="Unlisted"/>.</summary>
    public override WireQuirks Quirks(Deployment deployment, string format) =>
        string.Equals(format, "cloudflare-run", StringComparison.Ordinal)
            ? Run(ChatQuirks(deployment))
            : base.Quirks(deployment, format);

    private static WireQuirks Run(WireQuirks quirks) => quirks with
    {
        Reasoning = ReasoningKnob.None,
        Unsupported = ModelFacts.Names([.. quirks.Unsupported, .. Unlisted]),
    };

    private static readonly string[] Unlisted = ["stop", "n", "logprobs", "top_logprobs", "logit_bias", "parallel_tool_calls", "user", "store", "service_tier"];
}
