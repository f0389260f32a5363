using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>
/// Walks the texts of a message's content: a string, or a list of parts whose <c>text</c> fields count. OpenAI and
/// Anthropic agree on this shape.
/// </summary>
internal static class ContentTexts
{
    /// <summary>Hands each text to a sink.</summary>
    /// <param name="content">The content's bytes, well-formed JSON.</param>
    /// <param name="sink">Takes the texts in order.</param>
    public static void Walk<TSink>(ReadOnlySpan<byte> content, ref TSink sink)
        where TSink : struct, ITextSink, allows ref struct
    {
        if (content.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(content, JsonLimits.Reader);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            sink.Add(reader.ValueSpan);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var isText = reader.CurrentDepth == 2 && reader.ValueTextEquals("text"u8);
                reader.Read();
                if (isText && reader.TokenType == JsonTokenType.String)
                {
                    sink.Add(reader.ValueSpan);
                }

                reader.Skip();
            }
        }
    }
}
