using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>The words of this dialect and ours, both ways.</summary>
internal static class OpenAIWords
{
    /// <summary>The roles that a message may have, for error texts.</summary>
    public const string Roles = "system, developer, user, assistant, tool";

    /// <summary>An amount of thinking; null for a word that only some vendor knows (Groq's <c>default</c>).</summary>
    public static ReasoningEffort? Effort(string? word) => word switch
    {
        "none" => ReasoningEffort.None,
        "minimal" => ReasoningEffort.Minimal,
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.XHigh,
        "max" => ReasoningEffort.Max,
        _ => null,
    };

    /// <summary>The word for an amount of thinking.</summary>
    public static string Effort(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Minimal => "minimal",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.XHigh => "xhigh",
        _ => "max",
    };

    /// <summary>How free the model is to call tools; null for an unknown word.</summary>
    public static ToolChoiceMode? Choice(string word) => word switch
    {
        "auto" => ToolChoiceMode.Auto,
        "none" => ToolChoiceMode.None,
        "required" or "any" => ToolChoiceMode.Required,
        _ => null,
    };

    /// <summary>Why the model stopped. Vendors that follow this format add words of their own.</summary>
    public static FinishReason Finish(string raw) => new(
        raw switch
        {
            "stop" or "eos" or "end" or "end_turn" or "stop_sequence" => FinishReasonKind.Stop,
            "length" or "max_tokens" or "model_length" or "model_context_window_exceeded" => FinishReasonKind.Length,
            "tool_calls" or "function_call" or "tool_use" => FinishReasonKind.ToolCalls,
            "content_filter" or "sensitive" or "refusal" => FinishReasonKind.ContentFilter,
            "error" or "insufficient_system_resource" or "network_error" => FinishReasonKind.Error,
            _ => FinishReasonKind.Other,
        },
        raw);

    /// <summary>The word for why the model stopped. This format has none for a failure; an answer that was cut is the nearest.</summary>
    public static string Finish(FinishReason reason) => reason.Kind switch
    {
        FinishReasonKind.Stop => "stop",
        FinishReasonKind.Length => "length",
        FinishReasonKind.ToolCalls => "tool_calls",
        FinishReasonKind.ContentFilter => "content_filter",
        FinishReasonKind.Error => "length",
        _ => "stop",
    };
}
