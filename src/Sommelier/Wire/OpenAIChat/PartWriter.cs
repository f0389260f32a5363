using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes the pieces of a message, as a string wherever that says everything: many servers know nothing else.</summary>
internal sealed class PartWriter(Utf8JsonWriter writer, WireQuirks quirks, ICollection<Warning> warnings)
{
    /// <summary>Whether something would be lost if the parts were joined into a string.</summary>
    public static bool NeedsList(IReadOnlyList<ContentPart> all)
    {
        foreach (var part in all)
        {
            if (part is not TextPart || string.Equals(part.Extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A user's or system's content.</summary>
    public void WriteContent(IReadOnlyList<ContentPart> all, FieldPath path)
    {
        if (NeedsList(all) || all.Count > 1)
        {
            WriteList("content", all, path);
        }
        else
        {
            writer.WriteString("content", Join(all, "", path));
        }
    }

    /// <summary>An assistant's content and refusal.</summary>
    public void WriteAnswer(IReadOnlyList<ContentPart> all, FieldPath path, bool calls)
    {
        if (all.Any(static part => part is TextPart or RefusalPart && string.Equals(part.Extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal)))
        {
            WriteList("content", [.. all.Where(static part => part is not (ReasoningPart or ToolCallPart))], path);
            return;
        }

        var text = default(JoinedText);
        var refusal = default(JoinedText);
        foreach (var part in all)
        {
            switch (part)
            {
                case TextPart piece:
                    text.Add(piece.Text);
                    Extras.Warn(piece.Extra, piece.Place.Or(path), warnings);
                    break;
                case RefusalPart piece:
                    refusal.Add(piece.Text);
                    Extras.Warn(piece.Extra, piece.Place.Or(path), warnings);
                    break;
                case ReasoningPart or ToolCallPart:
                    break;
                default:
                    Lost(part, path);
                    break;
            }
        }

        writer.WriteString("content", text.Text ?? (calls || refusal.Text is not null ? null : ""));
        if (refusal.Text is { } refused)
        {
            writer.WriteString("refusal", refused);
        }
    }

    /// <summary>A list of parts.</summary>
    public void WriteList(string name, IReadOnlyList<ContentPart> all, FieldPath path)
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

    /// <summary>Text parts in one string.</summary>
    public string Join(IReadOnlyList<ContentPart> all, string separator, FieldPath path)
    {
        var text = default(JoinedText);
        foreach (var part in all)
        {
            if (part is not TextPart piece)
            {
                Lost(part, path);
                continue;
            }

            text.Add(piece.Text, separator);
            Extras.Warn(piece.Extra, piece.Place.Or(path), warnings);
        }

        return text.Text ?? "";
    }

    /// <summary>A tool's result as text; its media is put aside.</summary>
    public string JoinResult(ToolCallResponsePart result, FieldPath path, List<(string Id, ContentPart Part, FieldPath Path)> media)
    {
        var texts = new List<ContentPart>();
        foreach (var part in result.Parts)
        {
            if (part is BlobPart or UriPart or FilePart)
            {
                media.Add((result.Id, part, part.Place.Or(path)));
            }
            else
            {
                texts.Add(part);
            }
        }

        var text = Join(texts, "\n", path);
        return text.Length > 0 || texts.Count == result.Parts.Count ? text : "(see the next user message)";
    }

    /// <summary>One part of a list.</summary>
    public void Write(ContentPart part, FieldPath path)
    {
        path = part.Place.Or(path);
        switch (part)
        {
            case TextPart text:
                Open("text");
                writer.WriteString("text", text.Text);
                Close(text.Extra, "text.", path);
                break;
            case RefusalPart refusal:
                Open("refusal");
                writer.WriteString("refusal", refusal.Text);
                Close(refusal.Extra, "refusal.", path);
                break;
            case BlobPart blob:
                WriteBlob(blob, path);
                break;
            case UriPart uri:
                WriteUri(uri, path);
                break;
            case FilePart file:
                Open("file");
                writer.WriteStartObject("file");
                writer.WriteString("file_id", file.FileId);
                Inner(file.Extra, "file.", path);
                break;
            case OpaquePart opaque:
                WriteOpaque(opaque, path);
                break;
            default:
                Lost(part, path);
                break;
        }
    }

    /// <summary>A piece of this format as it came; of another, a warning.</summary>
    public void WriteOpaque(OpaquePart part, FieldPath path)
    {
        if (string.Equals(part.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
        {
            writer.WriteRawValue(part.Json, skipInputValidation: true);
        }
        else
        {
            Lost(part, path);
        }
    }

    /// <summary>Warns of a part that has no place here.</summary>
    public void Lost(ContentPart part, FieldPath path)
    {
        var what = part is OpaquePart opaque ? opaque.Type : part.GetType().Name;
        warnings.Add(new Warning("dropped", part.Place.Or(path).ToString(), $"'{what}' has no place in the target's wire format here"));
    }

    private void WriteBlob(BlobPart blob, FieldPath path)
    {
        if (blob.MediaType.StartsWith("audio/", StringComparison.Ordinal))
        {
            Open("input_audio");
            writer.WriteStartObject("input_audio");
            BlobWriter.Write(writer, "data"u8, blob.Data);
            writer.WriteString("format", DataUrl.AudioFormat(blob.MediaType));
            Inner(blob.Extra, "input_audio.", path);
            return;
        }

        var kind = blob.MediaType.StartsWith("image/", StringComparison.Ordinal) ? "image_url"
            : blob.MediaType.StartsWith("video/", StringComparison.Ordinal) ? "video_url"
            : "file";
        Open(kind);
        writer.WriteStartObject(kind);
        if (kind is "file")
        {
            writer.WriteString("filename", blob.FileName ?? "document");
            BlobWriter.WriteDataUrl(writer, "file_data"u8, blob.MediaType, blob.Data);
        }
        else
        {
            BlobWriter.WriteDataUrl(writer, "url"u8, blob.MediaType, blob.Data);
        }

        Inner(blob.Extra, kind + ".", path);
    }

    private void WriteUri(UriPart uri, FieldPath path)
    {
        var kind = uri.Kind switch
        {
            MediaKind.Image => "image_url",
            MediaKind.Video => "video_url",
            MediaKind.Audio => "audio_url",
            _ => null,
        };
        if (kind is null)
        {
            warnings.Add(new Warning("dropped", path.ToString(), "documents can be sent only as data or by an uploaded file's id"));
            return;
        }

        if (!quirks.RemoteImages && uri.Uri.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            warnings.Add(new Warning("dropped", path.ToString(), "the model does not fetch media by address; send it as a data: URL"));
            Open("text");
            writer.WriteString("text", "(media that could not be fetched)");
            writer.WriteEndObject();
            return;
        }

        Open(kind);
        writer.WriteStartObject(kind);
        writer.WriteString("url", uri.Uri);
        Inner(uri.Extra, kind + ".", path);
    }

    private void Open(string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
    }

    private void Inner(Extra? extra, string prefix, FieldPath path)
    {
        Extras.WriteInner(extra, prefix, writer, OpenAIChatFormat.FormatName);
        writer.WriteEndObject();
        Close(extra, prefix, path);
    }

    private void Close(Extra? extra, string prefix, FieldPath path)
    {
        Extras.Write(extra, writer, OpenAIChatFormat.FormatName, path, warnings, prefix);
        writer.WriteEndObject();
    }
}
