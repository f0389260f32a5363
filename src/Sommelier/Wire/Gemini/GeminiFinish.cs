using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <summary>Google's words for why a model stopped.</summary>
internal static class GeminiFinish
{
    /// <summary>Reads a word; <c>STOP</c> beside function calls means that they are wanted.</summary>
    public static FinishReason Read(string? word, bool hasCalls) => new(KindOf(word, hasCalls), word);

    /// <summary>Reads a word that stands in every chunk of some models' streams: what it meant before is not made again.</summary>
    public static FinishReason Read(string word, bool hasCalls, FinishReason? before) =>
        before is not null && before.Kind == KindOf(word, hasCalls) && string.Equals(before.Raw, word, StringComparison.Ordinal) ? before : Read(word, hasCalls);

    /// <summary>The word for a reason: the vendor's own where it came from there.</summary>
    public static string Write(FinishReason reason) => reason.Kind switch
    {
        FinishReasonKind.Stop or FinishReasonKind.ToolCalls => "STOP",
        FinishReasonKind.Length => "MAX_TOKENS",
        FinishReasonKind.ContentFilter => reason.Raw is "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" ? reason.Raw : "SAFETY",
        _ => IsOther(reason.Raw) ? reason.Raw! : "OTHER",
    };

    /// <summary>Tells what the word for a reason does not say.</summary>
    public static void Warn(FinishReason reason, ICollection<Warning> warnings)
    {
        if (!IsOther(reason.Raw))
        {
            LostFinish.Warn(reason, "finishReason", warnings);
        }
    }

    // Google's own words for reasons that no other vendor has.
    private static bool IsOther(string? word) => word is "OTHER" or "NO_IMAGE" or "IMAGE_OTHER";

    private static FinishReasonKind KindOf(string? word, bool hasCalls) => word switch
    {
        null or "" or "FINISH_REASON_UNSPECIFIED" or "STOP" or "CONTINUATION" or "FUNCTION_CALL" => hasCalls ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop,
        "MAX_TOKENS" => FinishReasonKind.Length,
        "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT"
            or "IMAGE_RECITATION" or "MODEL_ARMOR" => FinishReasonKind.ContentFilter,
        "MALFORMED_FUNCTION_CALL" or "MALFORMED_RESPONSE" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" or "MISSING_THOUGHT_SIGNATURE" => FinishReasonKind.Error,
        _ => FinishReasonKind.Other,
    };
}
