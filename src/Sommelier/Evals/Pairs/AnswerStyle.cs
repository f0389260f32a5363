using System.Runtime.InteropServices;
using Sommelier.Statistics.Ranking;

namespace Sommelier.Evals.Pairs;

/// <summary>How an answer is dressed: what judges and people like beside what it says.</summary>
/// <remarks>The four features of "Does style matter?", LMSYS, 2024, counted on Markdown; length in UTF-16 units, since tokens differ by model.</remarks>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Headers">Lines that begin with one to six number signs and a space.</param>
/// <param name="Lists">Lines that begin an item of a list, numbered or not.</param>
/// <param name="Bold">Pairs of two asterisks or two underlines.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerStyle(int Length, int Headers, int Lists, int Bold)
{
    /// <summary>The names of the features, in their order.</summary>
    public static IReadOnlyList<string> Features { get; } = ["length", "headers", "lists", "bold"];

    private double[] Counts => [Length, Headers, Lists, Bold];

    /// <summary>Of a text.</summary>
    public static AnswerStyle Of(string text)
    {
        var (headers, lists) = (0, 0);
        foreach (var whole in text.AsSpan().EnumerateLines())
        {
            var line = whole.TrimStart();
            var signs = line.IndexOfAnyExcept('#');
            headers += signs is >= 1 and <= 6 && line[signs] == ' ' ? 1 : 0;
            var digits = line.IndexOfAnyExceptInRange('0', '9');
            lists += line is ['-' or '*' or '+', ' ', ..] || (digits is >= 1 and <= 9 && line[digits..] is ['.' or ')', ' ', ..]) ? 1 : 0;
        }

        return new(text.Length, headers, lists, (text.AsSpan().Count("**") / 2) + (text.AsSpan().Count("__") / 2));
    }

    /// <summary>The differences of some pairs of answers.</summary>
    public static StyleDifferences Differences(IReadOnlyList<(AnswerStyle First, AnswerStyle Second)> pairs)
    {
        var first = pairs.Select(static pair => pair.First.Counts).ToList();
        var second = pairs.Select(static pair => pair.Second.Counts).ToList();
        double[][] Columns(List<double[]> rows) => [.. Enumerable.Range(0, Features.Count).Select(feature => rows.Select(row => row[feature]).ToArray())];
        return StyleDifferences.Of(Columns(first), Columns(second));
    }
}
