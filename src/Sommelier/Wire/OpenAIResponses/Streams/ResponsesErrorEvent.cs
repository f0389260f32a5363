using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The event that tells of a failure in the middle of a stream.</summary>
/// <remarks>The vendor documents flat fields and sends an <c>error</c> object; clients read the one or the other, so both are there.</remarks>
internal static class ResponsesErrorEvent
{
    /// <summary>Writes the event.</summary>
    public static void Write(GatewayError error, long sequence, IBufferWriter<byte> output)
    {
        var (_, code) = OpenAIChatErrors.Words(error);
        output.Write("event: error\ndata: "u8);
        using (var writer = new Utf8JsonWriter(output, JsonLimits.Writer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "error");
            writer.WriteNumber("sequence_number", sequence);
            writer.WriteString("code", error.Code ?? code);
            writer.WriteString("message", error.Message);
            writer.WriteString("param", error.Field);
            OpenAIChatErrors.WriteMember(error, writer);
            writer.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
