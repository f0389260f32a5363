using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Citations;

/// <summary>
/// OpenAI's <c>url_citation</c>s: flat in its responses (<c>{type,url,title,start_index,end_index}</c>), in an object of that
/// name in its chat.
/// </summary>
/// <remarks>Source: openai 7.57.0 (<c>ChatCompletionMessage.Annotation</c>, <c>ResponseOutputText.URLCitation</c>). Indexes are taken as UTF-16 characters.</remarks>
internal static class UrlCitations
{
    private const string Type = "url_citation";

    /// <summary>A list of annotations; null when one of them is of another kind, which only its own format knows.</summary>
    public static List<Citation>? ReadAll(string json, string format)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var all = new List<Citation>();
        foreach (var item in document.RootElement.EnumerateArray())
        {
            if (Read(item, format) is not { } citation)
            {
                return null;
            }

            all.Add(citation);
        }

        return all;
    }

    /// <summary>One annotation; null when it is of another kind.</summary>
    public static Citation? Read(JsonElement annotation, string format)
    {
        if (!string.Equals(annotation.Text("type"), Type, StringComparison.Ordinal))
        {
            return null;
        }

        var body = annotation.Get(Type) is { ValueKind: JsonValueKind.Object } nested ? nested : annotation;
        if (body.Text("url") is not { Length: > 0 } url)
        {
            return null;
        }

        return new Citation(url, body.Text("title"), body.Text("content"), Index(body, "start_index"), Index(body, "end_index"))
        {
            Source = new OpaquePart(format, Type, annotation.GetRawText()),
        };
    }

    /// <summary>Writes an annotation of text that counts from and to the given characters.</summary>
    /// <param name="citation">The citation.</param>
    /// <param name="start">Where the cited text begins.</param>
    /// <param name="end">Where it ends, not included.</param>
    /// <param name="format">The writer's format: what came in it is written as it came.</param>
    /// <param name="nested">Whether the fields stand in an object of their own, as in chat.</param>
    /// <param name="writer">Takes it.</param>
    public static void Write(Citation citation, int start, int end, string format, bool nested, Utf8JsonWriter writer)
    {
        if (citation.Source is { } source && string.Equals(source.Format, format, StringComparison.Ordinal))
        {
            writer.WriteRawValue(source.Json, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", Type);
        if (nested)
        {
            writer.WriteStartObject(Type);
        }

        writer.WriteNumber("start_index", start);
        writer.WriteNumber("end_index", end);
        writer.WriteString("url", citation.Url);
        writer.WriteString("title", citation.Title ?? citation.Url);
        if (nested)
        {
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>A citation in a text that was cut: its place counts from elsewhere, and what it was read from no longer tells it.</summary>
    /// <param name="citation">The citation.</param>
    /// <param name="by">What is added to its place, in UTF-16 characters.</param>
    /// <param name="length">How long the text is now.</param>
    public static Citation Moved(Citation citation, int by, int length) => citation with
    {
        Start = Math.Clamp((citation.Start ?? 0) + by, 0, length),
        End = citation.End is { } end ? Math.Clamp(end + by, 0, length) : null,
        Source = citation.Source is { Type: Type } ? null : citation.Source,
    };

    private static int? Index(JsonElement body, string name) =>
        body.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var index) && index >= 0 ? index : null;
}
