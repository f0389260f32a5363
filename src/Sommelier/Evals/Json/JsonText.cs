using System.Text;
using System.Text.Json;
using Sommelier.JsonSchemas;

namespace Sommelier.Evals.Json;

/// <summary>JSON in an answer: the whole of it, or what stands between its words.</summary>
internal static class JsonText
{
    // Brackets that may begin no JSON; each is a try in vain, with an exception.
    private const int MostTries = 2_000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = StrictJson.MostNested };

    /// <summary>The text as a JSON value, strictly (RFC 8259); null when it is none.</summary>
    public static JsonElement? Parse(string text) => StrictJson.Parse(text);

    /// <summary>The objects and lists that stand in a text, e.g. within a fence or a sentence, in its order; none inside another. After 2,000 brackets that begin none it looks no further.</summary>
    public static IEnumerable<JsonElement> Find(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var tries = MostTries;
        for (var i = 0; i < bytes.Length && tries > 0; i++)
        {
            if (bytes[i] is not ((byte)'{' or (byte)'['))
            {
                continue;
            }

            if (Read(bytes.AsMemory(i), out var length) is { } found)
            {
                yield return found;
                i += length - 1;
            }
            else
            {
                tries--;
            }
        }
    }

    private static JsonElement? Read(ReadOnlyMemory<byte> bytes, out int length)
    {
        var reader = new Utf8JsonReader(bytes.Span, new JsonReaderOptions { MaxDepth = StrictJson.MostNested, AllowMultipleValues = true });
        length = 0;
        try
        {
            reader.Read();
            reader.Skip();
            length = (int)reader.BytesConsumed;
            using var document = JsonDocument.Parse(bytes[..length], Options);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
