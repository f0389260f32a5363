using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes single parts, in requests and in answers.</summary>
internal static class GeminiPartWriter
{
    private const string Format = GeminiFormat.FormatName;

    /// <summary>Writes a part that is neither thinking nor about tools; false when it was left out, with a warning.</summary>
    public static bool Part(ContentPart part, string? seal, FieldPath path, WireQuirks quirks, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        switch (part)
        {
            case TextPart text when text.Text.Length > 0 || seal is not null:
                Text(text.Text, text.Extra, seal, path, writer, warnings);
                return true;
            case TextPart:
                return false;
            case RefusalPart refusal:
                Text(refusal.Text, refusal.Extra, seal, path, writer, warnings);
                return true;
            case BlobPart blob:
                if (blob.FileName is { Length: > 0 } file && !quirks.DisplayNames)
                {
                    warnings.Add(new Warning("emulated", path.At("filename").ToString(), "the target has no place for the name of a file; it is said before it"));
                    Text(file, null, null, path, writer, warnings);
                }

                Blob(quirks.DisplayNames ? blob : blob with { FileName = null }, quirks.DisplayNames, path, seal, writer, warnings);
                return true;
            case UriPart uri when quirks.RemoteImages || GoogleFiles.AreRead(uri.Uri):
                Uri(uri, path, writer, warnings);
                return true;
            case UriPart:
                warnings.Add(new Warning("dropped", path.ToString(), "the target does not fetch media by address"));
                return false;
            case OpaquePart opaque when string.Equals(opaque.Format, Format, StringComparison.Ordinal):
                writer.WriteRawValue(opaque.Json, skipInputValidation: true);
                return true;
            case OpaquePart opaque:
                warnings.Add(new Warning("dropped", path.ToString(), $"the target's wire format has no part like '{opaque.Type}'"));
                return false;
            default:
                warnings.Add(new Warning("dropped", path.ToString(), "a file that was uploaded to another vendor is not there"));
                return false;
        }
    }

    /// <summary>Writes text.</summary>
    public static void Text(string text, Extra? extra, string? seal, FieldPath path, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        Seal(seal, writer);
        Extras.Write(extra, writer, Format, path, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes thinking; a bare seal as an empty text that carries it, as Google does.</summary>
    public static void Thought(ReasoningPart part, string? seal, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, part.Text);
        if (part.Text.Length > 0 || seal is null || Seals.IsWrapped(seal))
        {
            writer.WriteBoolean("thought"u8, true);
        }

        Seal(seal, writer);
        Extras.Write(part.Extra, writer, Format, "parts", warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes a function call. Arguments that are no JSON object are wrapped in one, with a warning.</summary>
    public static void Call(ToolCallPart call, string? seal, FieldPath path, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall"u8);
        writer.WriteString("id"u8, call.Id);
        writer.WriteString("name"u8, call.Name);
        writer.WritePropertyName("args"u8);
        ToolArguments.Write(call, writer, warnings);
        Extras.WriteInner(call.Extra, GeminiPartReader.CallPrefix, writer, Format);
        writer.WriteEndObject();
        Seal(seal, writer);
        Extras.Write(call.Extra, writer, Format, path, warnings, GeminiPartReader.CallPrefix);
        writer.WriteEndObject();
    }

    /// <summary>Writes bytes, with their name where that may stand.</summary>
    public static void Blob(BlobPart blob, bool named, FieldPath path, string? seal, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("inlineData"u8);
        writer.WriteString("mimeType"u8, blob.MediaType);
        BlobWriter.Write(writer, "data"u8, blob.Data);
        if (named && blob.FileName is not null)
        {
            writer.WriteString("displayName"u8, blob.FileName);
        }
        else if (blob.FileName is not null)
        {
            warnings.Add(new Warning("emulated", path.ToString(), "the file is sent without its name, for which the target has no field"));
        }

        Extras.WriteInner(blob.Extra, GeminiPartReader.InlinePrefix, writer, Format);
        writer.WriteEndObject();
        Seal(seal, writer);
        Extras.Write(blob.Extra, writer, Format, path, warnings, GeminiPartReader.InlinePrefix);
        writer.WriteEndObject();
    }

    private static void Uri(UriPart uri, FieldPath path, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        var isOwn = string.Equals(uri.Extra?.Format, Format, StringComparison.Ordinal);
        writer.WriteStartObject();
        writer.WriteStartObject("fileData"u8);
        if (!isOwn || Extras.Find(uri.Extra, GeminiPartReader.FileType) is null)
        {
            writer.WriteString("mimeType"u8, MediaType.Of(uri.Uri) ?? Usual(uri.Kind));
        }

        writer.WriteString("fileUri"u8, uri.Uri);
        Extras.WriteInner(uri.Extra, "fileData.", writer, Format);
        writer.WriteEndObject();
        Extras.Write(uri.Extra, writer, Format, path, warnings, "fileData.");
        writer.WriteEndObject();
    }

    private static void Seal(string? seal, Utf8JsonWriter writer)
    {
        if (seal is not null)
        {
            writer.WriteString("thoughtSignature"u8, seal);
        }
    }

    private static string Usual(MediaKind kind) => kind switch
    {
        MediaKind.Image => "image/jpeg",
        MediaKind.Audio => "audio/mp3",
        MediaKind.Video => "video/mp4",
        _ => "application/pdf",
    };
}
