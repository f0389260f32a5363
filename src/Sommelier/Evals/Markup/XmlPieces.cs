using System.Runtime.InteropServices;

namespace Sommelier.Evals.Markup;

/// <summary>The pieces of a text that are XML: from an opening tag to the one that closes it, with matching tags between them.</summary>
internal static class XmlPieces
{
    /// <summary>
    /// The pieces, none of which stands in another: elements that stand beside each other are one piece, from the first one's begin to the
    /// last one's end, as promptfoo takes them.
    /// </summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var open = new List<(string Name, int Start)>();
        var found = new List<Piece>();
        foreach (var tag in XmlTag.In(text))
        {
            switch (tag.Kind)
            {
                case XmlTagKind.Opening:
                    open.Add((tag.Name, tag.Start));
                    break;
                case XmlTagKind.Empty:
                    found.Add(new(tag.Start, tag.End, Parent(open)));
                    break;
                case XmlTagKind.Closing when open.Count > 0 && string.Equals(open[^1].Name, tag.Name, StringComparison.Ordinal):
                    var start = open[^1].Start;
                    open.RemoveAt(open.Count - 1);
                    found.Add(new(start, tag.End, Parent(open)));
                    break;
                case XmlTagKind.Closing:
                    open.Clear();
                    break;
            }
        }

        var starts = found.Select(static piece => piece.Start).ToHashSet();
        return [.. found.Where(piece => !starts.Contains(piece.Parent)).GroupBy(static piece => piece.Parent)
            .Select(static beside => (Start: beside.Min(static piece => piece.Start), End: beside.Max(static piece => piece.End)))
            .OrderBy(static span => span.Start).Select(span => text[span.Start..span.End])];
    }

    private static int Parent(List<(string Name, int Start)> open) => open.Count > 0 ? open[^1].Start : -1;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Piece(int Start, int End, int Parent);
}
