using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads one content block, in requests and in answers. A block is an object with one member, which says its kind.</summary>
internal static class ConverseBlockReader
{
    private const string Format = BedrockConverseFormat.FormatName;

    /// <summary>The mark on text that stood as JSON in the result of a tool.</summary>
    public const string JsonMark = "json";

    /// <summary>Reads a block of the assistant's: the result of a tool in it is one of the server's own tools, and stays as it is.</summary>
    public static void ReadAnswer(JsonFields block, List<ContentPart> said)
    {
        if (IsServersOwn(block))
        {
            said.Add(new OpaquePart(Format, Kind(block.Element)!, block.Element.GetRawText()) { Place = block.Place });
        }
        else
        {
            Read(block, said, out _);
        }
    }

    /// <summary>Whether a block of the assistant's tells of a tool that Bedrock itself runs: nobody else is to call or answer it.</summary>
    public static bool IsServersOwn(JsonFields block) => Kind(block.Element) switch
    {
        "toolResult" => true,
        "toolUse" => block.Object("toolUse")?.Text("type") is "server_tool_use",
        _ => false,
    };

    /// <summary>Reads a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="said">Takes what it says.</param>
    /// <param name="result">The answer of a tool; null for everything else.</param>
    public static void Read(JsonFields block, List<ContentPart> said, out ToolCallResponsePart? result)
    {
        var from = said.Count;
        Add(block, said, out result);
        result?.Placed(block.Place);
        said.Placed(from, block.Place);
    }

    private static void Add(JsonFields block, List<ContentPart> said, out ToolCallResponsePart? result)
    {
        result = null;
        var kind = Kind(block.Element) ?? throw FieldError.Missing(block.Path, "a content block, e.g. { \"text\": \"…\" }");
        switch (kind)
        {
            case "text":
                said.Add(new TextPart(block.RequiredText("text", "the text")));
                break;
            case "image" when Bytes(block, kind) is { } bytes:
                said.Add(Media(block.Object(kind)!.Value, format => $"image/{format ?? "png"}", bytes));
                break;
            case "document" when Bytes(block, kind) is { } bytes:
                var document = block.Object(kind)!.Value;
                said.Add(new BlobPart(ConverseDocuments.MediaType(document.Text("format")), bytes, document.Text("name"), document.Unknown(Format, ["format", "name", "source"])).Placed(document.Place));
                break;
            case "video" when Bytes(block, kind) is { } bytes:
                said.Add(Media(block.Object(kind)!.Value, static format => ConverseMedia.Video.MediaType(format ?? "mp4"), bytes));
                break;
            case "audio" when Bytes(block, kind) is { } bytes:
                said.Add(Media(block.Object(kind)!.Value, static format => ConverseMedia.Audio.MediaType(format ?? "wav"), bytes));
                break;
            case "toolUse":
                said.Add(Call(block.Object(kind) ?? throw FieldError.Missing(block.At(kind), "an object with toolUseId, name and input")));
                break;
            case "toolResult":
                result = Result(block.Object(kind) ?? throw FieldError.Missing(block.At(kind), "an object with toolUseId and content"));
                break;
            case "reasoningContent":
                said.Add(Thinking(block.Object(kind) ?? throw FieldError.Missing(block.At(kind), "an object with reasoningText or redactedContent")));
                break;
            default:
                said.Add(new OpaquePart(Format, kind, block.Element.GetRawText()) { Plain = ConversePlainBlocks.Of(block, kind) });
                break;
        }
    }

    /// <summary>What a block is: the name of its first member with a value.</summary>
    public static string? Kind(JsonElement block)
    {
        foreach (var property in block.EnumerateObject())
        {
            // Servers that follow Bedrock may add a type beside the member that already says it.
            if (property.Value.ValueKind != JsonValueKind.Null && !property.NameEquals("type"u8))
            {
                return property.NameEquals("text"u8) ? "text" : property.Name;
            }
        }

        return null;
    }

    // Bytes in the request; media elsewhere (S3) stay as they are, for Bedrock alone can fetch them.
    private static BlobData? Bytes(JsonFields block, string kind) => block.Object(kind)?.Object("source") is { } source ? BlobReader.Optional(source, "bytes") : null;

    private static BlobPart Media(JsonFields media, Func<string?, string> type, BlobData bytes) =>
        new BlobPart(type(media.Text("format")), bytes, null, media.Unknown(Format, ["format", "source"])).Placed(media.Place);

    private static ToolCallPart Call(JsonFields call)
    {
        var input = call.TryGet("input", out var value) ? value.GetRawText() : "{}";
        return new ToolCallPart(call.RequiredText("toolUseId", "the call's id"), call.RequiredText("name", "the tool's name"), input, call.Unknown(Format, ["toolUseId", "name", "input"])).Placed(call.Place);
    }

    private static ToolCallResponsePart Result(JsonFields answer)
    {
        var parts = new List<ContentPart>();
        var index = 0;
        foreach (var item in answer.List("content")?.EnumerateArray() ?? default)
        {
            var piece = JsonFields.Item(item, answer, "content", index++);
            if (piece.Raw("json") is { } json)
            {
                parts.Add(new TextPart(json, new Extra(Format, []) { Marks = [new(JsonMark, json)] }) { Place = piece.Place });
            }
            else
            {
                Read(piece, parts, out _);
            }
        }

        return new ToolCallResponsePart(
            answer.RequiredText("toolUseId", "the id of the call"), parts, answer.Text("status") is "error", answer.Unknown(Format, ["toolUseId", "content", "status"])).Placed(answer.Place);
    }

    private static ReasoningPart Thinking(JsonFields thinking)
    {
        if (thinking.Text("redactedContent") is { } redacted)
        {
            var part = Seals.Receive(new ReasoningPart(""), redacted, Seals.Anthropic);
            return part.Vendor is Seals.Anthropic ? part with { Signature = null, Redacted = redacted } : part;
        }

        var text = thinking.Object("reasoningText") ?? throw FieldError.Missing(thinking.At("reasoningText"), "an object with text");
        return Seals.Receive(new ReasoningPart(text.Text("text") ?? ""), text.Text("signature"), Seals.Anthropic);
    }
}
