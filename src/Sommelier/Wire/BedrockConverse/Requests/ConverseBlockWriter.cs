using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Writes content blocks, and leaves out with a warning what has no block.</summary>
/// <param name="isOwn">Whether the request came in this dialect.</param>
/// <param name="writer">Stands in a list of blocks.</param>
/// <param name="warnings">Takes the losses.</param>
internal sealed class ConverseBlockWriter(bool isOwn, Utf8JsonWriter writer, ICollection<Warning> warnings)
{
    private const string Format = BedrockConverseFormat.FormatName;

    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a part; false when it was left out.</summary>
    public bool Part(ContentPart part)
    {
        switch (part)
        {
            case TextPart text when !string.IsNullOrWhiteSpace(text.Text):
                return Text(text);
            case RefusalPart { Text.Length: > 0 } refusal:
                Extras.Warn(refusal.Extra, refusal.Place.Or("content"), warnings);
                return Text(refusal.Text, null);
            case TextPart or RefusalPart:
                return false;
            case ReasoningPart thinking:
                return Thinking(thinking);
            case ToolCallPart call:
                return Call(call);
            case BlobPart blob:
                return Blob(blob);
            case OpaquePart opaque when string.Equals(opaque.Format, Format, StringComparison.Ordinal):
                writer.WriteRawValue(opaque.Json, skipInputValidation: true);
                return true;
            case OpaquePart opaque:
                return Lose(opaque.Place.Or("content"), $"the target's wire format has no block like '{opaque.Type}'");
            case UriPart uri when AmazonFiles.Are(uri.Uri):
                return AmazonFiles.Of(uri) is var (kind, format) ? Stored(uri, kind, format) : Lose(part.Place.Or("content"), "the ending of its name is of no format that the target reads");
            case UriPart:
                return Lose(part.Place.Or("content"), "the target does not fetch media by address");
            default:
                return Lose(part.Place.Or("content"), "a file that was uploaded to another vendor is not there");
        }
    }

    /// <summary>Writes the answer to a tool call.</summary>
    public void Result(ToolCallResponsePart result)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolResult"u8);
        writer.WriteString("toolUseId"u8, AnthropicIds.ToolCall(result.Id));
        writer.WriteStartArray("content"u8);
        var written = 0;
        foreach (var part in result.Parts)
        {
            written += Part(part) ? 1 : 0;
        }

        if (written == 0)
        {
            Text("(no output)", null);
        }

        writer.WriteEndArray();
        if (result.IsError)
        {
            writer.WriteString("status"u8, "error"u8);
        }

        End(result, "toolResult.");
    }

    private bool Text(TextPart part)
    {
        if (!string.Equals(part.Extra?.Format, Format, StringComparison.Ordinal))
        {
            Extras.Warn(part.Extra, part.Place.Or("content"), warnings);
        }
        else if (Extras.Find(part.Extra, ConverseBlockReader.JsonMark) is not null)
        {
            writer.WriteStartObject();
            Extras.WriteInner(part.Extra, "", writer, Format);
            writer.WriteEndObject();
            return true;
        }
        else if (ConverseCitations.TryWrite(part, writer))
        {
            return true;
        }

        return Text(part.Text, part.Extra);
    }

    private bool Text(string text, Extra? extra)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        Extras.WriteInner(extra, "", writer, Format);
        writer.WriteEndObject();
        return true;
    }

    // Ends the object that says what a block is, and the block.
    private void End(ContentPart part, string prefix, string source = "source.")
    {
        Extras.WriteInner(part.Extra, prefix, writer, Format, prefix + source);
        writer.WriteEndObject();
        Extras.Write(part.Extra, writer, Format, part.Place.Or("content"), warnings, prefix);
        writer.WriteEndObject();
    }

    private bool Thinking(ReasoningPart part)
    {
        if (!AnthropicSeal.IsOwn(part, isOwn))
        {
            LostThinking.Warn(part, warnings);
            return false;
        }

        ConverseThinkingWriter.Block(part, writer, warnings);
        return true;
    }

    private bool Call(ToolCallPart call)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("toolUseId"u8, AnthropicIds.ToolCall(call.Id));
        writer.WriteString("name"u8, call.Name);
        writer.WritePropertyName("input"u8);
        ToolArguments.Write(call, writer, warnings);
        End(call, "toolUse.");
        return true;
    }

    private bool Blob(BlobPart blob)
    {
        var slash = blob.MediaType.IndexOf('/', StringComparison.Ordinal);
        var sub = slash < 0 ? "" : blob.MediaType[(slash + 1)..];
        switch (MediaType.Kind(blob.MediaType))
        {
            case MediaKind.Image when sub is "png" or "jpeg" or "gif" or "webp" or "jpg":
                return Media("image", sub is "jpg" ? "jpeg" : sub, blob);
            case MediaKind.Video when ConverseMedia.Video.Format(blob.MediaType) is { } format:
                return Media("video", format, blob);
            case MediaKind.Audio when ConverseMedia.Audio.Format(blob.MediaType) is { } format:
                return Media("audio", format, blob);
            case MediaKind.Document when ConverseDocuments.Format(blob.MediaType) is { } format:
                return Media("document", format, blob, ConverseDocuments.Name(blob.FileName, names));
            default:
                return Lose(blob.Place.Or("content"), $"the target does not read {blob.MediaType}");
        }
    }

    private bool Media(string kind, string format, BlobPart blob, string? name = null)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("format"u8, format);
        if (name is not null)
        {
            writer.WriteString("name"u8, name);
        }

        writer.WriteStartObject("source"u8);
        BlobWriter.Write(writer, "bytes"u8, blob.Data);
        Extras.WriteInner(blob.Extra, $"{kind}.source.", writer, Format);
        writer.WriteEndObject();
        End(blob, $"{kind}.");
        return true;
    }

    private bool Stored(UriPart file, string kind, string format)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("format"u8, format);
        if (kind is "document")
        {
            writer.WriteString("name"u8, ConverseDocuments.Name(null, names));
        }

        writer.WriteStartObject("source"u8);
        writer.WriteStartObject("s3Location"u8);
        writer.WriteString("uri"u8, file.Uri);
        writer.WriteEndObject();
        writer.WriteEndObject();
        End(file, $"{kind}.");
        return true;
    }

    private bool Lose(FieldPath field, string detail)
    {
        warnings.Add(new Warning("dropped", field.ToString(), detail));
        return false;
    }
}
