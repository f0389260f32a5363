using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.CloudflareRun;

/// <summary>Reads an envelope: an error in it is a failure whatever the status was.</summary>
internal static class CloudflareResponseReader
{
    /// <inheritdoc cref="IResponseWire.Read"/>
    public static ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        using var document = LooseJson.Parse(body);
        var root = document.RootElement;
        if (CloudflareFailures.In(root) is { } failure)
        {
            throw new UpstreamException(failure);
        }

        // A gateway of Cloudflare's in between may take the envelope off.
        var result = root.Get("result") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        if (result.Get("choices").ValueKind == JsonValueKind.Array)
        {
            return OpenAIChatFormat.Instance.Responses.Read(JsonMarshal.GetRawUtf8Value(result), quirks);
        }

        var text = CloudflareAnswer.Text(result);
        var calls = CloudflareAnswer.Calls(result);
        if (text.Length == 0 && calls.Count == 0)
        {
            throw result.Get("response").ValueKind == JsonValueKind.Undefined
                ? UpstreamException.Protocol("The result holds neither a response nor choices: it is no chat model's.")
                : new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The answer is empty."));
        }

        return new ChatResponse
        {
            Parts = text.Length == 0 ? calls : [new TextPart(text), .. calls],
            FinishReason = new(calls.Count > 0 ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop),
            Usage = CloudflareAnswer.Usage(result),
        };
    }
}
