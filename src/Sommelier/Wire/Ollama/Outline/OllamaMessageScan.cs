using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <summary>Scans messages for what an outline tells.</summary>
internal ref struct OllamaMessageScan
{
    private readonly ReadOnlySpan<byte> body;

    /// <summary>Begins a scan.</summary>
    public OllamaMessageScan(ReadOnlySpan<byte> body) => this.body = body;

    /// <summary>All text.</summary>
    public TextCount Text;

    /// <summary>Where the telling turns stand.</summary>
    public TurnRanges Turns;

    /// <summary>How many messages there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many pictures there are.</summary>
    public int Images { get; private set; }

    /// <summary>Whether tools were called.</summary>
    public bool ToolsUsed { get; private set; }

    /// <summary>Whether the last message is a tool's.</summary>
    public bool LastIsTool { get; private set; }

    /// <summary>Whether the last message is the assistant's.</summary>
    public bool LastIsAssistant { get; private set; }

    /// <summary>Bytes of text up to the last message of assistant or tool; null when there is none.</summary>
    public long? CacheableBytes { get; private set; }

    /// <summary>Reads <c>messages</c>; false when there are none.</summary>
    public bool ReadAll(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType("messages", "a list of messages, each with 'role' and 'content'", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FieldError.WrongType($"messages[{Count}]", "an object with 'role' and 'content'", reader.TokenType);
            }

            Message(ref reader);
            Count++;
        }

        return Count > 0;
    }

    /// <summary>Reads <c>prompt</c> or <c>system</c> of a completion; false when it is empty.</summary>
    public bool ReadText(ref Utf8JsonReader reader, bool isUser)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return false;
        }

        Text.Add(ref reader);
        var content = new Range((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
        if (isUser)
        {
            Turns.User(content);
        }
        else
        {
            Turns.System(content);
        }

        Count++;
        return !reader.ValueSpan.IsEmpty;
    }

    /// <summary>Reads a list of pictures.</summary>
    public void ReadImages(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Images++;
            reader.Skip();
        }
    }

    private void Message(ref Utf8JsonReader reader)
    {
        Range content = default;
        var role = ' ';
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                role = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0 ? (char)reader.ValueSpan[0] : ' ';
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    Text.Add(ref reader);
                    content = new Range((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                }
            }
            else if (reader.ValueTextEquals("images"u8))
            {
                reader.Read();
                ReadImages(ref reader);
                continue;
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                Text.AddRaw(body[start..(int)reader.BytesConsumed]);
                ToolsUsed |= reader.BytesConsumed - start > 4;
                continue;
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        Turn(role, content);
    }

    private void Turn(char role, Range content)
    {
        LastIsTool = role == 't';
        LastIsAssistant = role == 'a';
        ToolsUsed |= LastIsTool;
        if (LastIsTool || LastIsAssistant)
        {
            CacheableBytes = Text.Bytes;
        }

        switch (role)
        {
            case 's':
                Turns.System(content);
                break;
            case 'u':
                Turns.User(content);
                break;
            case 'a':
                Turns.Assistant(content);
                break;
            default:
                Turns.Other();
                break;
        }
    }
}
