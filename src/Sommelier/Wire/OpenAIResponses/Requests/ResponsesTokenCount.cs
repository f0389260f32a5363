using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary><c>POST /v1/responses/input_tokens</c>: a request without an answer.</summary>
internal static class ResponsesTokenCount
{
    /// <summary>Outlines what is to be counted.</summary>
    /// <exception cref="WireException">The body is not a request, or names what does not stand in it: such tokens would be left out of the count.</exception>
    public static RequestOutline Outline(ReadOnlySpan<byte> body)
    {
        var outline = ResponsesOutlineReader.Read(body);
        return outline switch
        {
            { PreviousResponseId: not null } => throw Elsewhere(ResponsesContinued.Member),
            { StoredPrompt: true } => throw Elsewhere("prompt"),
            { HasReferences: true } => throw Elsewhere("input"),
            _ => outline,
        };
    }

    /// <summary>Writes the answer.</summary>
    public static void Write(long inputTokens, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("object"u8, "response.input_tokens"u8);
        writer.WriteNumber("input_tokens"u8, inputTokens);
        writer.WriteEndObject();
    }

    private static WireException Elsewhere(string field) =>
        WireException.Invalid(field, $"'{field}' names what is kept elsewhere, which is not counted here. Send all of the conversation in 'instructions' and 'input'.");
}
