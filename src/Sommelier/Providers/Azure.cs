using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Azure OpenAI and AI Foundry, by their v1 API: a model is the name of a deployment. Source: Microsoft's documentation.</summary>
public sealed class Azure : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "azure";

    /// <inheritdoc/>
    public override string TelemetryName => "azure.ai.openai";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"];

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
        [new("resource", "The resource's name, or its address", ["AZURE_RESOURCE_NAME", "AZURE_OPENAI_ENDPOINT"])];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) => setting("resource") is var resource && resource.Contains("://", StringComparison.Ordinal)
        ? new Uri(new Uri(resource), "/")
        : new Uri($"https://{resource}.services.ai.azure.com/");

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.ApiKey;

    /// <inheritdoc/>
    public override CloudIdentity Identity => CloudIdentity.Azure;

    /// <inheritdoc/>
    public override string? ModelsPath => "openai/v1/models";

    /// <summary>Claude has an address of its own.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new(OpenAIChat, "openai/v1/chat/completions") { Serves = static deployment => !ModelFacts.IsClaude(deployment) },
        new(OpenAIResponses, "openai/v1/responses") { Serves = static deployment => deployment.Maker is "openai" or "" && !ModelFacts.IsClaude(deployment) },
        new(AnthropicMessages, "anthropic/v1/messages") { Serves = ModelFacts.IsClaude },
        new(OpenAIEmbeddings, "openai/v1/embeddings"),
    ];

    /// <inheritdoc/>
    protected override WireQuirks ChatQuirks(Deployment deployment) => deployment.Maker is "openai" or ""
        ? OpenAI.Of(deployment, base.ChatQuirks(deployment))
        : base.ChatQuirks(deployment);

    /// <inheritdoc/>
    protected override WireQuirks ResponsesQuirks(Deployment deployment) =>
        base.ResponsesQuirks(deployment) with { MinOutputTokens = OpenAI.LeastOutput, SealedReasoning = !ModelFacts.Lacks(deployment, Capabilities.Reasoning) };

    /// <inheritdoc/>
    protected override WireQuirks MessagesQuirks(Deployment deployment) => AnthropicCompatible.Of(deployment);
}
