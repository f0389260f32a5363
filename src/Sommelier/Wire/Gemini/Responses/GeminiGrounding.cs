using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>
/// What a text is grounded in: <c>groundingChunks</c> are the pages, <c>groundingSupports</c> say which bytes of the text rest
/// on which of them. Source: @google/genai 3.3.0 (<c>GroundingMetadata</c>).
/// </summary>
internal static class GeminiGrounding
{
    /// <summary>The member's name.</summary>
    public const string Name = "groundingMetadata";

    /// <summary>The citations in it, each with the number of the text that it belongs to.</summary>
    /// <param name="grounding">The member.</param>
    /// <param name="texts">The texts of the answer, each with the number of its part.</param>
    public static IEnumerable<(int Text, Citation Citation)> Read(JsonElement grounding, IReadOnlyList<(int Part, string Text)> texts)
    {
        var pages = Pages(grounding);
        if (texts.Count == 0 || pages.Count == 0)
        {
            yield break;
        }

        var any = false;
        foreach (var support in Items(grounding, "groundingSupports"))
        {
            var (at, start, end) = Place(support.Get("segment"), texts);
            foreach (var index in Items(support, "groundingChunkIndices"))
            {
                if (index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var page) && page >= 0 && page < pages.Count && pages[page] is { } cited)
                {
                    any = true;
                    yield return (at, cited with { Start = start, End = end });
                }
            }
        }

        foreach (var page in any ? [] : pages)
        {
            if (page is not null)
            {
                yield return (texts.Count - 1, page);
            }
        }
    }

    /// <summary>Writes the member for citations of other vendors.</summary>
    /// <param name="cited">The citations, with the part and its bytes that rest on each; null where that is not known.</param>
    /// <param name="writer">Stands in a candidate.</param>
    public static void Write(IReadOnlyList<(Citation Citation, (int Part, int Start, int End)? Place)> cited, Utf8JsonWriter writer)
    {
        if (cited.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(Name);
        writer.WriteStartArray("groundingChunks"u8);
        foreach (var (citation, _) in cited)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("web"u8);
            writer.WriteString("uri"u8, citation.Url);
            writer.WriteString("title"u8, citation.Title ?? citation.Url);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("groundingSupports"u8);
        for (var i = 0; i < cited.Count; i++)
        {
            if (cited[i].Place is not { } place)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteStartObject("segment"u8);
            writer.WriteNumber("partIndex"u8, place.Part);
            writer.WriteNumber("startIndex"u8, place.Start);
            writer.WriteNumber("endIndex"u8, place.End);
            writer.WriteEndObject();
            writer.WriteStartArray("groundingChunkIndices"u8);
            writer.WriteNumberValue(i);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<Citation?> Pages(JsonElement grounding)
    {
        var pages = new List<Citation?>();
        foreach (var chunk in Items(grounding, "groundingChunks"))
        {
            var page = chunk.Get("web") is { ValueKind: JsonValueKind.Object } web ? web : chunk.Get("retrievedContext");
            pages.Add(page.Text("uri") is { Length: > 0 } uri
                ? new Citation(uri, page.Text("title")) { Source = new OpaquePart(GeminiFormat.FormatName, Name, "{}") }
                : null);
        }

        return pages;
    }

    // The words tell more surely than the numbers, which count bytes of a part.
    private static (int Text, int? Start, int? End) Place(JsonElement segment, IReadOnlyList<(int Part, string Text)> texts)
    {
        if (segment.Text("text") is { Length: > 0 } words)
        {
            var from = (int)segment.Count("startIndex");
            for (var i = 0; i < texts.Count; i++)
            {
                var text = texts[i].Text;
                var near = Characters(text, from);
                var at = near >= 0 && string.CompareOrdinal(text, near, words, 0, words.Length) == 0 ? near : text.IndexOf(words, StringComparison.Ordinal);
                if (at >= 0)
                {
                    return (i, at, at + words.Length);
                }
            }
        }

        // In a stream no part is named: what is told there counts from the beginning of the text.
        var part = (int)segment.Count("partIndex");
        var of = Enumerable.Range(0, texts.Count).Where(i => texts[i].Part == part).DefaultIfEmpty(texts.Count - 1).First();
        var (start, end) = (Characters(texts[of].Text, (int)segment.Count("startIndex")), Characters(texts[of].Text, (int)segment.Count("endIndex")));
        return end > start && start >= 0 ? (of, start, end) : (of, null, null);
    }

    // How many characters the first bytes of a text are; -1 when it has fewer or they end within one.
    private static int Characters(string text, int bytes)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes <= 0)
            {
                break;
            }

            bytes -= rune.Utf8SequenceLength;
            at += rune.Utf16SequenceLength;
        }

        return bytes == 0 ? at : -1;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        owner.Get(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;
}
