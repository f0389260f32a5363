using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>
/// Amazon Bedrock as OpenAI's clients know it, at an address of its own (<c>bedrock-mantle</c>): chat and responses, for the models
/// that it serves there. Source: the official SDK (openai 7.57.0, <c>providers/bedrock</c>).
/// </summary>
public sealed class BedrockMantle : OpenAICompatible
{
    /// <inheritdoc/>
    public override string Name => "bedrock-mantle";

    /// <inheritdoc/>
    public override string TelemetryName => "aws.bedrock";

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings => Bedrock.Region;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["AWS_BEARER_TOKEN_BEDROCK"];

    /// <inheritdoc/>
    public override CloudIdentity Identity => CloudIdentity.Aws;

    /// <inheritdoc/>
    public override string SigningService => "bedrock-mantle";

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAIResponses, "responses")];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting) => new($"https://bedrock-mantle.{setting("region")}.api.aws/openai/v1/");

    /// <summary>Amazon's door answers as at its other addresses.</summary>
    public override WireQuirks Quirks(Deployment deployment, string format) => base.Quirks(deployment, format) with { ErrorHost = ErrorHost.Amazon };

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => Bedrock.AreaOf(setting("region"));
}
