using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Scans <c>systemInstruction</c> and <c>contents</c> for what an outline tells.</summary>
internal ref struct GeminiConversationScan
{
    private readonly ReadOnlySpan<byte> body;
    private readonly List<Range> texts = [];
    private readonly List<Range> systemTexts = [];
    private Turns turns = new();
    private StableHash systemHash;
    private StableHash firstUserHash;
    private bool firstUserSeen;

    /// <summary>Begins a scan.</summary>
    public GeminiConversationScan(ReadOnlySpan<byte> body) => this.body = body;

    /// <summary>Text of the system instructions.</summary>
    public TextCount System;

    /// <summary>Text of the contents.</summary>
    public TextCount Text;

    /// <summary>Whether there are system instructions.</summary>
    public bool HasSystem { get; private set; }

    /// <summary>How many contents there are.</summary>
    public int MessageCount { get; private set; }

    /// <summary>How many pieces of media there are.</summary>
    public int MediaCount { get; private set; }

    /// <summary>Which kinds of media.</summary>
    public MediaKind Media { get; private set; }

    /// <summary>Whether tools were called.</summary>
    public bool ToolsUsed { get; private set; }

    /// <summary>Whether the last content answers a function call.</summary>
    public bool LastIsToolResult { get; private set; }

    /// <summary>Whether the last content is the model's.</summary>
    public bool LastIsModel { get; private set; }

    /// <summary>Bytes of text up to the last content that is the model's or answers a tool; null when there is none.</summary>
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

    /// <summary>Reads the value of <c>systemInstruction</c>: a content, or a bare string.</summary>
    public void ReadSystem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            SystemText(ref reader);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    SystemText(ref reader);
                }
            }
        }
    }

    /// <summary>Reads the value of <c>contents</c>.</summary>
    public void ReadContents(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            Content(ref reader);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType("contents", "a list of contents, each with 'role' and 'parts'", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Content(ref reader);
        }

        if (MessageCount == 0)
        {
            throw FieldError.OutOfRange("contents", "a list with at least one content");
        }
    }

    private void SystemText(ref Utf8JsonReader reader)
    {
        HasSystem = true;
        System.Add(ref reader);
        systemHash.Add(reader.ValueSpan);
        systemTexts.Add(Inside(ref reader));
    }

    private void Content(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType($"contents[{MessageCount}]", "an object with 'role' and 'parts'", reader.TokenType);
        }

        texts.Clear();
        var isModel = false;
        var parts = default(GeminiPartScan);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                isModel = reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("model"u8) || reader.ValueTextEquals("assistant"u8));
            }
            else if (reader.ValueTextEquals("parts"u8))
            {
                reader.Read();
                parts.ReadAll(ref reader, body, ref Text, texts, MessageCount);
                continue;
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        MessageCount++;
        MediaCount += parts.MediaCount;
        Media |= parts.Media;
        ToolsUsed |= parts.HasCall || parts.HasResult;
        LastIsToolResult = parts.HasResult;
        LastIsModel = isModel;
        if (isModel || parts.HasResult)
        {
            CacheableBytes = Text.Bytes;
        }

        turns.Add(!isModel, texts);
        if (!isModel && !firstUserSeen)
        {
            firstUserSeen = true;
            foreach (var range in texts)
            {
                firstUserHash.Add(body[range]);
            }
        }
    }

    private static Range Inside(ref Utf8JsonReader reader) => new((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
}
