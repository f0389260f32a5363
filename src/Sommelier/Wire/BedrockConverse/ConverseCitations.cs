using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>The block <c>citationsContent</c>: a piece of the answer with where it is taken from.</summary>
/// <remarks>
/// Pages on the web are citations as every format has them. Pages of documents and results that the caller sent have no address,
/// so that other formats have no place for them. Source: @aws-sdk/client-bedrock-runtime, <c>CitationsContentBlock</c>, <c>CitationsDelta</c>.
/// </remarks>
internal static class ConverseCitations
{
    /// <summary>The block's name.</summary>
    public const string Kind = "citationsContent";

    private const string Format = BedrockConverseFormat.FormatName;
    private const string Member = "citations";
    private const string Prefix = Kind + ".";
    private const string Path = Prefix + Member;

    /// <summary>The block's text with its citations; null when it has no text.</summary>
    public static TextPart? Read(JsonFields block)
    {
        if (block.Object(Kind) is not { } cited)
        {
            return null;
        }

        var text = Texts(cited, "content");
        if (text.Length == 0)
        {
            return null;
        }

        var unknown = Unknown(block, cited);
        var pages = new List<Citation?>();
        foreach (var (index, item) in (cited.List(Member)?.EnumerateArray() ?? default).Index())
        {
            pages.Add(Page(JsonFields.Item(item, cited, Member, index)));
        }

        if (pages.Count == 0)
        {
            return new TextPart(text, unknown);
        }

        KeyValuePair<string, string>[] kept = [new(Path, cited.Raw(Member)!)];
        var extra = pages.Contains(null) ? new Extra(Format, kept) : new Extra(Format, []) { Marks = kept };
        return new TextPart(text, Extras.Join(unknown, extra)) { Citations = [.. pages.OfType<Citation>()] };
    }

    /// <summary>A citation of a page on the web; null for one of something else.</summary>
    public static Citation? Page(JsonFields citation)
    {
        if (citation.Object("location")?.Object("web")?.Text("url") is not { Length: > 0 } url)
        {
            return null;
        }

        var words = Texts(citation, "sourceContent");
        return new Citation(url, citation.Text("title"), words.Length == 0 ? null : words) { Source = new OpaquePart(Format, "citation", citation.Element.GetRawText()) };
    }

    /// <summary>Writes a text as the block that it was read from; false when it was none.</summary>
    public static bool TryWrite(TextPart text, Utf8JsonWriter writer)
    {
        if (!string.Equals(text.Extra?.Format, Format, StringComparison.Ordinal) || Extras.Find(text.Extra, Path) is not { } citations)
        {
            return false;
        }

        writer.WriteStartObject();
        writer.WriteStartObject(Kind);
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("text"u8, text.Text);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WritePropertyName(Member);
        writer.WriteRawValue(citations, skipInputValidation: true);
        Extras.WriteInner(text.Extra, Prefix, writer, Format, Path, Prefix + "content[");
        writer.WriteEndObject();
        Extras.WriteInner(text.Extra, "", writer, Format, Prefix);
        writer.WriteEndObject();
        return true;
    }

    // Of the block, its object, the texts and the citations.
    private static Extra? Unknown(JsonFields block, JsonFields cited)
    {
        var extra = ConverseBlockReader.Unknown(block, Kind, ["content", Member]);
        foreach (var (list, known) in (ReadOnlySpan<(string, string[])>)[("content", ["text"]), (Member, ["title", "source", "sourceContent", "location"])])
        {
            foreach (var (index, item) in (cited.List(list)?.EnumerateArray() ?? default).Index())
            {
                extra = Extras.Join(extra, Extras.Within($"{Prefix}{list}[{index}].", JsonFields.Item(item, cited, list, index).Unknown(Format, known)));
            }
        }

        return extra;
    }

    private static string Texts(JsonFields owner, string list)
    {
        var texts = new List<string>();
        foreach (var (index, item) in (owner.List(list)?.EnumerateArray() ?? default).Index())
        {
            if (JsonFields.Item(item, owner, list, index).Text("text") is { } text)
            {
                texts.Add(text);
            }
        }

        return string.Concat(texts);
    }
}
