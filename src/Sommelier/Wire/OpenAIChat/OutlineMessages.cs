using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What the one-pass reader learns from the conversation.</summary>
internal ref struct OutlineMessages
{
    private OutlineMessage message;
    private TurnRanges turns;

    /// <summary>Whether there is a list at all.</summary>
    public bool Seen { get; private set; }

    /// <summary>How many messages there are.</summary>
    public int Count { get; private set; }

    /// <summary>Text of all messages.</summary>
    public TextCount Text;

    /// <summary>How many images, sounds and documents.</summary>
    public int MediaCount;

    /// <summary>Which kinds.</summary>
    public MediaKind Media;

    /// <summary>Whether a tool was called.</summary>
    public bool ToolsUsed { get; private set; }

    /// <summary>Whether the last message is a tool's answer.</summary>
    public bool LastIsToolResult { get; private set; }

    /// <summary>Whether the model is to continue its own last message.</summary>
    public bool Prefill { get; private set; }

    /// <summary>Text up to and including the last assistant or tool message; 0 when there is none.</summary>
    public long CacheableBytes { get; private set; }

    /// <summary>For the pass-through writer.</summary>
    public OutlineFlags Flags { get; private set; }

    /// <summary>Reads the list at whose first token the reader stands.</summary>
    public void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType("messages", "a list of messages", reader.TokenType);
        }

        Seen = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            message = default;
            message.Read(ref reader, Count, ref this);
            Note();
            Count++;
        }
    }

    /// <summary>A hash over system, tools and the first user message.</summary>
    public readonly ulong PrefixHash(ReadOnlySpan<byte> body, ReadOnlySpan<byte> tools) => turns.PrefixHash(body, tools);

    /// <summary>The texts that the classifier reads.</summary>
    public readonly ConversationTail Tail(ReadOnlySpan<byte> body) => turns.Tail(body);

    private void Note()
    {
        var role = message.Role;
        LastIsToolResult = role == OutlineRole.Tool;
        Prefill = role == OutlineRole.Assistant && !message.CallsTools;
        ToolsUsed |= message.CallsTools || role == OutlineRole.Tool;
        Flags |= message.Flags;
        switch (role)
        {
            case OutlineRole.System:
                turns.System(message.Content);
                break;
            case OutlineRole.User:
                turns.User(message.Content);
                break;
            case OutlineRole.Assistant when message.HasContent:
                turns.Assistant(message.Content);
                CacheableBytes = Text.Bytes;
                break;
            default:
                turns.Other();
                CacheableBytes = Text.Bytes;
                break;
        }
    }
}
