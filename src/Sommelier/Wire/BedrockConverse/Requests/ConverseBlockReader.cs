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

    /// <summary>Unknown fields of a block, and of the objects inside that one was read from, by their path from the block; null for none.</summary>
    /// <param name="block">The block.</param>
    /// <param name="kind">The member that says what it is.</param>
    /// <param name="known">The known fields of that member's object; empty where it is text.</param>
    /// <param name="inner">The name of an object inside that one; null for none.</param>
    /// <param name="innerKnown">The known fields of the object inside.</param>
    public static Extra? Unknown(JsonFields block, string kind, ReadOnlySpan<string> known, string? inner = null, params ReadOnlySpan<string> innerKnown)
    {
        var extra = block.Unknown(Format, [kind, "type"]);
        if (known.Length > 0 && block.Object(kind) is { } owner)
        {
            extra = Extras.Join(extra, Extras.Within($"{kind}.", owner.Unknown(Format, known)));
            extra = inner is null ? extra : Extras.Join(extra, Extras.Within($"{kind}.{inner}.", owner.Object(inner)?.Unknown(Format, innerKnown)));
        }

        return extra;
    }

    private static void Add(JsonFields block, List<ContentPart> said, out ToolCallResponsePart? result)
    {
        result = null;
        var kind = Kind(block.Element) ?? throw FieldError.Missing(block.Path, "a content block, e.g. { \"text\": \"…\" }");
        switch (kind)
        {
            case "text":
                said.Add(new TextPart(block.RequiredText("text", "the text"), Unknown(block, kind, [])));
                break;
            case "image" when Bytes(block, kind) is { } bytes:
                said.Add(Media(block, kind, format => $"image/{format ?? "png"}", bytes));
                break;
            case "document" when Bytes(block, kind) is { } bytes:
                var document = block.Object(kind)!.Value;
                said.Add(new BlobPart(ConverseDocuments.MediaType(document.Text("format")), bytes, document.Text("name"), Unknown(block, kind, ["format", "name", "source"], "source", "bytes")));
                break;
            case "video" when Bytes(block, kind) is { } bytes:
                said.Add(Media(block, kind, static format => ConverseMedia.Video.MediaType(format ?? "mp4"), bytes));
                break;
            case "audio" when Bytes(block, kind) is { } bytes:
                said.Add(Media(block, kind, static format => ConverseMedia.Audio.MediaType(format ?? "wav"), bytes));
                break;
            case "toolUse":
                said.Add(Call(Unknown(block, kind, ["toolUseId", "name", "input"]), block.Object(kind) ?? throw FieldError.Missing(block.At(kind), "an object with toolUseId, name and input")));
                break;
            case "toolResult":
                result = Result(Unknown(block, kind, ["toolUseId", "content", "status"]), block.Object(kind) ?? throw FieldError.Missing(block.At(kind), "an object with toolUseId and content"));
                break;
            case "reasoningContent":
                said.Add(Thinking(block.Object(kind) ?? throw FieldError.Missing(block.At(kind), "an object with reasoningText or redactedContent")) with
                {
                    Extra = Unknown(block, kind, ["reasoningText", "redactedContent"], "reasoningText", "text", "signature"),
                });
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

    private static BlobPart Media(JsonFields block, string kind, Func<string?, string> type, BlobData bytes) =>
        new(type(block.Object(kind)!.Value.Text("format")), bytes, null, Unknown(block, kind, ["format", "source"], "source", "bytes"));

    private static ToolCallPart Call(Extra? extra, JsonFields call)
    {
        var input = call.TryGet("input", out var value) ? value.GetRawText() : "{}";
        return new ToolCallPart(call.RequiredText("toolUseId", "the call's id"), call.RequiredText("name", "the tool's name"), input, extra);
    }

    private static ToolCallResponsePart Result(Extra? extra, JsonFields answer)
    {
        var parts = new List<ContentPart>();
        var index = 0;
        foreach (var item in answer.List("content")?.EnumerateArray() ?? default)
        {
            var piece = JsonFields.Item(item, answer, "content", index++);
            if (piece.Raw("json") is { } json)
            {
                parts.Add(new TextPart(json, new Extra(Format, piece.Unknown(Format, ["json", "type"])?.Fields ?? []) { Marks = [new(JsonMark, json)] }) { Place = piece.Place });
            }
            else
            {
                Read(piece, parts, out _);
            }
        }

        return new ToolCallResponsePart(answer.RequiredText("toolUseId", "the id of the call"), parts, answer.Text("status") is "error", extra);
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
