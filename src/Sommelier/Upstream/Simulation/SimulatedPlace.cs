using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream.Simulation;

/// <summary>Which vendor's format is spoken at an address, as far as addresses tell: every provider's paths end in its format's own way.</summary>
/// <param name="Format">The format.</param>
/// <param name="Path">What the address says of the request.</param>
internal readonly record struct SimulatedPlace(IWireFormat Format, CallPath Path)
{
    /// <summary>Reads an address.</summary>
    public static SimulatedPlace Of(Uri address)
    {
        var path = address.AbsolutePath;
        var colon = path.LastIndexOf(':');
        var method = colon >= 0 ? path[(colon + 1)..] : path[(path.LastIndexOf('/') + 1)..];
        return method switch
        {
            "generateContent" or "streamGenerateContent" => new(Get("gemini"), Named(path[..colon], "/models/", method.StartsWith("stream", StringComparison.Ordinal))),
            "rawPredict" or "streamRawPredict" => new(Get("anthropic-messages"), Named(path[..colon], "/models/", null)),

            // Frames around Anthropic's events are left out: a whole answer is taken in their place.
            "invoke" or "invoke-with-response-stream" => new(Get("anthropic-messages"), Named(path[..path.LastIndexOf('/')], "/model/", false)),
            "converse" or "converse-stream" => new(Get("bedrock-converse"), Named(path[..path.LastIndexOf('/')], "/model/", method.EndsWith("stream", StringComparison.Ordinal))),
            "completions" when !path.EndsWith("/chat/completions", StringComparison.Ordinal) => new(Get("openai-completions"), default),
            "embedContent" => new(Get("gemini-embed"), Named(path[..colon], "/models/", null)),
            "batchEmbedContents" => new(Get("gemini-batch-embed"), Named(path[..colon], "/models/", null)),
            "predict" => new(Get("vertex-predict"), Named(path[..colon], "/models/", null)),
            "embed" => new(Get("ollama-embed"), default),
            "embeddings" => new(Get(path.EndsWith("/api/embeddings", StringComparison.Ordinal) ? "ollama-embeddings" : "openai-embeddings"), default),
            "messages" => new(Get("anthropic-messages"), default),
            "responses" => new(Get("openai-responses"), default),
            "chat" => new(Get("ollama"), default),
            "generate" => new(Get("ollama-generate"), default),
            _ => new(Get("openai-chat"), default),
        };
    }

    /// <summary>A request's body as the format reads it: with the model that only the address names, where the format wants it in the body.</summary>
    public ReadOnlyMemory<byte> Complete(byte[] body)
    {
        if (Path.Model is not { } model || Format.Name is not "anthropic-messages" || body is not [(byte)'{', ..])
        {
            return body;
        }

        var whole = new ArrayBufferWriter<byte>(body.Length + 64);
        whole.Write("{\"model\":"u8);
        whole.Write(JsonBytes.Quoted(model).Span);
        whole.Write(","u8);
        whole.Write(body.AsSpan(1));
        return whole.WrittenMemory;
    }

    private static IWireFormat Get(string name) => WireFormats.Get(name);

    private static CallPath Named(string path, string after, bool? stream) =>
        new(Uri.UnescapeDataString(path[(path.LastIndexOf(after, StringComparison.Ordinal) + after.Length)..]), stream);
}
