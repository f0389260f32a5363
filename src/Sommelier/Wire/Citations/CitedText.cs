using Sommelier.Canonical;

namespace Sommelier.Wire.Citations;

/// <summary>
/// Follows the text of a stream whose parts run together in the caller's dialect, and holds citations of a whole part until
/// that is said.
/// </summary>
internal sealed class CitedText
{
    private readonly List<Citation> waiting = [];
    private int part = -1;
    private int begin;
    private int length;

    /// <summary>More text of a part. First give out what <see cref="Ended"/> says of the part before.</summary>
    public void Said(int index, string text)
    {
        if (index != part)
        {
            (part, begin) = (index, length);
        }

        length += text.Length;
    }

    /// <summary>Whether a step on another part, or the end, makes held citations known.</summary>
    public bool Ends(int index) => waiting.Count > 0 && index != part;

    /// <summary>A citation: with its place in all of the text when that is known already; else it is held.</summary>
    public (Citation Citation, int Start, int End)? Cited(CitationDelta delta)
    {
        Said(delta.Index, "");
        if (delta.Citation.End is not { } end)
        {
            waiting.Add(delta.Citation);
            return null;
        }

        return (delta.Citation, begin + (delta.Citation.Start ?? 0), begin + end);
    }

    /// <summary>The citations that were held for the part that has ended.</summary>
    public IReadOnlyList<(Citation Citation, int Start, int End)> Ended()
    {
        var all = waiting.ConvertAll(citation => (citation, begin + (citation.Start ?? 0), length));
        waiting.Clear();
        return all;
    }
}
