using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>
/// The sources of a text block: LangChain's own <c>annotations</c> (<c>{type:"citation",url,title,start_index,end_index,cited_text}</c>),
/// OpenAI's <c>url_citation</c>s, which it lets through, and Anthropic's <c>citations</c>.
/// </summary>
internal static class LangGraphCitations
{
    /// <summary>Those that name a page on the web.</summary>
    public static List<Citation> Of(JsonElement block)
    {
        var pages = new List<Citation>();
        foreach (var item in All(block))
        {
            if (Page(item) is { } page)
            {
                pages.Add(page);
            }
        }

        return pages;
    }

    /// <summary>The others, which no other format has a place for; null when there are none.</summary>
    public static OpaquePart? Lost(JsonElement block)
    {
        foreach (var item in All(block))
        {
            if (Page(item) is null)
            {
                return new OpaquePart(LangGraphFormat.FormatName, "annotations", item.GetRawText());
            }
        }

        return null;
    }

    private static IEnumerable<JsonElement> All(JsonElement block)
    {
        foreach (var name in (string[])["annotations", "citations"])
        {
            if (block.Get(name) is { ValueKind: JsonValueKind.Array } list)
            {
                foreach (var item in list.EnumerateArray())
                {
                    yield return item;
                }
            }
        }
    }

    private static Citation? Page(JsonElement item)
    {
        var body = item.Get("url_citation") is { ValueKind: JsonValueKind.Object } nested ? nested : item;
        return body.Text("url") is { Length: > 0 } url
            ? new Citation(url, body.Text("title"), body.Text("cited_text") ?? body.Text("content"), Place(body, "start_index"), Place(body, "end_index"))
            : null;
    }

    private static int? Place(JsonElement body, string name) =>
        body.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var place) && place >= 0 ? place : null;
}
