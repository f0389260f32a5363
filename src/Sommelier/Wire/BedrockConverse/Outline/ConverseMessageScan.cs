using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Scans <c>system</c> and <c>messages</c> for what an outline tells.</summary>
internal ref struct ConverseMessageScan
{
    private readonly ReadOnlySpan<byte> body;
    private readonly List<Range> texts = [];
    private StableHash systemHash;
    private StableHash firstUserHash;
    private bool firstUserSeen;
    private bool isTool;

    /// <summary>Begins a scan.</summary>
    public ConverseMessageScan(ReadOnlySpan<byte> body) => this.body = body;

    /// <summary>All text.</summary>
    public TextCount Text;

    /// <summary>The last turns.</summary>
    public Turns Turns = new();

    /// <summary>Where the system instructions stand.</summary>
    public readonly List<Range> SystemTexts { get; } = [];

    /// <summary>How many messages there are, system instructions as one.</summary>
    public int Count { get; private set; }

    /// <summary>How many pieces of media there are.</summary>
    public int MediaCount { get; private set; }

    /// <summary>Which kinds of media.</summary>
    public MediaKind Media { get; private set; }

    /// <summary>Whether tools were called.</summary>
    public bool ToolsUsed { get; private set; }

    /// <summary>Whether the last message answers a tool.</summary>
    public bool LastIsTool { get; private set; }

    /// <summary>Whether the last message is the assistant's.</summary>
    public bool LastIsAssistant { get; private set; }

    /// <summary>Bytes of text up to the last message of assistant or tool; null when there is none.</summary>
    public long? CacheableBytes { get; private set; }

    /// <summary>The hash that one conversation keeps over its turns.</summary>
    public readonly ulong PrefixHash(ReadOnlySpan<byte> tools)
    {
        var hash = default(StableHash);
        hash.Add(tools);
        Span<byte> parts = stackalloc byte[16];
        BitConverter.TryWriteBytes(parts, systemHash.Value);
        BitConverter.TryWriteBytes(parts[8..], firstUserHash.Value);
        hash.Add(parts);
        return hash.Value;
    }

    /// <summary>Reads <c>system</c>.</summary>
    public void ReadSystem(ref Utf8JsonReader reader)
    {
        texts.Clear();
        if (Blocks(ref reader, "system"))
        {
            Count++;
            SystemTexts.AddRange(texts);
            foreach (var range in texts)
            {
                systemHash.Add(body[range]);
            }
        }
    }

    /// <summary>Reads <c>messages</c>.</summary>
    public void ReadAll(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType("messages", "a list of messages, each with 'role' and 'content'", reader.TokenType);
        }

        var index = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FieldError.WrongType($"messages[{index}]", "an object with 'role' and 'content'", reader.TokenType);
            }

            Message(ref reader, index++);
        }

        Count += index;
    }

    private void Message(ref Utf8JsonReader reader, int index)
    {
        texts.Clear();
        isTool = false;
        var isAssistant = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                isAssistant = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("assistant"u8);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                Blocks(ref reader, $"messages[{index}].content");
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        LastIsAssistant = isAssistant;
        LastIsTool = isTool;
        if (isAssistant || isTool)
        {
            CacheableBytes = Text.Bytes;
        }

        Turns.Add(!isAssistant, texts);
        if (!isAssistant && !firstUserSeen)
        {
            firstUserSeen = true;
            foreach (var range in texts)
            {
                firstUserHash.Add(body[range]);
            }
        }
    }

    private bool Blocks(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType(path, "a list of content blocks", reader.TokenType);
        }

        var any = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FieldError.WrongType(path, "a list of content blocks", reader.TokenType);
            }

            any = true;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                Member(ref reader);
            }
        }

        return any;
    }

    private void Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("text"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                Text.Add(ref reader);
                texts.Add(new Range((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1));
            }

            reader.Skip();
            return;
        }

        var media = reader.ValueTextEquals("image"u8) ? MediaKind.Image
            : reader.ValueTextEquals("document"u8) ? MediaKind.Document
            : reader.ValueTextEquals("video"u8) ? MediaKind.Video
            : reader.ValueTextEquals("audio"u8) ? MediaKind.Audio
            : default;
        var isResult = reader.ValueTextEquals("toolResult"u8);
        var isRaw = isResult || reader.ValueTextEquals("toolUse"u8);
        var isWords = reader.ValueTextEquals("guardContent"u8) || reader.ValueTextEquals("searchResult"u8);
        reader.Read();
        if (media == MediaKind.Document && IsPlain(reader))
        {
            media = MediaKind.None;
            MediaCount++;
            isWords = true;
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        isTool |= isResult;
        ToolsUsed |= isRaw;
        if (isRaw || isWords)
        {
            Text.AddRaw(body[start..(int)reader.BytesConsumed]);
        }
        else if (media != default)
        {
            MediaCount++;
            Media |= media;
        }
    }

    // Whether a document is plain text, which every model reads. A copy of the reader looks ahead.
    private static bool IsPlain(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFormat = reader.ValueTextEquals("format"u8);
            var isSource = reader.ValueTextEquals("source"u8);
            reader.Read();
            if (isFormat && reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("txt"u8) || reader.ValueTextEquals("md"u8)
                || reader.ValueTextEquals("csv"u8) || reader.ValueTextEquals("html"u8)))
            {
                return true;
            }

            if (isSource && reader.TokenType == JsonTokenType.StartObject)
            {
                var source = reader;
                if (source.Read() && source.TokenType == JsonTokenType.PropertyName && (source.ValueTextEquals("text"u8) || source.ValueTextEquals("content"u8)))
                {
                    return true;
                }
            }

            reader.Skip();
        }

        return false;
    }
}
