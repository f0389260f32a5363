using System.Text;
using System.Text.Json;

namespace Sommelier.Evals.Json;

/// <summary>JSON in an answer: the whole of it, or what stands between its words.</summary>
internal static class JsonText
{
    /// <summary>Nested deeper, a text counts as no JSON: comparing and checking it recurses.</summary>
    public const int MostNested = 128;

    // Bytes that may be read in vain in one answer; each bracket of a broken answer begins a new try.
    private const long MostWork = 256L << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MostNested };

    /// <summary>The text as a JSON value, strictly (RFC 8259); null when it is none.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // The second: half of a surrogate pair.
            return null;
        }
    }

    /// <summary>The objects and lists that stand in a text, e.g. within a fence or a sentence, in its order; none inside another.</summary>
    public static IEnumerable<JsonElement> Find(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var work = MostWork;
        for (var i = 0; i < bytes.Length && work > 0; i++)
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

            work -= length;
        }
    }

    private static JsonElement? Read(ReadOnlyMemory<byte> bytes, out int length)
    {
        var reader = new Utf8JsonReader(bytes.Span, new JsonReaderOptions { MaxDepth = MostNested, AllowMultipleValues = true });
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
            length = Math.Max(length, (int)reader.BytesConsumed);
            return null;
        }
    }
}
