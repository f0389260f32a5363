using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>OpenAI. Source: the official SDK (openai 7.57.0) and modelparams.dev.</summary>
public sealed class OpenAI : OpenAICompatible
{
    // Models that sample for themselves answer 400 to every knob of sampling.
    private static readonly FrozenSet<string> Sampling = ModelFacts.Names(
        "temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs");

    // The followers' own: OpenAI answers 400 to it.
    private static readonly FrozenSet<string> Others = ModelFacts.Names("top_k");

    // What the responses API says when it refuses a lower limit.
    internal const int LeastOutput = 16;

    private static readonly FrozenSet<string> SamplingAndStop = ModelFacts.Names([.. Sampling, "stop"]);

    /// <inheritdoc/>
    public override string Name => "openai";

    /// <inheritdoc/>
    public override bool ReadsFileIds => true;

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("https://api.openai.com/v1/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["OPENAI_API_KEY"];

    /// <summary>Chat first: whatever a caller of another dialect needs is there; responses for its own callers, and for models that have nothing else.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAIResponses, "responses"), new(OpenAIEmbeddings, "embeddings")];

    /// <inheritdoc/>
    protected override string MaxTokensField => "max_completion_tokens";

    /// <inheritdoc/>
    protected override WireQuirks ChatQuirks(Deployment deployment) => Of(deployment, base.ChatQuirks(deployment));

    /// <summary>The quirks of OpenAI's own models, wherever they are served.</summary>
    internal static WireQuirks Of(Deployment deployment, WireQuirks common) => common with
    {
        MaxTokensField = "max_completion_tokens",
        DeveloperRole = true,
        CustomTools = true,
        MaxStopTexts = 4,
        Unsupported = RefusedBy(deployment),
    };

    /// <summary>Thinking can be asked for sealed, so that nothing need be stored at OpenAI.</summary>
    protected override WireQuirks ResponsesQuirks(Deployment deployment) =>
        base.ResponsesQuirks(deployment) with { MinOutputTokens = LeastOutput, WebSearch = true, SealedReasoning = !ModelFacts.Lacks(deployment, Capabilities.Reasoning) };

    private static FrozenSet<string> RefusedBy(Deployment deployment)
    {
        if (!ModelFacts.Lacks(deployment, Capabilities.Temperature))
        {
            return Others;
        }

        var refusesStop = deployment.Model.StartsWith("o3", StringComparison.Ordinal) || deployment.Model.StartsWith("o4", StringComparison.Ordinal);
        return refusesStop ? SamplingAndStop : Sampling;
    }
}
