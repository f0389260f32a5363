using System.Text;

namespace Sommelier.Wire.Dify;

/// <summary>
/// Holds a text of a workflow's outputs against what was streamed of it. Both have the same words and not the same white space, nor
/// the same thoughts: Dify's model node streams what the model says, and gives out a text without blocks of <c>think</c>, without
/// runs of empty lines and without blanks at its ends (<c>_split_reasoning</c> in its <c>llm/node.py</c>).
/// </summary>
internal static class DifyWords
{
    private const string Thought = "<think>";
    private const string ThoughtEnd = "</think>";

    /// <summary>A text without thoughts and white space.</summary>
    public static string Of(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var place in Places(text))
        {
            words.Append(text[place]);
        }

        return words.ToString();
    }

    /// <summary>What of a text was not streamed yet: its end, or nothing; null when something else was streamed.</summary>
    public static string? Rest(string text, string streamed)
    {
        if (text.StartsWith(streamed, StringComparison.Ordinal))
        {
            return text[streamed.Length..];
        }

        var words = Of(text);
        var said = Of(streamed);
        return streamed.Contains(text, StringComparison.Ordinal) || (words.Length > 0 && said.Contains(words, StringComparison.Ordinal)) ? ""
            : !words.StartsWith(said, StringComparison.Ordinal) ? null
            : said.Length == 0 ? text
            : text[(Places(text).ElementAt(said.Length - 1) + 1)..];
    }

    /// <summary>Words without those of one text in them, once; as they are when it is not in them.</summary>
    public static string Without(string words, string others) =>
        others.Length > 0 && words.IndexOf(others, StringComparison.Ordinal) is var at and >= 0 ? words.Remove(at, others.Length) : words;

    // Where the characters stand that count. A thought that never ends is none.
    private static IEnumerable<int> Places(string text)
    {
        var last = text.LastIndexOf(ThoughtEnd, StringComparison.OrdinalIgnoreCase);
        for (var at = 0; at < text.Length; at++)
        {
            if (at < last && text.AsSpan(at).StartsWith(Thought, StringComparison.OrdinalIgnoreCase))
            {
                at = text.IndexOf(ThoughtEnd, at, StringComparison.OrdinalIgnoreCase) + ThoughtEnd.Length - 1;
            }
            else if (!char.IsWhiteSpace(text[at]))
            {
                yield return at;
            }
        }
    }
}
