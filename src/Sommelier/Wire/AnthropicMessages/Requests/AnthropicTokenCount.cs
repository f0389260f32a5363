using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary><c>POST /v1/messages/count_tokens</c>: a request without an answer, and without an output limit.</summary>
internal static class AnthropicTokenCount
{
    /// <summary>Outlines the request; its body can be forwarded like any other.</summary>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    public static RequestOutline Outline(ReadOnlySpan<byte> body) => AnthropicOutlineReader.Read(body, demandMaxTokens: false);

    /// <summary>Forwards the request to a target of this dialect that counts by itself.</summary>
    public static void Forward(
        ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        AnthropicForward.Splice(body, outline, target, output, warnings);

    /// <summary>Writes the answer.</summary>
    public static void Write(long inputTokens, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteNumber("input_tokens"u8, inputTokens);
        writer.WriteEndObject();
    }
}
