using System.Collections.Frozen;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Providers;

/// <summary>An Ollama server. Source: its documentation, and the official client (ollama 0.6.4).</summary>
/// <remarks>
/// Callers of OpenAI's and Anthropic's dialects get those endpoints of it; all others its own, which takes schemas, thinking
/// and its own options. Vectors all get from its own: <c>/v1/embeddings</c> cuts texts that are too long without a word, and has
/// no field that forbids it.
/// </remarks>
public class Ollama : OpenAICompatible
{
    // What its structs for others' formats have no field for, so that it is ignored without a word (openai/openai.go,
    // openai/responses.go, anthropic/anthropic.go; docs.ollama.com/api/openai-compatibility and anthropic-compatibility).
    private static readonly string[] Unread =
    [
        "store", "n", "user", "logit_bias", "logprobs", "top_logprobs", "top_k", "service_tier", "parallel_tool_calls", "metadata", "safety_identifier", "moderation",
    ];

    private static readonly FrozenSet<string> UnreadOfChat =
        ModelFacts.Names([.. Unread, "prediction", "verbosity", "modalities", "audio", "web_search_options", "functions", "function_call"]);

    private static readonly FrozenSet<string> UnreadOfResponses = ModelFacts.Names([.. Unread, "max_tool_calls", "context_management"]);
    private static readonly FrozenSet<string> UnreadInResponses = ModelFacts.Names("text.verbosity", "reasoning.context", "reasoning.mode");

    private static readonly FrozenSet<string> UnreadOfMessages = ModelFacts.Names(
        "metadata", "service_tier", "speed", "inference_geo", "container", "context_management", "mcp_servers", "cache_control");

    private static readonly FrozenSet<string> UnreadInMessages = ModelFacts.Names("output_config.task_budget");

    private const string Native = "ollama";
    private const string Generate = "ollama-generate";
    private const string Embed = "ollama-embed";
    private const string LegacyEmbed = "ollama-embeddings";

    /// <inheritdoc/>
    public override string Name => "ollama";

    /// <inheritdoc/>
    public override Uri? BaseAddress { get; } = new("http://127.0.0.1:11434/");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ApiKeyVariables => ["OLLAMA_API_KEY"];

    /// <inheritdoc/>
    public override AuthScheme Auth => AuthScheme.None;

    /// <inheritdoc/>
    public override string? ModelsPath => "v1/models";

    /// <inheritdoc/>
    public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } =
    [
        new(Native, "api/chat"),
        new(OpenAIChat, "v1/chat/completions"),
        new(AnthropicMessages, "v1/messages"),
        new(OpenAIResponses, "v1/responses"),
        new(Generate, "api/generate") { OwnCallersOnly = true },
        new(Embed, "api/embed"),
        new(LegacyEmbed, "api/embeddings"),
        new(OpenAICompletions, "v1/completions"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<int> LocalPorts => [11434];

    /// <inheritdoc/>
    protected override FrozenSet<string> Unsupported => UnreadOfChat;

    /// <inheritdoc/>
    public override WireQuirks Quirks(Deployment deployment, string format) => format switch
    {
        Native or Generate => NativeQuirks(deployment),
        Embed or LegacyEmbed => WireQuirks.Default,
        OpenAICompletions => CompletionsQuirks,
        _ => base.Quirks(deployment, format) with { RemoteImages = false },
    };

    /// <inheritdoc/>
    protected override WireQuirks ResponsesQuirks(Deployment deployment) => base.ResponsesQuirks(deployment) with
    {
        Unsupported = UnreadOfResponses,
        UnsupportedInside = UnreadInResponses,
    };

    /// <summary>No tool choice, and of how to answer nothing but the effort.</summary>
    protected override WireQuirks MessagesQuirks(Deployment deployment) => base.MessagesQuirks(deployment) with
    {
        ToolChoice = false,
        JsonSchema = JsonSchemaSupport.None,
        Unsupported = UnreadOfMessages,
        UnsupportedInside = UnreadInMessages,
    };

    /// <summary>No tool choice, and it does not fetch images.</summary>
    protected override WireQuirks ChatQuirks(Deployment deployment) =>
        base.ChatQuirks(deployment) with { ToolChoice = false, RemoteImages = false };

    // Levels are taken by the models that have them; the others think or do not.
    private static WireQuirks NativeQuirks(Deployment deployment) => new()
    {
        Reasoning = ModelFacts.Lacks(deployment, Capabilities.Reasoning) ? ReasoningKnob.None : ReasoningKnob.Think,
        Efforts = deployment.Model.Contains("gpt-oss", StringComparison.Ordinal) || deployment.Reasoning.Efforts.Count > 0 ? Levels : [],
        RemoteImages = false,

        // The format has a field for it and nothing else: who is not known to keep to it is checked.
        JsonSchema = deployment.Can(Capabilities.JsonSchema) ? JsonSchemaSupport.Native : JsonSchemaSupport.Unsure,
    };

    private static readonly IReadOnlyList<Canonical.ReasoningEffort> Levels =
        [Canonical.ReasoningEffort.Low, Canonical.ReasoningEffort.Medium, Canonical.ReasoningEffort.High];
}
