using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes the content blocks of a request's messages, and leaves out with a warning what has no block.</summary>
/// <param name="isOwn">Whether the request came in this dialect: only then do thinking and file ids mean anything here.</param>
/// <param name="quirks">What the target refuses.</param>
/// <param name="writer">Stands in the request.</param>
/// <param name="warnings">Takes the losses.</param>
internal sealed class AnthropicBlockWriter(bool isOwn, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Whether nothing of a turn has a block.</summary>
    public bool IsEmpty(AnthropicTurn turn)
    {
        if (turn.Results.Count > 0 || turn.Parts.Exists(Has))
        {
            return false;
        }

        foreach (var part in turn.Parts)
        {
            Lose(part, turn.Place);
        }

        return true;
    }

    /// <summary>Writes the answer to a tool call.</summary>
    public void Result(ToolCallResponsePart result, FieldPath path)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_result"u8);
        writer.WriteString("tool_use_id"u8, AnthropicIds.ToolCall(result.Id));
        var parts = result.Parts.Where(static part => part is not TextPart { Text.Length: 0 }).ToList();
        if (parts is [TextPart { Extra: null } only])
        {
            writer.WriteString("content"u8, only.Text);
        }
        else if (parts.Count > 0)
        {
            writer.WriteStartArray("content"u8);
            foreach (var part in parts)
            {
                Part(part, path);
            }

            writer.WriteEndArray();
        }

        if (result.IsError)
        {
            writer.WriteBoolean("is_error"u8, true);
        }

        Extras.Write(result.Extra, writer, Format, path, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes a part, or leaves it out with a warning.</summary>
    public void Part(ContentPart part, FieldPath path)
    {
        path = part.Place.Or(path);
        if (!Has(part))
        {
            Lose(part, path);
            return;
        }

        switch (part)
        {
            case TextPart text when AnthropicToolReference.Of(text) is { } reference:
                writer.WriteRawValue(reference, skipInputValidation: true);
                break;
            case TextPart text:
                AnthropicPartWriter.Text(text.Text, text.Extra, writer, warnings, path);
                break;
            case RefusalPart refusal:
                AnthropicPartWriter.Text(refusal.Text, refusal.Extra, writer, warnings, path);
                break;
            case ReasoningPart thinking:
                AnthropicPartWriter.Thinking(thinking, writer, warnings, path);
                break;
            case ToolCallPart call:
                AnthropicPartWriter.ToolUse(call, writer, warnings, path);
                break;
            case BlobPart blob:
                Blob(blob, path);
                break;
            case UriPart uri:
                Media(uri.Kind, "url"u8, "url"u8, uri.Uri, uri.Extra, path);
                break;
            case FilePart file:
                Media(file.Kind, "file"u8, "file_id"u8, file.FileId, file.Extra, path);
                break;
            case OpaquePart opaque:
                writer.WriteRawValue(opaque.Json, skipInputValidation: true);
                break;
        }
    }

    private bool Has(ContentPart part) => part switch
    {
        TextPart text => text.Text.Length > 0,
        RefusalPart refusal => refusal.Text.Length > 0,
        ReasoningPart thinking => AnthropicSeal.IsOwn(thinking, isOwn),
        ToolCallPart => true,
        BlobPart blob => IsImage(blob.MediaType) || IsDocument(blob.MediaType),
        UriPart uri => uri.Kind is MediaKind.Image or MediaKind.Document && quirks.RemoteImages,
        FilePart file => isOwn && file.Kind is MediaKind.Image or MediaKind.Document,
        OpaquePart opaque => string.Equals(opaque.Format, Format, StringComparison.Ordinal),
        _ => false,
    };

    private void Lose(ContentPart part, FieldPath path)
    {
        if (part is ReasoningPart thinking)
        {
            LostThinking.Warn(thinking, warnings);
            return;
        }

        var (field, detail) = part switch
        {
            TextPart or RefusalPart => ("", ""),
            BlobPart blob => (path.ToString(), $"the target reads images, PDF and plain text only, no {blob.MediaType}"),
            UriPart { Kind: MediaKind.Image or MediaKind.Document } => (path.ToString(), "the target does not fetch media by address"),
            UriPart => (path.ToString(), "the target reads images, PDF and plain text only"),
            FilePart => (path.ToString(), "a file that was uploaded to another vendor is not there"),
            OpaquePart opaque => (path.ToString(), $"the target's wire format has no block like '{opaque.Type}'"),
            _ => (path.ToString(), "the target's wire format has no such block"),
        };

        // Empty text says nothing.
        if (field.Length > 0)
        {
            warnings.Add(new Warning("dropped", field, detail));
        }
    }

    private void Blob(BlobPart blob, FieldPath path)
    {
        var isImage = IsImage(blob.MediaType);
        writer.WriteStartObject();
        writer.WriteString("type"u8, isImage ? "image"u8 : "document"u8);
        writer.WriteStartObject("source"u8);
        if (IsPlainText(blob.MediaType) && Decode(blob.Data.ToString()) is { } text)
        {
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("media_type"u8, "text/plain"u8);
            writer.WriteString("data"u8, text);
        }
        else
        {
            writer.WriteString("type"u8, "base64"u8);
            writer.WriteString("media_type"u8, blob.MediaType);
            BlobWriter.Write(writer, "data"u8, blob.Data);
        }

        EndSource(blob.Extra);
        if (!isImage && blob.FileName is { } title)
        {
            writer.WriteString("title"u8, title);
        }

        Extras.Write(blob.Extra, writer, Format, path, warnings, AnthropicContentReader.SourcePrefix);
        writer.WriteEndObject();
    }

    private void EndSource(Extra? extra)
    {
        Extras.WriteInner(extra, AnthropicContentReader.SourcePrefix, writer, Format);
        writer.WriteEndObject();
    }

    private void Media(MediaKind kind, ReadOnlySpan<byte> source, ReadOnlySpan<byte> name, string value, Extra? extra, FieldPath path)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, kind == MediaKind.Image ? "image"u8 : "document"u8);
        writer.WriteStartObject("source"u8);
        writer.WriteString("type"u8, source);
        writer.WriteString(name, value);
        EndSource(extra);
        Extras.Write(extra, writer, Format, path, warnings, AnthropicContentReader.SourcePrefix);
        writer.WriteEndObject();
    }

    private static bool IsImage(string mediaType) => mediaType is "image/jpeg" or "image/png" or "image/gif" or "image/webp";

    private static bool IsDocument(string mediaType) => mediaType is "application/pdf" || IsPlainText(mediaType);

    private static bool IsPlainText(string mediaType) => mediaType.StartsWith("text/", StringComparison.Ordinal);

    private static string? Decode(string base64)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
