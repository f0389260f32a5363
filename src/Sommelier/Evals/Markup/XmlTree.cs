using System.Globalization;

namespace Sommelier.Evals.Markup;

/// <summary>Which elements and attributes stand in which, as promptfoo's paths ask for them.</summary>
/// <remarks>
/// A path names elements from the root on, with dots: <c>order.item</c>. An element that stands there several times is a list, in which the
/// path goes on with a place: <c>order.item.0.name</c>. <c>@_id</c> is an attribute, <c>#text</c> the words beside other things.
/// </remarks>
internal sealed class XmlTree
{
    private readonly Dictionary<string, List<XmlTree>> inside = new(StringComparer.Ordinal);

    /// <summary>Of a piece of text whose tags match.</summary>
    public static XmlTree Of(string text)
    {
        var root = new XmlTree();
        var open = new Stack<XmlTree>([root]);
        var at = 0;
        foreach (var tag in XmlTag.In(text))
        {
            open.Peek().Words(text.AsSpan(at, tag.Start - at));
            at = tag.End;
            switch (tag.Kind)
            {
                case XmlTagKind.Opening or XmlTagKind.Empty:
                    var element = open.Peek().Add(tag.Name);
                    foreach (var attribute in tag.Attributes(text))
                    {
                        element.Add(attribute);
                    }

                    if (tag.Kind == XmlTagKind.Opening)
                    {
                        open.Push(element);
                    }

                    break;
                case XmlTagKind.Closing when open.Count > 1:
                    open.Pop();
                    break;
                case XmlTagKind.Other when text.AsSpan(tag.Start).StartsWith("<![CDATA["):
                    open.Peek().hasWords = true;
                    break;
            }
        }

        root.Words(text.AsSpan(at));
        return root;
    }

    /// <summary>Whether something stands at a path.</summary>
    public bool Has(string path)
    {
        List<XmlTree> here = [this];
        foreach (var step in path.Split('.'))
        {
            if (here.Count > 1)
            {
                if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || place >= here.Count || !string.Equals(step, place.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                {
                    return false;
                }

                here = [here[place]];
            }
            else if (here[0].inside.TryGetValue(step, out var found))
            {
                here = found;
            }
            else
            {
                return step is "#text" && here[0].hasWords && here[0].inside.Count > 0;
            }
        }

        return true;
    }

    private bool hasWords;

    private void Words(ReadOnlySpan<char> text) => hasWords |= !text.Trim().IsEmpty;

    private XmlTree Add(string name)
    {
        if (!inside.TryGetValue(name, out var same))
        {
            inside[name] = same = [];
        }

        var made = new XmlTree();
        same.Add(made);
        return made;
    }
}
