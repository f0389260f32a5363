using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>
/// Google's Vertex AI: Gemini, Claude and the partners' open models, each in its maker's format. Source: Google's
/// documentation and the official SDKs.
/// </summary>
public sealed class VertexAI : Provider
{
    /// <inheritdoc/>
    public override string Name => "vertex";

    /// <inheritdoc/>
    public override string TelemetryName => "gcp.vertex_ai";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings { get; } =
    [
        new("project", "The Google Cloud project", ["GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "ANTHROPIC_VERTEX_PROJECT_ID"]),
        new("location", "Where it runs: global, us, eu, or a region such as europe-west1", ["GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "CLOUD_ML_REGION"], "global"),
    ];

    /// <inheritdoc/>
    public override CloudIdentity Identity => CloudIdentity.Google;

    /// <summary>A key of the express mode; else the identity's token.</summary>
    public override AuthScheme Auth => AuthScheme.XGoogApiKey;

    /// <inheritdoc/>
    public override string? ModelsPath => null;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new(GeminiFormat, "publishers/google/models/{model}:generateContent") { StreamPath = "publishers/google/models/{model}:streamGenerateContent?alt=sse", Serves = static deployment => !ModelFacts.IsClaude(deployment) && !IsPartners(deployment) },

        // Google's newer embedding models are called otherwise there, one text at a time.
        new("vertex-predict", "publishers/google/models/{model}:predict") { Serves = static deployment => !deployment.Model.StartsWith("gemini-embedding-2", StringComparison.Ordinal) },

        new(AnthropicMessages, "publishers/anthropic/models/{model}:rawPredict") { StreamPath = "publishers/anthropic/models/{model}:streamRawPredict", Serves = ModelFacts.IsClaude },
        new(OpenAIChat, "endpoints/openapi/chat/completions") { Serves = IsPartners },
    ];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting)
    {
        var location = setting("location");
        var host = location switch
        {
            "global" => "aiplatform.googleapis.com",
            "us" or "eu" => $"aiplatform.{location}.rep.googleapis.com",
            _ => $"{location}-aiplatform.googleapis.com",
        };
        return new Uri($"https://{host}/v1/projects/{Uri.EscapeDataString(setting("project"))}/locations/{Uri.EscapeDataString(location)}/");
    }

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => setting("location") switch
    {
        "us" => "us",
        "eu" => "eu",
        var location when location.StartsWith("europe-", StringComparison.Ordinal) => "eu",
        var location when location.StartsWith("us-", StringComparison.Ordinal) => "us",
        _ => null,
    };

    /// <inheritdoc/>
    public override WireQuirks Quirks(Deployment deployment, string format) => format switch
    {
        AnthropicMessages => AnthropicCompatible.Of(deployment) with { BodyVersion = "vertex-2023-10-16", ErrorHost = ErrorHost.Google },
        OpenAIChat => OpenAICompatible.Of(deployment) with { Reasoning = ReasoningKnob.ReasoningEffort, ErrorHost = ErrorHost.Google },
        GeminiFormat => Gemini.Of(deployment) with { DisplayNames = true, Unsupported = Gemini.Refused(deployment, "gemini-2.0", "gemini-2.5") },

        // One text a request for Gemini's embedding model, 250 for the older ones. Source: Google's guide to text embeddings.
        _ => Gemini.Of(deployment) with { MaxInputs = deployment.Model.StartsWith("gemini-embedding", StringComparison.Ordinal) ? 1 : 250 },
    };

    // Named as that address names its models: publisher/model.
    private static bool IsPartners(Deployment deployment) => deployment.Model.Contains('/', StringComparison.Ordinal);
}
