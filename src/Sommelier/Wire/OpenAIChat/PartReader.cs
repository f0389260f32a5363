using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Reads a message's content: a string, or a list of parts.</summary>
internal static class PartReader
{
    /// <summary>All parts of an object's member, in order; the member must be there.</summary>
    public static IReadOnlyList<ContentPart> ReadAll(JsonFields owner, string name)
    {
        owner.TryGet(name, out var content);
        if (content.ValueKind == JsonValueKind.String)
        {
            var text = owner.Text(name)!;
            return text.Length == 0 ? [] : [new TextPart(text) { Place = new(owner.Path, name) }];
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw FieldError.WrongType(owner.At(name), "a string or a list of parts", content.ValueKind);
        }

        var parts = new List<ContentPart>(content.GetArrayLength());
        var index = 0;
        foreach (var element in content.EnumerateArray())
        {
            var part = JsonFields.Item(element, owner, name, index++);
            parts.Add(Read(part).Placed(part.Place));
        }

        return parts;
    }

    private static ContentPart Read(JsonFields part)
    {
        var type = part.RequiredText("type", "the kind of part, e.g. \"text\" or \"image_url\"");
        return type switch
        {
            "text" => new TextPart(part.RequiredText("text", "a string"), Unknown(part, "text")),
            "refusal" => new RefusalPart(part.RequiredText("refusal", "a string"), Unknown(part, "refusal")),
            "image_url" => Media(part, type, MediaKind.Image),
            "video_url" => Media(part, type, MediaKind.Video),
            "audio_url" => Media(part, type, MediaKind.Audio),
            "input_audio" => Audio(part),
            "file" => File(part),
            "thinking" => Thinking(part),
            _ => new OpaquePart(OpenAIChatFormat.FormatName, type, part.Element.GetRawText()),
        };
    }

    private static Extra? Unknown(JsonFields part, string name) => part.Unknown(OpenAIChatFormat.FormatName, ["type", name]);

    private static ContentPart Media(JsonFields part, string type, MediaKind kind)
    {
        part.TryGet(type, out var value);
        if (value.ValueKind == JsonValueKind.String)
        {
            return Media(value, part.At(type), kind, Unknown(part, type));
        }

        var inner = part.Object(type) ?? throw FieldError.Missing(part.At(type), "an object with a url");
        var extra = Extras.Join(Unknown(part, type), Extras.Within(type + ".", inner.Unknown(OpenAIChatFormat.FormatName, ["url"])));
        return inner.TryGet("url", out var url) ? Media(url, inner.At("url"), kind, extra) : throw FieldError.Missing(inner.At("url"), "an address or a data: URL");
    }

    private static ContentPart Media(JsonElement url, string path, MediaKind kind, Extra? extra) => DataUrl.TryParse(url, path, out var type, out var data)
        ? new BlobPart(type, data, null, extra)
        : new UriPart(JsonFields.Text(url, path), kind, extra);

    private static BlobPart Audio(JsonFields part)
    {
        var audio = part.Object("input_audio") ?? throw FieldError.Missing(part.At("input_audio"), "an object with data and format");
        var format = audio.RequiredText("format", "the format, e.g. \"wav\"");
        var extra = Extras.Join(Unknown(part, "input_audio"), Extras.Within("input_audio.", audio.Unknown(OpenAIChatFormat.FormatName, ["data", "format"])));
        return new BlobPart(DataUrl.AudioType(format), BlobReader.Required(audio, "data", "the sound as base64"), null, extra);
    }

    private static ContentPart File(JsonFields part)
    {
        var file = part.Object("file") ?? throw FieldError.Missing(part.At("file"), "an object with file_data or file_id");
        var extra = Extras.Join(
            Unknown(part, "file"), Extras.Within("file.", file.Unknown(OpenAIChatFormat.FormatName, ["file_data", "file_id", "filename"])));
        if (file.Text("file_id") is { } id)
        {
            return new FilePart(id, MediaKind.Document, extra);
        }

        const string Expected = "the document as a data: URL, or a file_id";
        return file.TryGet("file_data", out var url) && DataUrl.TryParse(url, file.At("file_data"), out var type, out var data)
            ? new BlobPart(type, data, file.Text("filename"), extra)
            : new BlobPart("application/pdf", BlobReader.Required(file, "file_data", Expected), file.Text("filename"), extra);
    }

    // Mistral's thinking: {"type":"thinking","thinking":[{"type":"text","text":"…"}]}.
    private static ReasoningPart Thinking(JsonFields part)
    {
        part.TryGet("thinking", out var thinking);
        if (thinking.ValueKind == JsonValueKind.String)
        {
            return new ReasoningPart(JsonFields.Text(thinking, part.At("thinking")), part.Text("signature"));
        }

        var text = new System.Text.StringBuilder();
        foreach (var piece in part.List("thinking")?.EnumerateArray() ?? default)
        {
            text.Append(JsonFields.Of(piece, part.At("thinking")).Text("text"));
        }

        return new ReasoningPart(text.ToString(), part.Text("signature"));
    }
}
