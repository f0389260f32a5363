using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>What the one-pass reader learns from <c>instructions</c> and <c>input</c>.</summary>
internal ref struct ResponsesOutlineInput
{
    private ResponsesOutlineItem item;
    private TurnRanges turns;
    private Range instructions;

    /// <summary>Text of all items.</summary>
    public TextCount Text;

    /// <summary>How many images, sounds and documents.</summary>
    public int MediaCount;

    /// <summary>How many tools are offered by items instead of by the request.</summary>
    public int ToolCount;

    /// <summary>Whether one of those searches the web.</summary>
    public bool Searches;

    /// <summary>Which kinds.</summary>
    public MediaKind Media;

    /// <summary>Whether there is an <c>input</c> at all.</summary>
    public bool Seen { get; private set; }

    /// <summary>How many items there are; a text counts as one.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a tool was called.</summary>
    public bool ToolsUsed { get; private set; }

    /// <summary>Whether the last item is a tool's answer.</summary>
    public bool LastIsToolResult { get; private set; }

    /// <summary>Whether the model's own message comes last.</summary>
    public bool Prefill { get; private set; }

    /// <summary>Whether an item only names one that the vendor keeps.</summary>
    public bool HasReferences { get; private set; }

    /// <summary>Text up to and including the last thing that the model or a tool said; 0 when there is none.</summary>
    public long CacheableBytes { get; private set; }

    /// <summary>For the pass-through writer.</summary>
    public ResponsesOutlineFlags Flags { get; private set; }

    /// <summary>Reads the instructions, a text, at whose first token the reader stands.</summary>
    public void ReadInstructions(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw FieldError.WrongType("instructions", "a string", reader.TokenType);
        }

        Text.Add(ref reader);
        instructions = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
    }

    /// <summary>Reads the text or list at whose first token the reader stands.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return;
            case JsonTokenType.String:
                Seen = true;
                if (reader.ValueSpan.Length > 0)
                {
                    Text.Add(ref reader);
                    turns.User((int)reader.TokenStartIndex..(int)reader.BytesConsumed);
                    Count = 1;
                }

                return;
            case JsonTokenType.StartArray:
                Seen = true;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    item = default;
                    item.Read(ref reader, Count, ref this);
                    Note();
                    Count++;
                }

                return;
            default:
                throw FieldError.WrongType("input", "a string or a list of items", reader.TokenType);
        }
    }

    /// <summary>A hash over instructions, tools and the first user message.</summary>
    public readonly ulong PrefixHash(ReadOnlySpan<byte> body, ReadOnlySpan<byte> tools)
    {
        var hash = default(StableHash);
        ContentTexts.Walk(body[instructions], ref hash);
        var rest = turns.PrefixHash(body, tools);
        hash.Add(BitConverter.GetBytes(rest));
        return hash.Value;
    }

    /// <summary>The texts that the classifier reads.</summary>
    public readonly ConversationTail Tail(ReadOnlySpan<byte> body)
    {
        var tail = turns.Tail(body);
        var head = default(CutText);
        ContentTexts.Walk(body[instructions], ref head);
        var text = head.Take();
        return text.Length == 0 ? tail
            : tail with { System = tail.System.Length == 0 ? text : Join(text, tail.System) };
    }

    private static string Join(string first, string second)
    {
        var room = ConversationTail.MaxCharacters - first.Length - 1;
        return room <= 0 ? first : $"{first}\n{(second.Length <= room ? second : second[..room])}";
    }

    private void Note()
    {
        var kind = item.Kind;
        LastIsToolResult = kind == ResponsesItemKind.ToolResult;
        Prefill = kind == ResponsesItemKind.Assistant;
        ToolsUsed |= kind is ResponsesItemKind.ToolCall or ResponsesItemKind.ToolResult;
        HasReferences |= kind == ResponsesItemKind.Reference;
        Flags |= item.Flags;
        switch (kind)
        {
            case ResponsesItemKind.System:
                turns.System(item.Content);
                return;
            case ResponsesItemKind.User:
                turns.User(item.Content);
                return;
            case ResponsesItemKind.Assistant:
                turns.Assistant(item.Content);
                break;
            default:
                turns.Other();
                break;
        }

        CacheableBytes = Text.Bytes;
    }
}
