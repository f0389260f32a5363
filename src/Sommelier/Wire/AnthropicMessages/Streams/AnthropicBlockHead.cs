using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>What the <c>content_block</c> of a <c>content_block_start</c> tells.</summary>
internal struct AnthropicBlockHead
{
    /// <summary>The vendor's word for the block; empty when it has none.</summary>
    public string Type;

    /// <summary>A tool call's id.</summary>
    public string? Id;

    /// <summary>A tool call's tool.</summary>
    public string? Name;

    /// <summary>The text, thinking or sealed thinking that the block opens with.</summary>
    public string? Text;

    /// <summary>The seal of thinking that comes at once.</summary>
    public string? Signature;

    /// <summary>A tool call's arguments that come at once, raw; null when they come in pieces.</summary>
    public string? Input;

    /// <summary>Members that we do not know and that say something, by name, raw; null for none.</summary>
    public List<KeyValuePair<string, string>>? Unknown;

    /// <summary>What the block adds to the searches of the web that are charged for: 1 when one begins, -1 when one failed, else 0.</summary>
    /// <remarks>Failed searches are free: platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool</remarks>
    public readonly int WebSearches => Type switch
    {
        "server_tool_use" when Name is "web_search" => 1,
        "web_search_tool_result" when Unknown?.Exists(static member => member is { Key: "content", Value: ['{', ..] }) == true => -1,
        _ => 0,
    };

    /// <summary>Whether the block is of a kind that every format knows.</summary>
    public static bool IsKnown(string? type) => type is "text" or "thinking" or "redacted_thinking" or "tool_use";

    /// <summary>Reads the object.</summary>
    public static AnthropicBlockHead Read(ReadOnlySpan<byte> block)
    {
        var head = new AnthropicBlockHead { Type = "" };
        if (block.IsEmpty)
        {
            return head;
        }

        var reader = new Utf8JsonReader(block);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                head.Type = String(ref reader) ?? "";
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                head.Id = String(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                head.Name = String(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("data"u8))
            {
                head.Text = String(ref reader);
            }
            else if (reader.ValueTextEquals("signature"u8))
            {
                head.Signature = String(ref reader);
            }
            else if (reader.ValueTextEquals("input"u8))
            {
                head.Input = Object(ref reader, block);
                continue;
            }
            else
            {
                Other(ref reader, block, ref head.Unknown);
                continue;
            }

            reader.Skip();
        }

        return head;
    }

    private static void Other(ref Utf8JsonReader reader, ReadOnlySpan<byte> block, ref List<KeyValuePair<string, string>>? unknown)
    {
        // Citations of a text come in steps of their own.
        var name = reader.ValueTextEquals("citations"u8) ? null : JsonText.Tolerant(ref reader);
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isNull = reader.TokenType == JsonTokenType.Null;
        reader.Skip();
        if (name is not null && !isNull)
        {
            (unknown ??= []).Add(new(name, Encoding.UTF8.GetString(block[start..(int)reader.BytesConsumed])));
        }
    }

    private static string? String(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? JsonText.Tolerant(ref reader) : null;
    }

    // An empty object only opens the block: the arguments follow in pieces.
    private static string? Object(ref Utf8JsonReader reader, ReadOnlySpan<byte> block)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var empty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            reader.Read();
            reader.Skip();
        }

        return empty ? null : Encoding.UTF8.GetString(block[start..(int)reader.BytesConsumed]);
    }
}
