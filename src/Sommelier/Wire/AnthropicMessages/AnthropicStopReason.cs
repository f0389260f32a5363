using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Why a model stopped, in Anthropic's words and in ours.</summary>
internal static class AnthropicStopReason
{
    /// <summary>Reads the vendor's word.</summary>
    /// <param name="raw">The <c>stop_reason</c>.</param>
    /// <param name="stopSequence">The <c>stop_sequence</c>, or null.</param>
    public static FinishReason Read(string raw, string? stopSequence) => new(Kind(raw), raw, stopSequence);

    /// <summary>The vendor's word for a reason of any origin.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="known">False when Anthropic has no word that says it: the caller of this method warns.</param>
    public static string Write(FinishReason reason, out bool known)
    {
        known = true;

        // Our own vendor's word comes back as it was; another vendor's "stop" is not one of them.
        if (reason.Raw is { } raw && IsWord(raw) && Kind(raw) == reason.Kind)
        {
            return raw;
        }

        switch (reason.Kind)
        {
            case FinishReasonKind.Stop:
                return reason.StopSequence is null ? "end_turn" : "stop_sequence";
            case FinishReasonKind.Length:
                return "max_tokens";
            case FinishReasonKind.ToolCalls:
                return "tool_use";
            case FinishReasonKind.ContentFilter:
                return "refusal";
            default:
                known = false;
                return "end_turn";
        }
    }

    private static bool IsWord(string raw) => raw is "end_turn" or "stop_sequence" or "max_tokens"
        or "model_context_window_exceeded" or "tool_use" or "refusal" or "pause_turn" or "compaction";

    private static FinishReasonKind Kind(string raw) => raw switch
    {
        "end_turn" or "stop_sequence" or "pause_turn" or "compaction" => FinishReasonKind.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReasonKind.Length,
        "tool_use" => FinishReasonKind.ToolCalls,
        "refusal" => FinishReasonKind.ContentFilter,
        _ => FinishReasonKind.Other,
    };
}
