using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What a <c>message_start</c> tells: who answers.</summary>
internal ref struct AnthropicMessageHead
{
    /// <summary>The answer's id, or null.</summary>
    public string? Id;

    /// <summary>The model that answers, or null.</summary>
    public string? Model;

    /// <summary>The <c>usage</c> object, or empty.</summary>
    public ReadOnlySpan<byte> Usage;

    /// <summary>
    /// The <c>content</c> list, or empty. A turn that only runs the next tool of a program comes whole in its start.
    /// </summary>
    public ReadOnlySpan<byte> Content;

    /// <summary>Why the model stopped, when the answer comes whole in its start; else null.</summary>
    public string? StopReason;

    /// <summary>The stop text that was met, or null.</summary>
    public string? StopSequence;

    /// <summary>Reads the event's <c>message</c> object.</summary>
    public static AnthropicMessageHead Read(ReadOnlySpan<byte> message)
    {
        var head = default(AnthropicMessageHead);
        if (message.IsEmpty)
        {
            return head;
        }

        var reader = new Utf8JsonReader(message);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                head.Id = Text(ref reader);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                head.Model = Text(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                head.StopReason = Text(ref reader);
            }
            else if (reader.ValueTextEquals("stop_sequence"u8))
            {
                head.StopSequence = Text(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                head.Usage = Slice(ref reader, message, JsonTokenType.StartObject);
                continue;
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                head.Content = Slice(ref reader, message, JsonTokenType.StartArray);
                continue;
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        return head;
    }

    private static ReadOnlySpan<byte> Slice(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> message, JsonTokenType wanted)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isWanted = reader.TokenType == wanted;
        reader.Skip();
        return isWanted ? message[start..(int)reader.BytesConsumed] : default;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? JsonText.Tolerant(ref reader) : null;
    }
}
