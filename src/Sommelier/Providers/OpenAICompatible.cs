using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>Any server that follows OpenAI's chat format, by configuration alone; the base of the providers that do.</summary>
/// <remarks>
/// The defaults are the common ground of the followers: <c>max_tokens</c>, no <c>developer</c> role, no <c>store</c>. A
/// provider overrides what it does differently.
/// </remarks>
public class OpenAICompatible : Provider
{
    private static readonly FrozenSet<string> OpenAIOnly = ModelFacts.Names("store");

    /// <inheritdoc/>
    public override string Name => "openai-compatible";

    /// <summary>Nobody knows what a server by configuration alone keeps; the kinds that are known say it themselves.</summary>
    public override bool ReadsFileIds => GetType() == typeof(OpenAICompatible);

    /// <inheritdoc/>
    public override Uri? BaseAddress => null;

    /// <summary>Chat and embeddings; a provider without the latter says so.</summary>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new(OpenAIChat, "chat/completions"), new(OpenAIEmbeddings, "embeddings")];

    /// <summary>The name of the output limit. Default <c>max_tokens</c>.</summary>
    protected virtual string MaxTokensField => "max_tokens";

    /// <summary>Top-level parameters that every model of the provider refuses. Default: <c>store</c>, which only OpenAI knows.</summary>
    protected virtual FrozenSet<string> Unsupported => OpenAIOnly;

    /// <summary>How the given model is told how much to think. Default: <c>reasoning_effort</c>, unless it is known not to think.</summary>
    protected virtual ReasoningKnob Reasoning(Deployment deployment) =>
        ModelFacts.Lacks(deployment, Capabilities.Reasoning) ? ReasoningKnob.None : ReasoningKnob.ReasoningEffort;

    /// <inheritdoc/>
    public override WireQuirks Quirks(Deployment deployment, string format) => format switch
    {
        AnthropicMessages => MessagesQuirks(deployment),
        OpenAIResponses => ResponsesQuirks(deployment),
        OpenAICompletions => CompletionsQuirks,
        OpenAIEmbeddings => EmbeddingsQuirks,
        _ => ChatQuirks(deployment),
    };

    /// <summary>The quirks at its own format.</summary>
    protected virtual WireQuirks ChatQuirks(Deployment deployment) => Of(deployment) with
    {
        MaxTokensField = MaxTokensField,
        Unsupported = Unsupported,
        Reasoning = Reasoning(deployment),
    };

    /// <summary>The common ground, for providers that also speak OpenAI's chat format.</summary>
    internal static WireQuirks Of(Deployment deployment) => new()
    {
        MaxTokensField = "max_tokens",
        Unsupported = OpenAIOnly,
        Reasoning = ModelFacts.Lacks(deployment, Capabilities.Reasoning) ? ReasoningKnob.None : ReasoningKnob.ReasoningEffort,
        Efforts = ModelFacts.Efforts(deployment),
        JsonSchema = ModelFacts.JsonSchema(deployment),
        CustomTools = false,
        WebSearch = false,
    };

    /// <summary>The quirks where it also speaks OpenAI's responses format. Default: those of its chat format, less what only that one has.</summary>
    protected virtual WireQuirks ResponsesQuirks(Deployment deployment) => ChatQuirks(deployment) with { Renamed = FrozenDictionary<string, string>.Empty, JsonSchema = ModelFacts.JsonSchema(deployment) };

    /// <summary>The quirks at its older completions: none but the limit's older name.</summary>
    protected static WireQuirks CompletionsQuirks { get; } = new() { MaxTokensField = "max_tokens" };

    /// <summary>The quirks at its embeddings. Default: none.</summary>
    protected virtual WireQuirks EmbeddingsQuirks => WireQuirks.Default;

    /// <summary>The quirks where it also speaks Anthropic's format, to callers of that format: theirs, as they are.</summary>
    protected virtual WireQuirks MessagesQuirks(Deployment deployment) => new() { Reasoning = ReasoningKnob.ThinkingBudget, JsonSchema = ModelFacts.JsonSchema(deployment) };
}
