using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>What blocks that only Bedrock knows say in pieces that every format has.</summary>
internal static class ConversePlainBlocks
{
    /// <summary>The pieces; empty when it cannot be said otherwise (media in S3, cache points).</summary>
    public static IReadOnlyList<ContentPart> Of(JsonFields block, string kind) => kind switch
    {
        "guardContent" when block.Object(kind) is { } guarded => Guarded(block, guarded),
        "document" when block.Object(kind) is { } document && document.Object("source") is { } source => Document(block, document, source),
        "searchResult" when block.Object(kind) is { } found => PlainWords.Of(
            [found.Text("title"), found.Text("source")], Content(found), ConverseBlockReader.Unknown(block, kind, ["title", "source", "content"]), "searchResult.content"),
        ConverseCitations.Kind when ConverseCitations.Read(block) is { } cited => [cited],
        _ => [],
    };

    // What the guardrail is to look at: Bedrock's guardrails see nothing of a request to another format.
    private static IReadOnlyList<ContentPart> Guarded(JsonFields block, JsonFields guarded)
    {
        if (guarded.Object("text")?.Text("text") is { } text)
        {
            return PlainWords.Of([], [new TextPart(text)], ConverseBlockReader.Unknown(block, "guardContent", ["text", "image"], "text", "text", "qualifiers"));
        }

        return guarded.Object("image") is { } image && image.Object("source") is { } source && BlobReader.Optional(source, "bytes") is { } bytes
            ? [new BlobPart($"image/{image.Text("format") ?? "png"}", bytes, null, ConverseBlockReader.Unknown(block, "guardContent", ["text", "image"], "image", "format", "source"))]
            : [];
    }

    private static IReadOnlyList<ContentPart> Document(JsonFields block, JsonFields document, JsonFields source)
    {
        List<ContentPart> said = source.Text("text") is { } text ? [new TextPart(text)] : Content(source);
        return said.Count == 0 ? [] : PlainWords.Of(
            [document.Text("name"), document.Text("context")], said, ConverseBlockReader.Unknown(block, "document", ["format", "name", "context", "source"], "source", "text", "content"), "document.source.content");
    }

    private static List<ContentPart> Content(JsonFields owner)
    {
        var said = new List<ContentPart>();
        var index = 0;
        foreach (var item in owner.List("content")?.EnumerateArray() ?? default)
        {
            ConverseBlockReader.Read(JsonFields.Item(item, owner, "content", index++), said, out _);
        }

        return said;
    }
}
