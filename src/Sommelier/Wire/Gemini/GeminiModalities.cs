using System.Text.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Google's counts by modality, a list such as <c>[{"modality":"AUDIO","tokenCount":1}]</c>: of interest is what is priced apart.</summary>
/// <remarks>The list is <c>ModalityTokenCount</c> of ai.google.dev/api/generate-content.</remarks>
internal static class GeminiModalities
{
    /// <summary>The tokens of audio in the list that follows the name at which the reader stands; 0 when it names none.</summary>
    public static long ReadAudio(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return 0;
        }

        long audio = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            audio += ReadItem(ref json);
        }

        return audio;
    }

    /// <summary>Writes a list, when there is audio to tell of: what is no audio is called text.</summary>
    public static void Write(ReadOnlySpan<byte> name, long all, long audio, Utf8JsonWriter writer)
    {
        if (audio <= 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        if (all > audio)
        {
            WriteItem("TEXT"u8, all - audio, writer);
        }

        WriteItem("AUDIO"u8, audio, writer);
        writer.WriteEndArray();
    }

    private static long ReadItem(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return 0;
        }

        long tokens = 0;
        var audio = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("modality"u8))
            {
                json.Read();
                audio = json.TokenType == JsonTokenType.String && json.ValueTextEquals("AUDIO"u8);
            }
            else if (json.ValueTextEquals("tokenCount"u8))
            {
                json.Read();
                tokens = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var count) && count is >= 0 and < int.MaxValue ? count : 0;
            }
            else
            {
                json.Read();
            }

            json.Skip();
        }

        return audio ? tokens : 0;
    }

    private static void WriteItem(ReadOnlySpan<byte> modality, long tokens, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("modality"u8, modality);
        writer.WriteNumber("tokenCount"u8, tokens);
        writer.WriteEndObject();
    }
}
