using System.Collections.Frozen;

namespace Sommelier.Evals.Markup;

/// <summary>What HTML's standard says of its elements, as far as it decides what stands in what (html.spec.whatwg.org, §13.2).</summary>
internal static class HtmlElements
{
    /// <summary>The elements that count as HTML: those of the standard that are not obsolete, with svg and math.</summary>
    public static FrozenSet<string> Known { get; } = Words(
        "html head title base link meta style body article section nav aside h1 h2 h3 h4 h5 h6 header footer address p hr pre blockquote ol ul li dl dt dd figure figcaption main div "
        + "a em strong small s cite q dfn abbr ruby rt rp data time code var samp kbd sub sup i b u mark bdi bdo span br wbr img iframe embed object param picture source video audio track "
        + "map area svg math script noscript canvas ins del table caption colgroup col tbody thead tfoot tr td th form label input button select datalist optgroup option textarea output "
        + "progress meter fieldset legend details summary dialog menu slot template");

    /// <summary>Elements without content.</summary>
    public static FrozenSet<string> Void { get; } = Words("area base br col embed hr img input link meta param source track wbr");

    /// <summary>Elements whose content is text up to their end tag, whatever it looks like.</summary>
    public static FrozenSet<string> Raw { get; } = Words("script style textarea title xmp iframe noembed noframes");

    /// <summary>Elements that end an open paragraph.</summary>
    public static FrozenSet<string> Blocks { get; } = Words(
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup main menu nav ol p search section summary ul h1 h2 h3 h4 h5 h6 pre listing form li dd dt hr table xmp plaintext");

    /// <summary>Elements that open again after a paragraph that ended before they did.</summary>
    public static FrozenSet<string> Formatting { get; } = Words("a b big code em font i nobr s small strike strong tt u");

    /// <summary>Elements that stand in tables only.</summary>
    public static FrozenSet<string> TableParts { get; } = Words("caption colgroup col tbody thead tfoot tr td th");

    /// <summary>Elements beyond which end tags do not look for their beginning.</summary>
    public static FrozenSet<string> Scopes { get; } = Words("table td th caption template object marquee applet");

    private static FrozenSet<string> Words(string list) => list.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
