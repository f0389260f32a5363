using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Scans the content blocks of one message.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct AnthropicBlockScan
{
    /// <summary>How many pieces of media there are.</summary>
    public int MediaCount { get; private set; }

    /// <summary>Which kinds of media.</summary>
    public MediaKind Media { get; private set; }

    /// <summary>Whether a tool is called.</summary>
    public bool HasToolCall { get; private set; }

    /// <summary>Whether a tool call is answered.</summary>
    public bool HasToolResult { get; private set; }

    /// <summary>Reads the block at which the reader stands.</summary>
    /// <param name="reader">Stands at the block; is left at its end.</param>
    /// <param name="body">The whole request.</param>
    /// <param name="text">Counts the block's text.</param>
    /// <param name="message">The message's place, for faults.</param>
    /// <param name="index">The block's place, for faults.</param>
    /// <returns>Where the speaker's own text stands; null for a block of another kind.</returns>
    public Range? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref TextCount text, int message, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw AnthropicFault.Wrong($"messages[{message}].content[{index}]", "a content block with a 'type'", reader.TokenType);
        }

        var type = Type(reader);
        if (type is null)
        {
            throw AnthropicFault.Missing($"messages[{message}].content[{index}].type", "Send the kind of the block, for example 'text'.");
        }

        if (type is "text")
        {
            return Text(ref reader, ref text)
                ?? throw AnthropicFault.Missing($"messages[{message}].content[{index}].text", "Send the block's text as a string.");
        }

        Other(type, ref reader, body, ref text);
        return null;
    }

    // A copy of the reader looks ahead: the type may stand anywhere in the block.
    private static string? Type(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                return reader.ValueTextEquals("text"u8) ? "text"
                    : reader.ValueTextEquals("tool_use"u8) ? "tool_use"
                    : reader.ValueTextEquals("tool_result"u8) ? "tool_result"
                    : reader.ValueTextEquals("image"u8) ? "image"
                    : reader.ValueTextEquals("document"u8) ? "document"
                    : reader.ValueTextEquals("thinking"u8) ? "thinking"
                    : "other";
            }

            reader.Skip();
        }

        return null;
    }

    private static Range? Text(ref Utf8JsonReader reader, ref TextCount text)
    {
        Range? said = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
            {
                text.Add(ref reader);
                said = new Range((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
            }

            reader.Skip();
        }

        return said;
    }

    private void Other(string type, ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref TextCount text)
    {
        Note(type);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSource = reader.ValueTextEquals("source"u8);
            var isContent = reader.ValueTextEquals("content"u8);
            var isRaw = reader.ValueTextEquals("input"u8);
            var isWords = reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("title"u8) || reader.ValueTextEquals("context"u8);
            reader.Read();
            if (isSource && type is "document")
            {
                Media |= Source(ref reader, body, ref text) ? MediaKind.None : MediaKind.Document;
            }
            else if (isContent && type is "tool_result")
            {
                Result(ref reader, body, ref text);
            }
            else if (isRaw || isContent)
            {
                Raw(ref reader, body, ref text);
            }
            else if (isWords && reader.TokenType == JsonTokenType.String)
            {
                text.Add(ref reader);
            }

            reader.Skip();
        }
    }

    private void Note(string type)
    {
        HasToolCall |= type is "tool_use";
        HasToolResult |= type is "tool_result";
        if (type is "image" or "document")
        {
            MediaCount++;
            Media |= type is "image" ? MediaKind.Image : MediaKind.None;
        }
    }

    // The answer of a tool: a string, or blocks of text and media.
    private void Result(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref TextCount text)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            text.Add(ref reader);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            if (Type(reader) is "text")
            {
                Text(ref reader, ref text);
            }
            else
            {
                Other(Type(reader) ?? "other", ref reader, body, ref text);
            }
        }
    }

    // A document's source: its data is text only where it says so, else base64 that the model reads as pages. True for plain text
    // in any form, which every model reads.
    private static bool Source(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref TextCount text)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var isText = Type(reader) is "text";
        var isPlain = isText;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = isText && reader.ValueTextEquals("data"u8);
            var isContent = reader.ValueTextEquals("content"u8);
            var isMediaType = reader.ValueTextEquals("media_type"u8);
            reader.Read();
            isPlain |= isContent || (isMediaType && reader.TokenType == JsonTokenType.String && MediaType.IsText(reader.ValueSpan));
            if (isData && reader.TokenType == JsonTokenType.String)
            {
                text.Add(ref reader);
            }
            else if (isContent)
            {
                Raw(ref reader, body, ref text);
            }

            reader.Skip();
        }

        return isPlain;
    }

    private static void Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref TextCount text)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        text.AddRaw(body[start..(int)reader.BytesConsumed]);
    }
}
