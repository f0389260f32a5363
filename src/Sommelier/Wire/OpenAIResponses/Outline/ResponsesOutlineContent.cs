using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Counts the texts and media of a content under the one-pass reader.</summary>
internal static class ResponsesOutlineContent
{
    /// <summary>Reads the content at whose first token the reader stands; false when it is null.</summary>
    public static bool Read(ref Utf8JsonReader reader, string path, int index, ref ResponsesOutlineInput all)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return false;
            case JsonTokenType.String:
                all.Text.Add(ref reader);
                return true;
            case JsonTokenType.StartArray:
                for (var part = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; part++)
                {
                    ReadPart(ref reader, index, part, ref all);
                }

                return true;
            default:
                throw FieldError.WrongType(path, "a string or a list of parts", reader.TokenType);
        }
    }

    /// <summary>Every text below a value, and its media: a tool's answer, a summary, arguments.</summary>
    public static void AddTexts(ref Utf8JsonReader reader, ref ResponsesOutlineInput all)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            all.Text.Add(ref reader);
            return;
        }

        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isType = reader.ValueTextEquals("type"u8);
            var isMedia = reader.ValueTextEquals("image_url"u8) || reader.ValueTextEquals("file_data"u8) || reader.ValueTextEquals("data"u8);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || isMedia)
            {
                continue;
            }

            if (isType)
            {
                NoteMedia(ref reader, MediaKind.Document, ref all);
            }
            else
            {
                all.Text.Add(ref reader);
            }
        }
    }

    private static void ReadPart(ref Utf8JsonReader reader, int index, int part, ref ResponsesOutlineInput all)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType($"input[{index}].content[{part}]", "an object", reader.TokenType);
        }

        var typed = false;
        var isFile = false;
        var isPlain = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isText = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8);
            var isData = reader.ValueTextEquals("file_data"u8);
            reader.Read();
            if ((isType || isText) && reader.TokenType != JsonTokenType.String)
            {
                throw FieldError.WrongType($"input[{index}].content[{part}].{(isType ? "type" : "text")}", "a string", reader.TokenType);
            }

            if (isType)
            {
                typed = true;
                isFile = reader.ValueTextEquals("input_file"u8);
                NoteMedia(ref reader, MediaKind.None, ref all);
            }
            else if (isData && reader.TokenType == JsonTokenType.String && MediaType.IsText(reader.ValueSpan))
            {
                // Plain text, which every model reads.
                isPlain = true;
                all.Text.Add(ref reader);
            }
            else if (isText)
            {
                all.Text.Add(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        all.Media |= isFile && !isPlain ? MediaKind.Document : MediaKind.None;
        if (!typed)
        {
            throw FieldError.Missing($"input[{index}].content[{part}].type", "the kind of part, e.g. \"input_text\" or \"input_image\"");
        }
    }

    private static void NoteMedia(ref Utf8JsonReader reader, MediaKind file, ref ResponsesOutlineInput all)
    {
        var kind = reader.ValueTextEquals("input_image"u8) ? MediaKind.Image
            : reader.ValueTextEquals("input_file"u8) ? file
            : reader.ValueTextEquals("input_audio"u8) ? MediaKind.Audio
            : MediaKind.None;
        if (kind != MediaKind.None || reader.ValueTextEquals("input_file"u8))
        {
            all.Media |= kind;
            all.MediaCount++;
        }
    }
}
