using System.Net;

namespace Sommelier.Evals.Markup;

/// <summary>
/// Whether a text is HTML: it has an element of HTML, and no words outside of its elements. Follows the parts of the standard's parser that
/// decide what stands in what: elements without content, raw text, paragraphs that end by themselves, formatting that goes on, tables.
/// </summary>
internal sealed class HtmlOutline
{
    // As browsers have it: what is nested deeper is taken for flat, so that no answer takes long.
    private const int MostOpen = 512;

    private readonly string text;
    private readonly List<string> open = [];
    private readonly List<string> goesOn = [];
    private bool hasKnown;
    private bool hasBody;
    private bool hasLooseWords;

    private HtmlOutline(string text) => this.text = text;

    /// <summary>What is against it; null when it is HTML.</summary>
    public static string? Mistake(string answer)
    {
        var text = answer.Trim();
        if (text.Length == 0)
        {
            return "the answer is empty";
        }

        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
        {
            return "the answer is XML, not HTML";
        }

        var outline = new HtmlOutline(text);
        outline.Read();
        return outline.hasLooseWords && !outline.hasBody ? "words stand outside of the elements"
            : outline.hasKnown ? null : "there is no element of HTML";
    }

    private void Read()
    {
        for (var at = 0; at < text.Length;)
        {
            var tag = text.IndexOf('<', at);
            if (tag < 0)
            {
                Words(text.AsSpan(at));
                return;
            }

            Words(text.AsSpan(at, tag - at));
            at = TagAt(tag);
            if (at == tag)
            {
                Words("<");
                at++;
            }
        }
    }

    // The place after the tag or comment that begins at a place; the place itself when it is text.
    private int TagAt(int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : ' ';
        if (next is '!' or '?' || (next == '/' && at + 2 < text.Length && !char.IsAsciiLetter(text[at + 2])))
        {
            var comment = text.AsSpan(at).StartsWith("<!--");
            var mark = comment && !text.AsSpan(at).StartsWith("<!-->") && !text.AsSpan(at).StartsWith("<!--->") ? "-->" : ">";
            var closes = text.IndexOf(mark, at + (comment ? 4 : 1), StringComparison.Ordinal);
            return closes < 0 ? text.Length : closes + mark.Length;
        }

        var isEnd = next == '/';
        var name = at + (isEnd ? 2 : 1);
        if (name >= text.Length || !char.IsAsciiLetter(text[name]))
        {
            return at;
        }

        var nameEnd = name;
        while (nameEnd < text.Length && text[nameEnd] is not ('>' or '/') && !char.IsWhiteSpace(text[nameEnd]))
        {
            nameEnd++;
        }

        var end = TagEnd(nameEnd);
        if (end < 0)
        {
            // A tag that does not end is no tag, nor text.
            return text.Length;
        }

        var element = text[name..nameEnd].ToLowerInvariant();
        if (isEnd)
        {
            End(element);
            return end + 1;
        }

        Start(element, text[end - 1] == '/');
        return HtmlElements.Raw.Contains(element) ? AfterRaw(element, end + 1) : end + 1;
    }

    private int TagEnd(int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == '>')
            {
                return at;
            }

            // A quote begins a value after an equals sign only.
            if (text[at] is '"' or '\'' && text.AsSpan(from, at - from).TrimEnd() is [.., '='])
            {
                at = text.IndexOf(text[at], at + 1);
                if (at < 0)
                {
                    return -1;
                }
            }
        }

        return -1;
    }

    private int AfterRaw(string element, int from)
    {
        for (var at = text.IndexOf("</", from, StringComparison.Ordinal); at >= 0; at = text.IndexOf("</", at + 2, StringComparison.Ordinal))
        {
            if (text.AsSpan(at + 2).StartsWith(element, StringComparison.OrdinalIgnoreCase))
            {
                // One that does not end takes all that follows along, as any tag does.
                return TagEnd(at + 2 + element.Length) is >= 0 and var end ? end + 1 : text.Length;
            }
        }

        return text.Length;
    }

    private void Start(string element, bool isClosed)
    {
        if (element is "html" or "head" or "body")
        {
            hasBody |= element is "body";
            hasKnown = true;
            return;
        }

        if (HtmlElements.TableParts.Contains(element) && !open.Contains("table"))
        {
            // Outside of a table it is left out.
            return;
        }

        hasKnown |= HtmlElements.Known.Contains(element) || element.Contains('-', StringComparison.Ordinal);
        if (HtmlElements.Blocks.Contains(element))
        {
            Close("p");
        }

        foreach (var sibling in (ReadOnlySpan<string>)(element switch { "li" => ["li"], "dd" or "dt" => ["dd", "dt"], "option" => ["option"], "tr" => ["tr"], "td" or "th" => ["td", "th"], "tbody" or "thead" or "tfoot" => ["tbody", "thead", "tfoot"], _ => [] }))
        {
            if (open.LastIndexOf(sibling) is >= 0 and var at && !open.Skip(at + 1).Any(static inner => inner is "ul" or "ol" or "dl" or "table"))
            {
                Pop(at);
            }
        }

        var isForeign = element is "svg" or "math" || open.Exists(static outer => outer is "svg" or "math");
        if (!HtmlElements.Void.Contains(element) && !HtmlElements.Raw.Contains(element) && !(isForeign && isClosed) && open.Count < MostOpen)
        {
            open.Add(element);
        }
    }

    private void End(string element)
    {
        if (element is "p" or "br" && !open.Contains("p"))
        {
            // Even alone it makes an element.
            hasKnown = true;
            return;
        }

        if (HtmlElements.Formatting.Contains(element))
        {
            if (open.LastIndexOf(element) is >= 0 and var at)
            {
                // What it holds goes on: a paragraph in it is still open.
                open.RemoveAt(at);
            }
            else
            {
                goesOn.Remove(element);
            }

            return;
        }

        Close(element);
    }

    private void Close(string element)
    {
        for (var at = open.Count - 1; at >= 0; at--)
        {
            if (string.Equals(open[at], element, StringComparison.Ordinal))
            {
                Pop(at);
                return;
            }

            if (HtmlElements.Scopes.Contains(open[at]) && !(HtmlElements.TableParts.Contains(element) || element is "table"))
            {
                return;
            }
        }
    }

    private void Pop(int at)
    {
        goesOn.AddRange(open.Skip(at + 1).Where(HtmlElements.Formatting.Contains).Take(MostOpen - goesOn.Count));
        open.RemoveRange(at, open.Count - at);
    }

    private void Words(ReadOnlySpan<char> words)
    {
        if (hasLooseWords || goesOn.Count > 0 || words.Trim().IsEmpty || WebUtility.HtmlDecode(words.ToString()).AsSpan().Trim().IsEmpty)
        {
            return;
        }

        // Words between the parts of a table stand before it.
        var level = open is [.., "table" or "tbody" or "thead" or "tfoot" or "tr" or "colgroup"] ? open.LastIndexOf("table") : open.Count;
        hasLooseWords = level == 0;
    }
}
