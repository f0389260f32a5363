using System.Text.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What a streamed event is.</summary>
internal enum AnthropicEventType
{
    /// <summary>A kind that came after this was written.</summary>
    Unknown,
    MessageStart,
    ContentBlockStart,
    ContentBlockDelta,
    ContentBlockStop,
    MessageDelta,
    MessageStop,
    Ping,
    Error,
}

/// <summary>What a <c>content_block_delta</c> adds.</summary>
internal enum AnthropicDeltaType
{
    /// <summary>Citations and what came after this was written.</summary>
    Unknown,
    Text,
    Thinking,
    Signature,
    InputJson,
}

/// <summary>One streamed event, cut into slices in one pass over its JSON, whatever the order of its fields.</summary>
/// <remarks>The kind is read off the JSON, not off the SSE event name: some servers send no names.</remarks>
internal ref struct AnthropicEvent
{
    /// <summary>What it is.</summary>
    public AnthropicEventType Type;

    /// <summary>The vendor's word for what it is, raw between the quotes.</summary>
    public ReadOnlySpan<byte> TypeName;

    /// <summary>The content block it is about.</summary>
    public int Index;

    /// <summary>What a delta adds.</summary>
    public AnthropicDeltaType DeltaType;

    /// <summary>The vendor's word for what a delta adds.</summary>
    public ReadOnlySpan<byte> DeltaTypeName;

    /// <summary>A delta's text, thinking, signature or piece of arguments, as JSON with its quotes.</summary>
    public ReadOnlySpan<byte> Payload;

    /// <summary>The <c>stop_reason</c> as JSON with its quotes; empty when null or absent.</summary>
    public ReadOnlySpan<byte> StopReason;

    /// <summary>The <c>stop_sequence</c> as JSON with its quotes; empty when null or absent.</summary>
    public ReadOnlySpan<byte> StopSequence;

    /// <summary>The <c>content_block</c> object.</summary>
    public ReadOnlySpan<byte> Block;

    /// <summary>The <c>message</c> object.</summary>
    public ReadOnlySpan<byte> Message;

    /// <summary>The <c>usage</c> object.</summary>
    public ReadOnlySpan<byte> Usage;

    /// <summary>Cuts an event.</summary>
    /// <exception cref="UpstreamException">It is not a JSON object with a <c>type</c>.</exception>
    public static AnthropicEvent Parse(ReadOnlySpan<byte> data)
    {
        var result = default(AnthropicEvent);
        try
        {
            var reader = new Utf8JsonReader(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw UpstreamException.Protocol("A streamed event is not a JSON object.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                result.Member(ref reader, data);
            }

            reader.Read();
        }
        catch (JsonException)
        {
            throw UpstreamException.Protocol("A streamed event is not valid JSON.");
        }

        if (result.TypeName.IsEmpty)
        {
            throw UpstreamException.Protocol("A streamed event has no 'type'.");
        }

        return result;
    }

    private void Member(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            TypeName = Text(ref reader, data);
            Type = TypeOf(TypeName);
        }
        else if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index >= 0
                ? index
                : throw UpstreamException.Protocol("A streamed event's 'index' is not a whole number.");
        }
        else if (reader.ValueTextEquals("delta"u8))
        {
            reader.Read();
            Delta(ref reader, data);
        }
        else if (reader.ValueTextEquals("content_block"u8))
        {
            Block = Slice(ref reader, data);
        }
        else if (reader.ValueTextEquals("message"u8))
        {
            Message = Slice(ref reader, data);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            Usage = Slice(ref reader, data);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void Delta(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                DeltaTypeName = Text(ref reader, data);
                DeltaType = DeltaTypeOf(DeltaTypeName);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("partial_json"u8)
                || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("signature"u8))
            {
                Payload = Quoted(ref reader, data);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                StopReason = Quoted(ref reader, data);
            }
            else if (reader.ValueTextEquals("stop_sequence"u8))
            {
                StopSequence = Quoted(ref reader, data);
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }
    }

    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return data[((int)reader.TokenStartIndex + 1)..((int)reader.BytesConsumed - 1)];
        }

        reader.Skip();
        return default;
    }

    private static ReadOnlySpan<byte> Quoted(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? data[(int)reader.TokenStartIndex..(int)reader.BytesConsumed] : default;
    }

    private static ReadOnlySpan<byte> Slice(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        reader.Skip();
        return isObject ? data[start..(int)reader.BytesConsumed] : default;
    }

    private static AnthropicEventType TypeOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content_block_delta"u8) ? AnthropicEventType.ContentBlockDelta
        : name.SequenceEqual("content_block_start"u8) ? AnthropicEventType.ContentBlockStart
        : name.SequenceEqual("content_block_stop"u8) ? AnthropicEventType.ContentBlockStop
        : name.SequenceEqual("message_start"u8) ? AnthropicEventType.MessageStart
        : name.SequenceEqual("message_delta"u8) ? AnthropicEventType.MessageDelta
        : name.SequenceEqual("message_stop"u8) ? AnthropicEventType.MessageStop
        : name.SequenceEqual("ping"u8) ? AnthropicEventType.Ping
        : name.SequenceEqual("error"u8) ? AnthropicEventType.Error
        : AnthropicEventType.Unknown;

    private static AnthropicDeltaType DeltaTypeOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("text_delta"u8) ? AnthropicDeltaType.Text
        : name.SequenceEqual("input_json_delta"u8) ? AnthropicDeltaType.InputJson
        : name.SequenceEqual("thinking_delta"u8) ? AnthropicDeltaType.Thinking
        : name.SequenceEqual("signature_delta"u8) ? AnthropicDeltaType.Signature
        : AnthropicDeltaType.Unknown;
}
