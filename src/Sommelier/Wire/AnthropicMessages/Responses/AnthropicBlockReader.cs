using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads a content block of an answer. What a block should have and lacks is read as empty: answers are not refused for it.</summary>
internal static class AnthropicBlockReader
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Reads a block of an answer.</summary>
    public static ContentPart ReadAnswer(JsonElement block)
    {
        if (block.ValueKind != JsonValueKind.Object)
        {
            throw UpstreamException.Protocol("A content block of the answer is not an object.");
        }

        var type = Text(block, "type") ?? "";
        return type switch
        {
            "text" => Said(block),
            "thinking" => new ReasoningPart(
                Text(block, "thinking") ?? "", Seal(block), Extra: Extras.Collect(block, Format, ["type", "thinking", "signature"])) { Vendor = Seals.Anthropic },
            "redacted_thinking" => new ReasoningPart("", Redacted: Text(block, "data") ?? "") { Vendor = Seals.Anthropic },
            "tool_use" => new ToolCallPart(
                Text(block, "id") ?? "", Text(block, "name") ?? "", Input(block), AnthropicBlockFields.Of(Extras.Collect(block, Format, ["type", "id", "name", "input"]))),
            _ => new OpaquePart(Format, type, block.GetRawText()),
        };
    }

    /// <summary>A string that may hold half of a surrogate pair; null when it is none.</summary>
    public static string? Tolerant(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return AnthropicStream.Text(Encoding.UTF8.GetBytes(value.GetRawText()));
        }
    }

    /// <summary>The page that a citation names; null for one of a document that the caller gave, which only this format knows.</summary>
    public static Citation? Citation(JsonElement citation) => Text(citation, "type") is "web_search_result_location" && Text(citation, "url") is { Length: > 0 } url
        ? new Citation(url, Text(citation, "title"), Text(citation, "cited_text")) { Source = new OpaquePart(Format, "citations", citation.GetRawText()) }
        : null;

    private static TextPart Said(JsonElement block)
    {
        var text = Text(block, "text") ?? "";
        if (block.TryGetProperty("citations"u8, out var list) && list.ValueKind == JsonValueKind.Array)
        {
            var citations = list.EnumerateArray().Select(Citation).ToArray();
            if (citations.Length > 0 && !citations.Contains(null))
            {
                return new TextPart(text, Extras.Collect(block, Format, ["type", "text", "citations"])) { Citations = citations! };
            }
        }

        return new TextPart(text, Extras.Collect(block, Format, ["type", "text"]));
    }

    private static string? Text(JsonElement block, string name) => block.TryGetProperty(name, out var value) ? Tolerant(value) : null;

    // Answers of other vendors are given to Anthropic callers with an empty seal: it seals nothing.
    private static string? Seal(JsonElement block) => Text(block, "signature") is { Length: > 0 } seal ? seal : null;

    private static string Input(JsonElement block) =>
        block.TryGetProperty("input"u8, out var input) && input.ValueKind != JsonValueKind.Null ? input.GetRawText() : "{}";
}
