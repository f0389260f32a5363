using System.Text;
using Sommelier.Routing;

namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>What makes two rows the same question: its text without examples, options, case and punctuation.</summary>
internal static class QuestionStem
{
    private const string Mark = "Question:";
    private const int LeastLetters = 12;

    /// <summary>The stem of a prompt; of the id where there is no prompt.</summary>
    /// <remarks>
    /// Of a prompt with several blocks and options (<c>A.</c>, <c>A)</c>, <c>(A)</c>) the block before the last options is
    /// the question; what stands before it are examples. A stem too short to tell questions apart is the whole prompt.
    /// </remarks>
    public static string Of(string? prompt, string id)
    {
        if (string.IsNullOrEmpty(prompt))
        {
            return id;
        }

        var stem = Normalised(Question(prompt));
        return stem.Length >= LeastLetters ? stem : Normalised(prompt) is { Length: > 0 } whole ? whole : id;
    }

    /// <summary>A number for a stem.</summary>
    public static ulong Hash(string stem)
    {
        var hash = new StableHash();
        hash.Add(stem);
        return hash.Value;
    }

    private static string Question(string prompt)
    {
        var marked = prompt.LastIndexOf(Mark, StringComparison.Ordinal);
        var text = marked < 0 ? prompt : prompt[(marked + Mark.Length)..];
        var options = LastOptions(text);
        if (options < 0)
        {
            return text;
        }

        var before = text[..options].TrimEnd();
        var block = before.LastIndexOf("\n\n", StringComparison.Ordinal);
        return block < 0 ? before : before[block..];
    }

    private static int LastOptions(string text) =>
        Math.Max(
            text.LastIndexOf("\nA.", StringComparison.Ordinal),
            Math.Max(text.LastIndexOf("\nA)", StringComparison.Ordinal), text.LastIndexOf("\n(A)", StringComparison.Ordinal)));

    private static string Normalised(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            if (char.IsLetterOrDigit(unit))
            {
                letters.Append(char.ToLowerInvariant(unit));
            }
        }

        return letters.ToString();
    }
}
