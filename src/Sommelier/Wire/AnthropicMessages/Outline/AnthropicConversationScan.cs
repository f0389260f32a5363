using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Scans <c>system</c> and <c>messages</c> for what an outline tells.</summary>
internal ref struct AnthropicConversationScan
{
    private readonly ReadOnlySpan<byte> body;
    private readonly List<Range> texts = [];
    private readonly List<Range> systemTexts = [];
    private Turns turns = new();
    private StableHash systemHash;
    private StableHash firstUserHash;
    private bool firstUserSeen;
    private TextCount text;

    /// <summary>Begins a scan.</summary>
    public AnthropicConversationScan(ReadOnlySpan<byte> body) => this.body = body;

    /// <summary>Text of the system instructions.</summary>
    public TextCount System;

    /// <summary>Text of the messages.</summary>
    public readonly TextCount Text => text;

    /// <summary>Whether there are system instructions.</summary>
    public bool HasSystem { get; private set; }

    /// <summary>How many messages there are.</summary>
    public int MessageCount { get; private set; }

    /// <summary>How many pieces of media there are.</summary>
    public int MediaCount { get; private set; }

    /// <summary>Which kinds of media.</summary>
    public MediaKind Media { get; private set; }

    /// <summary>Whether tools were called.</summary>
    public bool ToolsUsed { get; private set; }

    /// <summary>Whether the last message answers a tool call.</summary>
    public bool LastIsToolResult { get; private set; }

    /// <summary>Whether the last message is the assistant's.</summary>
    public bool LastIsAssistant { get; private set; }

    /// <summary>Bytes of text up to the last message that was answered or that answers a tool; null when there is none.</summary>
    public long? CacheableBytes { get; private set; }

    /// <summary>The hash that one conversation keeps over its turns.</summary>
    public readonly ulong PrefixHash(ulong tools)
    {
        var hash = default(StableHash);
        Span<byte> parts = stackalloc byte[24];
        BitConverter.TryWriteBytes(parts, systemHash.Value);
        BitConverter.TryWriteBytes(parts[8..], tools);
        BitConverter.TryWriteBytes(parts[16..], firstUserHash.Value);
        hash.Add(parts);
        return hash.Value;
    }

    /// <summary>The texts of the last turns.</summary>
    public readonly ConversationTail Tail() => turns.Tail(body, systemTexts);

    /// <summary>Reads the value of <c>system</c>.</summary>
    public void ReadSystem(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return;
            case JsonTokenType.String:
                SystemText(ref reader);
                break;
            case JsonTokenType.StartArray:
                for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                {
                    SystemBlock(ref reader, i);
                }

                break;
            default:
                throw AnthropicFault.Wrong("system", "a string or a list of text blocks", reader.TokenType);
        }
    }

    /// <summary>Reads the value of <c>messages</c>.</summary>
    public void ReadMessages(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw AnthropicFault.Wrong("messages", "a list of messages, each with 'role' and 'content'", reader.TokenType);
        }

        var emptyAt = -1;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // Only the last message may be empty, and only the assistant's: known when the next one comes.
            if (emptyAt >= 0)
            {
                throw Empty(emptyAt);
            }

            var isEmpty = Message(ref reader, MessageCount);
            emptyAt = isEmpty ? MessageCount : -1;
            MessageCount++;
        }

        if (MessageCount == 0)
        {
            throw WireException.Invalid("messages", "messages: at least one message is required. Send what the user says as a message of role 'user'.");
        }

        if (emptyAt >= 0 && !LastIsAssistant)
        {
            throw Empty(emptyAt);
        }
    }

    private static WireException Empty(int index) => WireException.Invalid(
        $"messages[{index}].content", $"messages[{index}].content: must not be empty, except in a last message of role 'assistant'. Send text or leave the message out.");

    private void SystemText(ref Utf8JsonReader reader)
    {
        HasSystem = true;
        System.Add(ref reader);
        systemHash.Add(reader.ValueSpan);
        systemTexts.Add(Inside(ref reader));
    }

    private void SystemBlock(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw AnthropicFault.Wrong($"system.{index}", "a text block", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            reader.Read();
            if (isText)
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    throw AnthropicFault.Wrong($"system.{index}.text", "a string", reader.TokenType);
                }

                SystemText(ref reader);
            }

            reader.Skip();
        }
    }

    // Reads one message and tells whether it says nothing.
    private bool Message(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw AnthropicFault.Wrong($"messages[{index}]", "an object with 'role' and 'content'", reader.TokenType);
        }

        texts.Clear();
        string? role = null;
        bool? isEmpty = null;
        var blocks = default(AnthropicBlockScan);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                role = Role(ref reader, index);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                isEmpty = Content(ref reader, index, ref blocks);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (role is null)
        {
            throw AnthropicFault.Missing($"messages[{index}].role", "Send 'user' or 'assistant'.");
        }

        Apply(role, blocks);
        return isEmpty ?? throw AnthropicFault.Missing($"messages[{index}].content", "Send a string or a list of content blocks.");
    }

    private void Apply(string role, in AnthropicBlockScan blocks)
    {
        MediaCount += blocks.MediaCount;
        Media |= blocks.Media;
        ToolsUsed |= blocks.HasToolCall || blocks.HasToolResult;
        LastIsToolResult = blocks.HasToolResult;
        LastIsAssistant = role is "assistant";
        if (LastIsAssistant || LastIsToolResult)
        {
            CacheableBytes = text.Bytes;
        }

        if (role is "system")
        {
            systemTexts.AddRange(texts);
            return;
        }

        turns.Add(role is "user", texts);
        if (role is "user" && !firstUserSeen)
        {
            firstUserSeen = true;
            foreach (var range in texts)
            {
                firstUserHash.Add(body[range]);
            }
        }
    }

    private static string Role(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueTextEquals("user"u8))
            {
                return "user";
            }

            if (reader.ValueTextEquals("assistant"u8))
            {
                return "assistant";
            }

            if (reader.ValueTextEquals("system"u8))
            {
                return "system";
            }
        }

        throw AnthropicFault.Wrong($"messages[{index}].role", "'user', 'assistant' or 'system'");
    }

    private bool Content(ref Utf8JsonReader reader, int index, ref AnthropicBlockScan blocks)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                text.Add(ref reader);
                texts.Add(Inside(ref reader));
                return reader.ValueSpan.IsEmpty;
            case JsonTokenType.StartArray:
                var count = 0;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (blocks.Read(ref reader, body, ref text, index, count) is { } said)
                    {
                        texts.Add(said);
                    }

                    count++;
                }

                return count == 0;
            default:
                throw AnthropicFault.Wrong($"messages[{index}].content", "a string or a list of content blocks", reader.TokenType);
        }
    }

    private static Range Inside(ref Utf8JsonReader reader) =>
        new((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
}
