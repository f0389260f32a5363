using System.Collections.Frozen;

namespace Sommelier.Wire;

/// <summary>How far a target can be held to a JSON Schema.</summary>
public enum JsonSchemaSupport
{
    /// <summary>The schema is enforced.</summary>
    Native,

    /// <summary>Nobody has said whether it is: asked for as where it is, and the answer is checked.</summary>
    Unsure,

    /// <summary>Any JSON object can be asked for; the schema goes into the instructions.</summary>
    JsonObjectOnly,

    /// <summary>No JSON mode: emulated with a forced tool where tools exist, else by instructions.</summary>
    None,
}

/// <summary>How a target is told how much to think.</summary>
public enum ReasoningKnob
{
    /// <summary><c>reasoning_effort: low</c> (OpenAI chat and most that follow it).</summary>
    ReasoningEffort,

    /// <summary><c>reasoning: { effort }</c> (OpenRouter, Together's <c>enabled</c>).</summary>
    ReasoningObject,

    /// <summary><c>thinking: { type: enabled | disabled }</c> with <c>reasoning_effort</c> (DeepSeek, Z.ai, Moonshot, Ark).</summary>
    ThinkingToggle,

    /// <summary><c>enable_thinking</c> and <c>thinking_budget</c> (Qwen).</summary>
    EnableThinking,

    /// <summary>Anthropic's <c>thinking: { type: enabled, budget_tokens }</c>.</summary>
    ThinkingBudget,

    /// <summary>Ollama's <c>think: true | false</c>, or a level for models whose efforts are known.</summary>
    Think,

    /// <summary>Gemini's <c>thinkingConfig: { thinkingLevel }</c> (Gemini 3 and later).</summary>
    ThinkingLevel,

    /// <summary>Gemini's <c>thinkingConfig: { thinkingBudget }</c> (Gemini 2.5).</summary>
    ThinkingConfigBudget,

    /// <summary>Anthropic's <c>output_config: { effort }</c> with <c>thinking: { type: adaptive }</c>.</summary>
    OutputEffort,

    /// <summary>It cannot be told: dropped with a warning.</summary>
    None,
}

/// <summary>Where a prompt can be marked for the vendor's cache.</summary>
public enum CacheMarkRule
{
    /// <summary>At tools, system and messages, for five minutes or an hour.</summary>
    Everywhere,

    /// <summary>At system and messages, for five minutes.</summary>
    Prompt,

    /// <summary>Nowhere: the model has no such cache.</summary>
    None,
}

/// <summary>When token counts come in a stream.</summary>
public enum StreamUsageRule
{
    /// <summary>Only when asked with <c>stream_options: { include_usage: true }</c>.</summary>
    OnRequest,

    /// <summary>Always; the option is refused or useless and is not sent.</summary>
    Always,
}

/// <summary>How a provider or model departs from the vendor whose wire format it speaks. Facts, as data.</summary>
/// <remarks>Defaults are those of the format's own vendor. Sources: the providers' SDKs and documentation.</remarks>
public sealed record WireQuirks
{
    /// <summary>No departure.</summary>
    public static WireQuirks Default { get; } = new();

    /// <summary>OpenAI chat: the field of the output limit, <c>max_completion_tokens</c> or <c>max_tokens</c>.</summary>
    public string MaxTokensField { get; init; } = "max_completion_tokens";

    /// <summary>OpenAI chat: whether the <c>developer</c> role is known; else it becomes <c>system</c>.</summary>
    public bool DeveloperRole { get; init; }

    /// <summary>Top-level parameters that the target refuses or ignores, by the format's own names: dropped with a warning.</summary>
    public FrozenSet<string> Unsupported { get; init; } = FrozenSet<string>.Empty;

    /// <summary>OpenAI Responses, Anthropic messages: members of top-level objects that the target refuses or ignores, by their path (<c>text.verbosity</c>): dropped with a warning.</summary>
    public FrozenSet<string> UnsupportedInside { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Parameters under another name at the target, e.g. <c>seed</c> is <c>random_seed</c> at Mistral.</summary>
    public FrozenDictionary<string, string> Renamed { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The highest temperature; higher ones are clamped with a warning.</summary>
    public double MaxTemperature { get; init; } = 2;

    /// <summary>OpenAI chat: how many stop texts are taken; those beyond are dropped with a warning. Null: no limit that is known.</summary>
    public int? MaxStopTexts { get; init; }

    /// <summary>OpenAI Responses: the least output limit; lower ones are raised with a warning. Null: none that is known.</summary>
    public int? MinOutputTokens { get; init; }

    /// <summary>Gemini: whether JSON can be asked for in the format's own fields beside tools; else it is asked for in words.</summary>
    public bool FormBesideTools { get; init; } = true;

    /// <summary>How far answers can be held to a schema.</summary>
    public JsonSchemaSupport JsonSchema { get; init; } = JsonSchemaSupport.Native;

    /// <summary>Whether a schema is asked for in the format's own field.</summary>
    public bool AsksSchema => JsonSchema is JsonSchemaSupport.Native or JsonSchemaSupport.Unsure;

    /// <summary>How to say how much to think.</summary>
    public ReasoningKnob Reasoning { get; init; } = ReasoningKnob.ReasoningEffort;

    /// <summary>The least and the greatest budget of thinking that the target takes, in tokens; null: no limit is known.</summary>
    public (int? Least, int? Most) ThinkingBudget { get; init; }

    /// <summary>Whether the target can be told not to think at all; true by default.</summary>
    public bool ThinkingCanBeOff { get; init; } = true;

    /// <summary>The effort words that the target knows; others go to the nearest known one with a warning. Empty: all.</summary>
    public IReadOnlyList<Canonical.ReasoningEffort> Efforts { get; init; } = [];

    /// <summary>OpenAI chat: the assistant message's field in which thinking is sent back (<c>reasoning_content</c>); null when it must not be.</summary>
    public string? ReasoningReplayField { get; init; }

    /// <summary>OpenAI chat: whether every assistant turn must carry <see cref="ReasoningReplayField"/>, empty if need be (DeepSeek V4).</summary>
    public bool ReasoningReplayRequired { get; init; }

    /// <summary>Whether thinking tokens come on top of the output tokens instead of being among them (xAI).</summary>
    public bool ReasoningOutsideOutput { get; init; }

    /// <summary>When token counts come in a stream.</summary>
    public StreamUsageRule StreamUsage { get; init; }

    /// <summary>OpenAI chat: whether a stream ends with <c>data: [DONE]</c>; else it is whole where its body ends as it should behind a finish reason.</summary>
    public bool DoneMark { get; init; } = true;

    /// <summary>The target's word for a tool choice of <c>required</c>.</summary>
    public string ToolChoiceRequired { get; init; } = "required";

    /// <summary>Whether one tool can be forced by name; else the tools are cut to it and <see cref="ToolChoiceRequired"/> is sent.</summary>
    public bool ToolChoiceNamed { get; init; } = true;

    /// <summary>Whether a tool choice can be sent at all.</summary>
    public bool ToolChoice { get; init; } = true;

    /// <summary>OpenAI Responses, Anthropic messages, Gemini: whether the model's host searches the web by itself when asked in the format of its vendor.</summary>
    public bool WebSearch { get; init; } = true;

    /// <summary>Where a prompt can be marked for the cache, in formats that have marks.</summary>
    public CacheMarkRule CacheMarks { get; init; }

    /// <summary>OpenAI chat and Responses: whether custom tools and namespaces of tools can be offered; else each tool is offered as a function.</summary>
    public bool CustomTools { get; init; } = true;

    /// <summary>Whether the target fetches images by address; else only bytes are understood.</summary>
    public bool RemoteImages { get; init; } = true;

    /// <summary>Gemini: whether bytes may have a name (<c>inlineData.displayName</c>): Vertex AI reads it, the Gemini API refuses it.</summary>
    public bool DisplayNames { get; init; }

    /// <summary>
    /// Anthropic messages inside another vendor's envelope (Vertex AI, Bedrock): the version that stands in the body. The
    /// model and the stream are then the address's affair and leave the body, and beta names enter it. Null: Anthropic's own API.
    /// </summary>
    public string? BodyVersion { get; init; }

    /// <summary>With <see cref="BodyVersion"/>: whether the body still says <c>stream</c> (Vertex AI reads it, Bedrock refuses it).</summary>
    public bool BodyStream { get; init; } = true;

    /// <summary>Anthropic messages at Bedrock: whether a stream's events come inside the frames of an AWS event stream.</summary>
    public bool FramedEvents { get; init; }

    /// <summary>Embeddings: the most inputs of one request; more are asked for in several. Null: no limit that is known.</summary>
    public int? MaxInputs { get; init; }

    /// <summary>Whose errors come before those of the format, where a cloud serves another maker's; default: nobody's.</summary>
    public ErrorHost ErrorHost { get; init; }

    /// <summary>Gemini: whether calls of the current turn must carry a thought signature; one that is lost is replaced by Google's documented escape.</summary>
    public bool ThoughtSignatures { get; init; }

    /// <summary>OpenAI Responses: whether the model's thinking can be asked for sealed, so that it comes back with the conversation and nothing need be stored.</summary>
    public bool SealedReasoning { get; init; }

    /// <summary>Exact length that tool-call ids must have, letters and digits only (Mistral: 9); null for no such rule.</summary>
    public int? ToolCallIdLength { get; init; }
}
