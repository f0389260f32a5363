using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes the pieces of messages and tool results.</summary>
internal sealed class ResponsesPartWriter(Utf8JsonWriter writer, WireQuirks quirks, ICollection<Warning> warnings)
{
    /// <summary>What the asker said or brought, as a list; tool results stand elsewhere.</summary>
    public void List(string name, IReadOnlyList<ContentPart> all, FieldPath path)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i] is not ToolCallResponsePart)
            {
                Write(all[i], path);
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>What a tool answered: text where that says everything, else a list.</summary>
    public void Output(IReadOnlyList<ContentPart> all, FieldPath path)
    {
        if (all.Any(static part => part is not TextPart || ResponsesItemExtra.IsOwn(part.Extra)))
        {
            List("output", all, path);
            return;
        }

        foreach (var part in all)
        {
            Extras.Warn(part.Extra, part.Place.Or(path), warnings);
        }

        writer.WriteString("output", string.Join('\n', all.OfType<TextPart>().Select(static part => part.Text)));
    }

    /// <summary>A piece of the model's own message.</summary>
    public void Said(ContentPart part, FieldPath path)
    {
        writer.WriteStartObject();
        if (part is RefusalPart refusal)
        {
            writer.WriteString("type", "refusal");
            writer.WriteString("refusal", refusal.Text);
        }
        else
        {
            writer.WriteString("type", "output_text");
            writer.WriteString("text", ((TextPart)part).Text);
        }

        Close(part.Extra, part.Place.Or(path));
    }

    /// <summary>A piece of this format as it came; of another, a warning.</summary>
    public void Opaque(ContentPart part, FieldPath path)
    {
        if (part is OpaquePart { Format: OpenAIResponsesFormat.FormatName } opaque)
        {
            writer.WriteRawValue(opaque.Json, skipInputValidation: true);
            return;
        }

        var what = part is OpaquePart other ? other.Type : part.GetType().Name;
        warnings.Add(new Warning("dropped", part.Place.Or(path).ToString(), $"'{what}' has no place in the target's wire format here"));
    }

    private void Write(ContentPart part, FieldPath path)
    {
        path = part.Place.Or(path);
        switch (part)
        {
            case TextPart text:
                Open("input_text");
                writer.WriteString("text", text.Text);
                Close(text.Extra, path);
                break;
            case RefusalPart refusal:
                Open("input_text");
                writer.WriteString("text", refusal.Text);
                Close(refusal.Extra, path);
                break;
            case BlobPart blob:
                Blob(blob, path);
                break;
            case UriPart uri:
                Uri(uri, path);
                break;
            case FilePart { Kind: MediaKind.Image } file:
                Open("input_image");
                writer.WriteString("file_id", file.FileId);
                CloseImage(file.Extra, path);
                break;
            case FilePart file:
                Open("input_file");
                writer.WriteString("file_id", file.FileId);
                Close(file.Extra, path);
                break;
            default:
                Opaque(part, path);
                break;
        }
    }

    private void Blob(BlobPart blob, FieldPath path)
    {
        if (blob.MediaType.StartsWith("audio/", StringComparison.Ordinal))
        {
            Open("input_audio");
            writer.WriteStartObject("input_audio");
            BlobWriter.Write(writer, "data"u8, blob.Data);
            writer.WriteString("format", DataUrl.AudioFormat(blob.MediaType));
            Extras.WriteInner(blob.Extra, "input_audio.", writer, OpenAIResponsesFormat.FormatName);
            writer.WriteEndObject();
            Close(blob.Extra, path, "input_audio.");
        }
        else if (blob.MediaType.StartsWith("image/", StringComparison.Ordinal))
        {
            Open("input_image");
            BlobWriter.WriteDataUrl(writer, "image_url"u8, blob.MediaType, blob.Data);
            CloseImage(blob.Extra, path);
        }
        else if (blob.MediaType.StartsWith("video/", StringComparison.Ordinal))
        {
            warnings.Add(new Warning("dropped", path.ToString(), "moving pictures have no place in the target's wire format"));
            Missing();
        }
        else
        {
            Open("input_file");
            writer.WriteString("filename", blob.FileName ?? "document");
            BlobWriter.WriteDataUrl(writer, "file_data"u8, blob.MediaType, blob.Data);
            Close(blob.Extra, path);
        }
    }

    private void Uri(UriPart uri, FieldPath path)
    {
        if (uri.Kind is not (MediaKind.Image or MediaKind.Document))
        {
            warnings.Add(new Warning("dropped", path.ToString(), "sounds and moving pictures cannot be sent by address"));
            Missing();
        }
        else if (!quirks.RemoteImages && uri.Uri.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            warnings.Add(new Warning("dropped", path.ToString(), "the model does not fetch media by address; send it as a data: URL"));
            Missing();
        }
        else if (uri.Kind == MediaKind.Image)
        {
            Open("input_image");
            writer.WriteString("image_url", uri.Uri);
            CloseImage(uri.Extra, path);
        }
        else
        {
            Open("input_file");
            writer.WriteString("file_url", uri.Uri);
            Close(uri.Extra, path);
        }
    }

    private void Missing()
    {
        Open("input_text");
        writer.WriteString("text", "(media that could not be sent)");
        writer.WriteEndObject();
    }

    private void Open(string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
    }

    // The chat format's word for how closely an image is looked at is the same.
    private void CloseImage(Extra? extra, FieldPath path)
    {
        const string Detail = "image_url.detail";
        if (!string.Equals(extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal) || Extras.Find(extra, Detail) is not { } detail)
        {
            Close(extra, path);
            return;
        }

        writer.WritePropertyName("detail");
        writer.WriteRawValue(detail, skipInputValidation: true);
        Close(new Extra(extra!.Format, [.. extra.Fields.Where(static field => field.Key is not Detail)]), path);
    }

    private void Close(Extra? extra, FieldPath path, params ReadOnlySpan<string> inner)
    {
        ResponsesItemExtra.Write(extra, path, writer, warnings, inner);
        writer.WriteEndObject();
    }
}
