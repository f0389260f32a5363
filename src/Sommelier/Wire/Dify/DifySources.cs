using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>What an answer rests on: <c>retriever_resources</c> in the metadata of a message.</summary>
/// <remarks>Dify names pieces of documents in its knowledge; only those from the web have an address by which a caller could cite them.</remarks>
internal static class DifySources
{
    private const string Name = "retriever_resources";

    /// <summary>The pages among them, and the rest as a piece that no dialect has a place for; null when there is none.</summary>
    public static (List<Citation> Pages, OpaquePart? Others) Of(JsonElement metadata)
    {
        var pages = new List<Citation>();
        OpaquePart? others = null;
        if (metadata.Get(Name) is { ValueKind: JsonValueKind.Array } all)
        {
            foreach (var source in all.EnumerateArray())
            {
                if (Address(source) is { } url)
                {
                    pages.Add(new Citation(url, source.Text("title") ?? source.Text("document_name"), source.Text("content")));
                }
                else
                {
                    others ??= Lost(metadata);
                }
            }
        }

        return (pages, others);
    }

    /// <summary>All of them as a piece that is lost.</summary>
    public static OpaquePart Lost(JsonElement metadata) => new(DifyFormat.FormatName, Name, metadata.Get(Name).GetRawText());

    private static string? Address(JsonElement source)
    {
        foreach (var holder in (ReadOnlySpan<JsonElement>)[source, source.Get("doc_metadata"), source.Get("metadata")])
        {
            if ((holder.Text("url") ?? holder.Text("source_url")) is { } url && DifyLinks.Web(url) is not null)
            {
                return url;
            }
        }

        return null;
    }
}
