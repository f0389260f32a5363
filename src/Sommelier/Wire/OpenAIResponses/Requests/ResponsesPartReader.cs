using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Reads a content: a string, or a list of parts.</summary>
internal static class ResponsesPartReader
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
        foreach (var element in content.EnumerateArray())
        {
            var part = JsonFields.Item(element, owner, name, parts.Count);
            parts.Add(Read(part).Placed(part.Place));
        }

        return parts;
    }

    private static ContentPart Read(JsonFields part)
    {
        var type = part.RequiredText("type", "the kind of part, e.g. \"input_text\" or \"input_image\"");
        return type switch
        {
            "input_text" or "output_text" or "text" => new TextPart(part.RequiredText("text", "a string"), ResponsesItemExtra.Of(part, ["type", "text"])),
            "refusal" => new RefusalPart(part.RequiredText("refusal", "a string"), ResponsesItemExtra.Of(part, ["type", "refusal"])),
            "input_image" => Image(part),
            "input_file" => File(part),
            "input_audio" => Audio(part),
            _ => new OpaquePart(OpenAIResponsesFormat.FormatName, type, part.Element.GetRawText()),
        };
    }

    private static ContentPart Image(JsonFields part)
    {
        var extra = ResponsesItemExtra.Of(part, ["type", "image_url", "file_id"]);
        if (part.Text("file_id") is { } id)
        {
            return new FilePart(id, MediaKind.Image, extra);
        }

        const string Expected = "an address or a data: URL, or a file_id";
        return part.TryGet("image_url", out var url) && DataUrl.TryParse(url, part.At("image_url"), out var type, out var data)
            ? new BlobPart(type, data, null, extra)
            : new UriPart(part.RequiredText("image_url", Expected), MediaKind.Image, extra);
    }

    private static ContentPart File(JsonFields part)
    {
        var extra = ResponsesItemExtra.Of(part, ["type", "file_data", "file_id", "file_url", "filename"]);
        if (part.Text("file_id") is { } id)
        {
            return new FilePart(id, MediaKind.Document, extra);
        }

        if (part.TryGet("file_url", out var address) && DataUrl.TryParse(address, part.At("file_url"), out var kind, out var bytes))
        {
            return new BlobPart(kind, bytes, part.Text("filename"), extra);
        }

        if (part.Text("file_url") is { } url)
        {
            return new UriPart(url, MediaKind.Document, extra);
        }

        const string Expected = "the document as a data: URL, a file_url or a file_id";
        return part.TryGet("file_data", out var inline) && DataUrl.TryParse(inline, part.At("file_data"), out var type, out var data)
            ? new BlobPart(type, data, part.Text("filename"), extra)
            : new BlobPart("application/pdf", BlobReader.Required(part, "file_data", Expected), part.Text("filename"), extra);
    }

    private static BlobPart Audio(JsonFields part)
    {
        var audio = part.Object("input_audio") ?? throw FieldError.Missing(part.At("input_audio"), "an object with data and format");
        var format = audio.RequiredText("format", "the format, e.g. \"wav\"");
        return new BlobPart(DataUrl.AudioType(format), BlobReader.Required(audio, "data", "the sound as base64"), null, Extras.Join(ResponsesItemExtra.Of(part, ["type", "input_audio"]), Extras.Within("input_audio.", ResponsesItemExtra.Of(audio, ["data", "format"]))));
    }
}
