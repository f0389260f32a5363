using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads off a forwarded answer what the record needs, without building it.</summary>
internal static class AnthropicResponseScanner
{
    /// <summary>Scans the body of a 200 reply.</summary>
    /// <exception cref="UpstreamException">It is an error in disguise, empty, or not a message.</exception>
    public static AnswerFacts Scan(ReadOnlySpan<byte> body)
    {
        AnthropicAnswerCheck.ThrowIfBlank(body);
        try
        {
            return Walk(body);
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("The answer is not valid JSON.");
        }
    }

    private static AnswerFacts Walk(ReadOnlySpan<byte> body)
    {
        var facts = new AnswerFacts();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw UpstreamException.Protocol("The answer is not a JSON object.");
        }

        string? reason = null;
        string? stop = null;
        var isError = false;
        var blocks = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                blocks = Content(ref reader, facts);
                continue;
            }

            if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var counts = default(AnthropicUsage);
                counts.Read(body[start..(int)reader.BytesConsumed]);
                facts.Usage = counts.Reported ? counts.Value : null;
                continue;
            }

            if (reader.ValueTextEquals("id"u8))
            {
                facts.Id = Text(ref reader);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                facts.ResponseModel = Text(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                reason = Text(ref reader);
            }
            else if (reader.ValueTextEquals("stop_sequence"u8))
            {
                stop = Text(ref reader);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                isError |= Text(ref reader) is "error";
            }
            else
            {
                isError |= reader.ValueTextEquals("error"u8);
                reader.Read();
            }

            reader.Skip();
        }

        reader.Read();
        AnthropicAnswerCheck.ThrowIfError(isError, body);
        if (blocks < 0)
        {
            throw UpstreamException.Protocol("The answer is not a message: it has no list 'content'.");
        }

        if (blocks == 0 && reason is null)
        {
            throw AnthropicAnswerCheck.Empty(facts.Usage);
        }

        facts.FinishReason = reason is null ? null : AnthropicStopReason.Read(reason, stop);
        return facts;
    }

    // How many blocks there are, or -1 when it is no list.
    private static int Content(ref Utf8JsonReader reader, AnswerFacts facts)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return -1;
        }

        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                Block(ref reader, facts);
            }
        }

        return count;
    }

    private static void Block(ref Utf8JsonReader reader, AnswerFacts facts)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                facts.HasToolCall |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("tool_use"u8);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8))
            {
                reader.Read();
                facts.OutputBytes += reader.TokenType == JsonTokenType.String ? reader.ValueSpan.Length : 0;
            }
            else if (reader.ValueTextEquals("input"u8))
            {
                reader.Read();
                var start = reader.TokenStartIndex;
                reader.Skip();
                facts.OutputBytes += reader.BytesConsumed - start;
                continue;
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? JsonText.Tolerant(ref reader) : null;
    }
}
