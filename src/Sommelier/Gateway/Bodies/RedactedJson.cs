using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sommelier.Gateway.Bodies;

/// <summary>Writes a body again without what must not be stored.</summary>
/// <remarks>
/// Every text and number of JSON is looked at by itself and unescaped, so that no escape hides an address. A body that was
/// cut off is closed where it ends. What is no JSON is one text.
/// </remarks>
internal static class RedactedJson
{
    private const int MaxDepth = 256;
    private static readonly JsonReaderOptions Read = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Skip };
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = MaxDepth };

    /// <summary>The body without it.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="cut">Whether more followed.</param>
    /// <param name="redactor">What is taken out.</param>
    public static byte[] Of(ReadOnlySpan<byte> body, bool cut, Redactor redactor)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        using var json = new Utf8JsonWriter(output, Written);
        var reader = new Utf8JsonReader(body, isFinalBlock: !cut, new JsonReaderState(Read));
        var open = new Stack<JsonTokenType>();
        var named = false;
        try
        {
            while (reader.Read())
            {
                Write(ref reader, json, open, redactor);
                named = reader.TokenType == JsonTokenType.PropertyName;
            }
        }
        catch (JsonException)
        {
            // Not JSON from here on; from the very start it is a text.
            if (reader.BytesConsumed == 0)
            {
                return Text(body, cut, redactor);
            }
        }

        if (cut && open.Count > 0)
        {
            Cut(body[(int)reader.BytesConsumed..], json, named, open.Peek() == JsonTokenType.StartArray, redactor);
        }
        else if (named)
        {
            json.WriteNullValue();
        }

        while (open.TryPop(out var token))
        {
            if (token == JsonTokenType.StartObject)
            {
                json.WriteEndObject();
            }
            else
            {
                json.WriteEndArray();
            }
        }

        json.Flush();
        return output.WrittenCount > 0 ? output.WrittenSpan.ToArray() : Text(body, cut, redactor);
    }

    private static byte[] Text(ReadOnlySpan<byte> body, bool cut, Redactor redactor)
    {
        var text = Encoding.UTF8.GetString(body);
        return Encoding.UTF8.GetBytes(cut ? redactor.RedactCut(text) : redactor.Redact(text));
    }

    private static void Write(ref Utf8JsonReader reader, Utf8JsonWriter json, Stack<JsonTokenType> open, Redactor redactor)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                json.WriteStartObject();
                open.Push(reader.TokenType);
                break;
            case JsonTokenType.StartArray:
                json.WriteStartArray();
                open.Push(reader.TokenType);
                break;
            case JsonTokenType.EndObject:
                json.WriteEndObject();
                open.Pop();
                break;
            case JsonTokenType.EndArray:
                json.WriteEndArray();
                open.Pop();
                break;
            case JsonTokenType.PropertyName:
                json.WritePropertyName(redactor.Redact(reader.GetString()!));
                break;
            case JsonTokenType.String:
                json.WriteStringValue(redactor.Redact(Unescaped(ref reader)));
                break;
            case JsonTokenType.Number:
                var number = Encoding.UTF8.GetString(reader.ValueSpan);
                var redacted = redactor.Redact(number);
                if (ReferenceEquals(number, redacted) || string.Equals(number, redacted, StringComparison.Ordinal))
                {
                    json.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                }
                else
                {
                    json.WriteStringValue(redacted);
                }

                break;
            case JsonTokenType.Null:
                json.WriteNullValue();
                break;
            default:
                json.WriteBooleanValue(reader.TokenType == JsonTokenType.True);
                break;
        }
    }

    // Half of a surrogate pair is no text.
    private static string Unescaped(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "�";
        }
    }

    // What follows the last whole token is the beginning of one; only a text is worth its beginning.
    private static void Cut(ReadOnlySpan<byte> rest, Utf8JsonWriter json, bool named, bool inArray, Redactor redactor)
    {
        rest = rest.TrimStart(" \t\r\n:,"u8);
        if ((named || inArray) && rest is [(byte)'"', .. var begun])
        {
            json.WriteStringValue(redactor.RedactCut(Begun(begun)));
        }
        else if (named)
        {
            json.WriteNullValue();
        }
    }

    // An escape or a character that is not whole is left out: twelve bytes are the longest, a pair of surrogates.
    private static string Begun(ReadOnlySpan<byte> begun)
    {
        for (var less = 0; less <= 12 && less <= begun.Length; less++)
        {
            byte[] whole = [(byte)'"', .. begun[..^less], (byte)'"'];
            try
            {
                var reader = new Utf8JsonReader(whole);
                if (reader.Read() && reader.BytesConsumed == whole.Length)
                {
                    return reader.GetString()!;
                }
            }
            catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
            {
                // One byte less.
            }
        }

        return "";
    }
}
