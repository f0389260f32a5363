using Sommelier.Wire;

namespace Sommelier.Server.Edge;

/// <summary>Which vendor's dialect a caller speaks, for replies to requests that no endpoint read.</summary>
internal static class Dialect
{
    private static readonly IWireFormat OpenAI = WireFormats.Get("openai-chat");
    private static readonly IWireFormat Anthropic = WireFormats.Get("anthropic-messages");

    private static readonly IWireFormat Gemini = WireFormats.Get("gemini");

    private static readonly IWireFormat Bedrock = WireFormats.Get("bedrock-converse");
    private static readonly IWireFormat Ollama = WireFormats.Get("ollama");

    /// <summary>
    /// Google's, Amazon's and Ollama's for their paths; Anthropic's for its paths and for its clients, which always say
    /// <c>anthropic-version</c>, Google's for its own, which say <c>x-goog-api-client</c> or <c>x-goog-api-key</c>; else OpenAI's.
    /// </summary>
    public static IWireFormat Of(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal) || request.Headers.ContainsKey("anthropic-version")
            ? Anthropic
            : request.Path.StartsWithSegments("/api", StringComparison.Ordinal) ? Ollama
            : request.Path.StartsWithSegments("/model", StringComparison.Ordinal) ? Bedrock
            : IsGoogles(request) ? Gemini
            : OpenAI;

    // Its client puts cached contents and files below /v1/ too, where OpenAI has files of its own.
    private static bool IsGoogles(HttpRequest request) => request.Path.StartsWithSegments("/v1beta", StringComparison.Ordinal)
        || request.Headers.ContainsKey("x-goog-api-client") || request.Headers.ContainsKey("x-goog-api-key") || GeminiPath.Of(request) is not null;
}
