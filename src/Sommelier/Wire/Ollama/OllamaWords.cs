using Sommelier.Canonical;

namespace Sommelier.Wire.Ollama;

/// <summary>Ollama's words for why a model stopped, and the media type of bare base64.</summary>
internal static class OllamaWords
{
    /// <summary>Reads <c>done_reason</c>; calls mean that they are wanted, whatever the word.</summary>
    public static FinishReason Finish(string? word, bool hasCalls) => new(
        word switch
        {
            null or "" or "stop" => hasCalls ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop,
            "length" => FinishReasonKind.Length,
            _ => FinishReasonKind.Other,
        },
        word);

    /// <summary>The word for a reason.</summary>
    public static string Finish(FinishReason reason) => reason.Kind == FinishReasonKind.Length ? "length" : "stop";

    /// <summary>The media type of a picture, by how its base64 begins; Ollama sends the bytes alone.</summary>
    public static string Picture(ReadOnlySpan<byte> base64) =>
        base64.StartsWith("iVBOR"u8) ? "image/png"
        : base64.StartsWith("R0lGOD"u8) ? "image/gif"
        : base64.StartsWith("UklGR"u8) ? "image/webp"
        : "image/jpeg";
}
