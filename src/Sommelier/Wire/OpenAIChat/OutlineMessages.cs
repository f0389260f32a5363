using System.Runtime.CompilerServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What the one-pass reader learns from the conversation.</summary>
internal ref struct OutlineMessages
{
    private OutlineMessage message;
    private SystemRanges systems;
    private int systemCount;
    private bool conversationBegun;
    private Range firstUser;
    private Range lastUser;
    private Range previousUser;
    private Range previousAssistant;
    private Range assistant;

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
    public readonly ulong PrefixHash(ReadOnlySpan<byte> body, ReadOnlySpan<byte> tools)
    {
        var hash = default(StableHash);
        for (var i = 0; i < systemCount; i++)
        {
            ContentTexts.Walk(body[systems[i]], ref hash);
        }

        hash.Add(tools);
        ContentTexts.Walk(body[firstUser], ref hash);
        return hash.Value;
    }

    /// <summary>The texts that the classifier reads.</summary>
    public readonly ConversationTail Tail(ReadOnlySpan<byte> body)
    {
        var system = default(CutText);
        for (var i = 0; i < systemCount; i++)
        {
            ContentTexts.Walk(body[systems[i]], ref system);
        }

        return new ConversationTail(system.Take(), Cut(body[lastUser]), Cut(body[previousAssistant]), Cut(body[previousUser]));
    }

    private static string Cut(ReadOnlySpan<byte> content)
    {
        var text = default(CutText);
        ContentTexts.Walk(content, ref text);
        return text.Take();
    }

    private void Note()
    {
        var role = message.Role;
        LastIsToolResult = role == OutlineRole.Tool;
        Prefill = role == OutlineRole.Assistant && !message.CallsTools;
        ToolsUsed |= message.CallsTools || role == OutlineRole.Tool;
        Flags |= message.Flags;
        switch (role)
        {
            case OutlineRole.System when !conversationBegun && systemCount < SystemRanges.Length:
                systems[systemCount++] = message.Content;
                return;
            case OutlineRole.System:
                return;
            case OutlineRole.User:
                NoteUser();
                break;
            case OutlineRole.Assistant:
                assistant = message.HasContent ? message.Content : assistant;
                CacheableBytes = Text.Bytes;
                break;
            default:
                CacheableBytes = Text.Bytes;
                break;
        }

        conversationBegun = true;
    }

    private void NoteUser()
    {
        if (firstUser.Equals(default))
        {
            firstUser = message.Content;
        }

        previousUser = lastUser;
        previousAssistant = assistant;
        lastUser = message.Content;
        assistant = default;
    }

    /// <summary>Where the leading system messages' contents stand; more than four are cut off for hash and classifier.</summary>
    [InlineArray(Length)]
    private struct SystemRanges
    {
        public const int Length = 4;

        private Range first;
    }
}
