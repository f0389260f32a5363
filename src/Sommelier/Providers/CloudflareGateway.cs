using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Cloudflare's AI Gateway, with keys that are stored there or its unified billing. Source: Cloudflare's documentation.</summary>
public sealed class CloudflareGateway : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "cloudflare-gateway";

    /// <inheritdoc/>
    public override bool ReadsFileIds => true;

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["CLOUDFLARE_AI_GATEWAY_TOKEN", "CLOUDFLARE_API_TOKEN"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
    [
        new("account_id", "The Cloudflare account", ["CLOUDFLARE_ACCOUNT_ID"]),
        new("gateway_id", "The gateway's name", ["CLOUDFLARE_GATEWAY_ID"]),
    ];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) =>
        new($"https://gateway.ai.cloudflare.com/v1/{Uri.EscapeDataString(setting("account_id"))}/{Uri.EscapeDataString(setting("gateway_id"))}/");

    /// <summary>Its address for all vendors, and Anthropic's own, where the model is called as Anthropic calls it.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new(OpenAIChat, "compat/chat/completions"),
        new(AnthropicMessages, "anthropic/v1/messages")
        {
            Serves = static deployment => deployment.Model.StartsWith(AnthropicPrefix, StringComparison.Ordinal),
            ModelName = static deployment => deployment.Model.StartsWith(AnthropicPrefix, StringComparison.Ordinal) ? deployment.Model[AnthropicPrefix.Length..].Replace('.', '-') : deployment.Model,
        },
    ];

    /// <inheritdoc/>
    public override string? ModelsPath => null;

    /// <summary>The token opens the gateway; the vendors' keys are stored behind it.</summary>
    public override KeyValuePair<string, string> AuthHeader(string key) => new("cf-aig-authorization", $"Bearer {key}");

    /// <inheritdoc/>
    protected override WireQuirks MessagesQuirks(Deployment deployment) => AnthropicCompatible.Of(deployment);

    private const string AnthropicPrefix = "anthropic/";
}
