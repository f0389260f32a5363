using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads the content of a request's messages.</summary>
internal static class AnthropicContentReader
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>The prefix of unknown fields that stood in <c>source</c>.</summary>
    public const string SourcePrefix = "source.";

    /// <summary>Reads a string, or a list of blocks.</summary>
    public static List<ContentPart> Read(JsonElement content, string path)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            var text = JsonFields.Text(content, path);
            return text.Length == 0 ? [] : [new TextPart(text) { Place = path }];
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw FieldError.WrongType(path, "a string or a list of content blocks", content.ValueKind);
        }

        var parts = new List<ContentPart>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray())
        {
            var item = JsonFields.Of(block, $"{path}[{parts.Count}]");
            parts.Add(Block(item).Placed(item.Place));
        }

        return parts;
    }

    private static ContentPart Block(JsonFields block)
    {
        var type = block.RequiredText("type", "the kind of the block, for example 'text'");
        return type switch
        {
            "text" => new TextPart(block.RequiredText("text", "the block's text"), block.Unknown(Format, ["type", "text"])),
            "image" => Media(block, MediaKind.Image),
            "document" => Media(block, MediaKind.Document),
            "tool_use" => new ToolCallPart(
                block.RequiredText("id", "the call's id"),
                block.RequiredText("name", "the tool's name"),
                block.Raw("input") ?? "{}",
                AnthropicBlockFields.Of(block.Unknown(Format, ["type", "id", "name", "input"]))),
            "tool_result" => Result(block),
            AnthropicToolReference.Type => AnthropicToolReference.Read(block),
            "thinking" => AnthropicSeal.Read(
                new ReasoningPart(block.Text("thinking") ?? "", Extra: block.Unknown(Format, ["type", "thinking", "signature"])),
                block.Text("signature"),
                redacted: false),
            "redacted_thinking" => AnthropicSeal.Read(new ReasoningPart("", Extra: block.Unknown(Format, ["type", "data"])), block.Text("data") ?? "", redacted: true),
            "search_result" => Opaque(block, type) with
            {
                Plain = block.TryGet("content", out var found)
                    ? PlainWords.Of([block.Text("title"), block.Text("source")], Read(found, block.At("content")), block.Unknown(Format, ["type", "title", "source", "content"]), "content")
                    : [],
            },
            _ => Opaque(block, type),
        };
    }

    private static ToolCallResponsePart Result(JsonFields block) => new(
        block.RequiredText("tool_use_id", "the id of the call that it answers"),
        block.TryGet("content", out var content) ? Read(content, block.At("content")) : [],
        block.Bool("is_error") ?? false,
        block.Unknown(Format, ["type", "tool_use_id", "content", "is_error"]));

    private static ContentPart Media(JsonFields block, MediaKind kind)
    {
        if (block.Object("source") is not { } source)
        {
            throw FieldError.Missing(block.At("source"), "where the media is: an object with a 'type'");
        }

        var type = source.RequiredText("type", "'base64', 'url', 'file' or 'text'");
        var inner = Extras.Within(SourcePrefix, source.Unknown(Format, type switch
        {
            "base64" or "text" => ["type", "media_type", "data"],
            "url" => ["type", "url"],
            "file" => ["type", "file_id"],
            _ => ["type", "content"],
        }));
        switch (type)
        {
            case "base64":
                return new BlobPart(
                    source.RequiredText("media_type", "the media type, for example 'image/png'"),
                    BlobReader.Required(source, "data", "the bytes, base64"),
                    block.Text("title"),
                    Extras.Join(block.Unknown(Format, ["type", "source", "title"]), inner));
            case "text" when kind == MediaKind.Document:
                return new BlobPart(
                    "text/plain",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(source.RequiredText("data", "the document's text"))),
                    block.Text("title"),
                    Extras.Join(block.Unknown(Format, ["type", "source", "title"]), inner));
            case "content" when kind == MediaKind.Document && source.TryGet("content", out var content):
                return Opaque(block, "document") with
                {
                    Plain = PlainWords.Of(
                        [block.Text("title"), block.Text("context")], Read(content, source.At("content")), Extras.Join(block.Unknown(Format, ["type", "source", "title", "context"]), inner), "source.content"),
                };
            case "url" when source.TryGet("url", out var address) && DataUrl.TryParse(address, source.At("url"), out var inside, out var bytes):
                return new BlobPart(inside, bytes, block.Text("title"), Extras.Join(block.Unknown(Format, ["type", "source", "title"]), inner));
            case "url":
                return new UriPart(source.RequiredText("url", "the address"), kind, Extras.Join(block.Unknown(Format, ["type", "source"]), inner));
            case "file":
                return new FilePart(source.RequiredText("file_id", "the file's id"), kind, Extras.Join(block.Unknown(Format, ["type", "source"]), inner));
            default:
                return Opaque(block, kind == MediaKind.Image ? "image" : "document");
        }
    }

    private static OpaquePart Opaque(JsonFields block, string type) => new(Format, type, block.Element.GetRawText());
}
