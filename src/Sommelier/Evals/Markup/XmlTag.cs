using System.Runtime.InteropServices;
using System.Xml;

namespace Sommelier.Evals.Markup;

/// <summary>What a tag is.</summary>
internal enum XmlTagKind
{
    Opening,
    Closing,

    /// <summary>Opening and closing in one.</summary>
    Empty,

    /// <summary>A comment, a CDATA section, a declaration or an instruction: no element.</summary>
    Other,
}

/// <summary>A tag in a text that need not be XML as a whole.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The element's name, with its prefix; empty for what is no element.</param>
/// <param name="Start">The place of its <c>&lt;</c>.</param>
/// <param name="End">The place after its last sign.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct XmlTag(XmlTagKind Kind, string Name, int Start, int End)
{
    /// <summary>The tags of a text, in its order; a <c>&lt;</c> that begins none is text.</summary>
    public static IEnumerable<XmlTag> In(string text)
    {
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = at < text.Length ? text.IndexOf('<', at) : -1)
        {
            if (Read(text, at) is { } tag)
            {
                yield return tag;
                at = tag.End;
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>The names of an opening tag's attributes with <c>@_</c> before them, as promptfoo's paths name them.</summary>
    public IEnumerable<string> Attributes(string text)
    {
        for (var at = Start + 1 + Name.Length; at < End;)
        {
            var length = NameLength(text, at);
            if (length == 0)
            {
                at = text[at] is '"' or '\'' ? Math.Max(at, text.IndexOf(text[at], at + 1)) + 1 : at + 1;
                continue;
            }

            yield return $"@_{text.AsSpan(at, length)}";
            at += length;
        }
    }

    private static XmlTag? Read(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("<!--") || rest.StartsWith("<![CDATA[") || rest.StartsWith("<?"))
        {
            var (skip, mark) = rest[1] == '?' ? (2, "?>") : rest[2] == '-' ? (4, "-->") : (9, "]]>");
            var end = text.IndexOf(mark, at + skip, StringComparison.Ordinal);
            return new(XmlTagKind.Other, "", at, end < 0 ? text.Length : end + mark.Length);
        }

        if (rest.StartsWith("<!"))
        {
            return new(XmlTagKind.Other, "", at, DeclarationEnd(text, at + 2));
        }

        var closes = rest.StartsWith("</");
        var name = at + (closes ? 2 : 1);
        var length = NameLength(text, name);
        return length > 0 && TagEnd(text, name + length) is { } close
            ? new(closes ? XmlTagKind.Closing : text.AsSpan(at, close - at).TrimEnd()[^1] == '/' ? XmlTagKind.Empty : XmlTagKind.Opening, text.Substring(name, length), at, close + 1)
            : null;
    }

    // A quoted value may hold anything; outside of it another tag's begin says that this is none.
    private static int? TagEnd(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"' or '\'':
                    at = text.IndexOf(text[at], at + 1);
                    if (at < 0)
                    {
                        return null;
                    }

                    break;
                case '<':
                    return null;
                case '>':
                    return at;
            }
        }

        return null;
    }

    private static int DeclarationEnd(string text, int from)
    {
        var depth = 0;
        for (var at = from; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"' or '\'':
                    at = text.IndexOf(text[at], at + 1);
                    if (at < 0)
                    {
                        return text.Length;
                    }

                    break;
                case '[':
                    depth++;
                    break;
                case ']':
                    depth = Math.Max(0, depth - 1);
                    break;
                case '>' when depth == 0:
                    return at + 1;
            }
        }

        return text.Length;
    }

    private static int NameLength(string text, int from)
    {
        var at = from;
        while (at < text.Length)
        {
            var pair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (!pair && !(at == from ? XmlConvert.IsStartNCNameChar(text[at]) || text[at] == ':' : XmlConvert.IsNCNameChar(text[at]) || text[at] == ':'))
            {
                break;
            }

            at += pair ? 2 : 1;
        }

        return at - from;
    }
}
