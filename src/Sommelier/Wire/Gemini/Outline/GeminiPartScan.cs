using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Scans the parts of one content.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct GeminiPartScan
{
    /// <summary>How many pieces of media there are.</summary>
    public int MediaCount { get; private set; }

    /// <summary>Which kinds of media.</summary>
    public MediaKind Media { get; private set; }

    /// <summary>Whether a function is called.</summary>
    public bool HasCall { get; private set; }

    /// <summary>Whether a function call is answered.</summary>
    public bool HasResult { get; private set; }

    /// <summary>Reads the value of <c>parts</c>: a list, or one part.</summary>
    public void ReadAll(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref TextCount text, List<Range> texts, int content)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            Part(ref reader, body, ref text, texts);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType($"contents[{content}].parts", "a list of parts", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FieldError.WrongType($"contents[{content}].parts", "a list of objects, e.g. with 'text'", reader.TokenType);
            }

            Part(ref reader, body, ref text, texts);
        }
    }

    private void Part(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref TextCount text, List<Range> texts)
    {
        var thought = false;
        Range? said = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    text.Add(ref reader);
                    said = new Range((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
                }
            }
            else if (reader.ValueTextEquals("thought"u8))
            {
                reader.Read();
                thought = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("inlineData"u8) || reader.ValueTextEquals("inline_data"u8)
                || reader.ValueTextEquals("fileData"u8) || reader.ValueTextEquals("file_data"u8))
            {
                reader.Read();
                Blob(ref reader);
                continue;
            }
            else
            {
                var isCall = reader.ValueTextEquals("functionCall"u8) || reader.ValueTextEquals("function_call"u8);
                var isResult = reader.ValueTextEquals("functionResponse"u8) || reader.ValueTextEquals("function_response"u8);
                reader.Read();
                HasCall |= isCall;
                HasResult |= isResult;
                if (isCall || isResult)
                {
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    text.AddRaw(body[start..(int)reader.BytesConsumed]);
                    continue;
                }
            }

            reader.Skip();
        }

        if (said is { } range && !thought)
        {
            texts.Add(range);
        }
    }

    private void Blob(ref Utf8JsonReader reader)
    {
        MediaCount++;
        var kind = MediaKind.Document;
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("mimeType"u8) || reader.ValueTextEquals("mime_type"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                kind = reader.ValueSpan.StartsWith("image/"u8) ? MediaKind.Image
                    : reader.ValueSpan.StartsWith("audio/"u8) ? MediaKind.Audio
                    : reader.ValueSpan.StartsWith("video/"u8) ? MediaKind.Video
                    : MediaType.IsText(reader.ValueSpan) ? MediaKind.None
                    : MediaKind.Document;
            }

            reader.Skip();
        }

        Media |= kind;
    }
}
