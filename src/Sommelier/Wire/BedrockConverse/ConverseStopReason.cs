using Sommelier.Canonical;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Bedrock's words for why a model stopped.</summary>
internal static class ConverseStopReason
{
    /// <summary>Reads a word.</summary>
    public static FinishReason Read(string? word) => new(
        word switch
        {
            null or "" or "end_turn" or "stop_sequence" => FinishReasonKind.Stop,
            "tool_use" => FinishReasonKind.ToolCalls,
            "max_tokens" or "model_context_window_exceeded" => FinishReasonKind.Length,
            "guardrail_intervened" or "content_filtered" or "refusal" => FinishReasonKind.ContentFilter,
            "malformed_model_output" or "malformed_tool_use" => FinishReasonKind.Error,
            _ => FinishReasonKind.Other,
        },
        word);

    /// <summary>The word for a reason.</summary>
    public static string Write(FinishReason reason) => reason.Kind switch
    {
        FinishReasonKind.ToolCalls => "tool_use",
        FinishReasonKind.Length => "max_tokens",
        FinishReasonKind.ContentFilter => reason.Raw is "guardrail_intervened" ? reason.Raw : "content_filtered",
        _ => reason is { Kind: FinishReasonKind.Stop, StopSequence: not null } or { Raw: "stop_sequence" } ? "stop_sequence" : "end_turn",
    };
}
