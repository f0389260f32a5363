using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes a whole answer of any origin.</summary>
internal static class ResponsesAnswerWriter
{
    /// <inheritdoc cref="IResponseWire.Write"/>
    public static void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        var (status, reason) = ResponsesWords.Status(response.FinishReason);
        ResponsesWords.Warn(response.FinishReason, warnings);
        var envelope = new ResponsesEnvelope(
            ResponsesIds.Response(response.Id ?? context.FallbackId), response.ResponseModel ?? context.Model, response.Created ?? context.Created, context);
        writer.WriteStartObject();
        envelope.Open(writer, status, reason);
        writer.WriteStartArray("output");
        response = TokenLogProbs.Take(response, OpenAIResponsesFormat.FormatName, out var tokens);
        new ResponsesItemWriter(writer, envelope, warnings) { LogProbs = tokens }.WriteAll(response.Parts, status is "completed" ? "completed" : "incomplete");
        writer.WriteEndArray();
        if (response.MoreChoices.Count > 0)
        {
            warnings.Add(new Warning("dropped", "choices", "this format has one answer"));
        }

        envelope.Close(writer, response.Usage);
        Extras.Write(response.Extra, writer, OpenAIResponsesFormat.FormatName, "", warnings);
        writer.WriteEndObject();
        writer.Flush();
    }
}
