using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>
/// Amazon Bedrock: its own Converse for every model, Anthropic's messages (InvokeModel) for Claude when the caller speaks
/// them, and OpenAI's chat for models whose <c>wire</c> says so. Source: the official SDKs and AWS's documentation.
/// </summary>
/// <remarks>Model ids that begin with <c>us.</c>, <c>eu.</c>, <c>apac.</c> or <c>global.</c> are inference profiles: they run anywhere in that area.</remarks>
public sealed class Bedrock : Provider
{
    /// <summary>What all of Amazon's addresses are made of.</summary>
    internal static readonly IReadOnlyList<ProviderSetting> Region =
        [new("region", "The AWS region", ["AWS_REGION", "AWS_DEFAULT_REGION"], "us-east-1")];

    /// <inheritdoc/>
    public override string Name => "bedrock";

    /// <inheritdoc/>
    public override string TelemetryName => "aws.bedrock";

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderSetting> Settings => Region;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["AWS_BEARER_TOKEN_BEDROCK"];

    /// <inheritdoc/>
    public override CloudIdentity Identity => CloudIdentity.Aws;

    /// <summary>Its list stands at another address, and needs other rights.</summary>
    public override string? ModelsPath => null;

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new("bedrock-converse", "model/{model}/converse") { StreamPath = "model/{model}/converse-stream" },
        new(AnthropicMessages, "model/{model}/invoke")
        {
            StreamPath = "model/{model}/invoke-with-response-stream",
            Serves = ModelFacts.IsClaude,
        },
        new(OpenAIChat, "openai/v1/chat/completions") { Serves = static _ => false },
    ];

    /// <inheritdoc/>
    public override Uri? AddressOf(Func<string, string> setting)
    {
        var region = setting("region");
        var end = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        return new Uri($"https://bedrock-runtime.{region}.{end}/");
    }

    /// <inheritdoc/>
    public override string? RegionOf(Func<string, string> setting) => AreaOf(setting("region"));

    /// <summary>Where a region of Amazon's lies.</summary>
    internal static string? AreaOf(string name) => name switch
    {
        var region when region.StartsWith("us-", StringComparison.Ordinal) => "us",
        var region when region.StartsWith("eu-", StringComparison.Ordinal) => "eu",
        var region when region.StartsWith("cn-", StringComparison.Ordinal) => "cn",
        _ => null,
    };

    /// <inheritdoc/>
    public override WireQuirks Quirks(Deployment deployment, string format)
    {
        if (string.Equals(format, OpenAIChat, StringComparison.Ordinal))
        {
            return OpenAICompatible.Of(deployment) with { ErrorHost = ErrorHost.Amazon };
        }

        var quirks = AnthropicCompatible.Of(deployment);
        return string.Equals(format, AnthropicMessages, StringComparison.Ordinal)
            ? quirks with { BodyVersion = "bedrock-2023-05-31", BodyStream = false, FramedEvents = true, ErrorHost = ErrorHost.Amazon }
            : quirks with
            {
                RemoteImages = false,

                // Other makers' models that have a cache take no marks among tools, and none for an hour (AWS's table of what each model caches).
                CacheMarks = ModelFacts.Lacks(deployment, Capabilities.PromptCaching) ? CacheMarkRule.None : ModelFacts.IsClaude(deployment) ? CacheMarkRule.Everywhere : CacheMarkRule.Prompt,

                // Claude's own thinking field is no other maker's; the effort stands in a field of Bedrock's.
                Reasoning = ModelFacts.IsClaude(deployment) || quirks.Reasoning == ReasoningKnob.None ? quirks.Reasoning : ReasoningKnob.ReasoningEffort,
            };
    }
}
