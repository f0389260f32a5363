using System.Runtime.InteropServices;

namespace Sommelier.Evals.Text;

/// <summary>ROUGE (Lin, 2004) as Google's rouge-score computes it, without its stemmer: F1 of runs of words, or of the longest common subsequence.</summary>
internal static class Rouge
{
    // Words of which a subsequence is sought; the table of two such texts takes a second or so.
    private const int MostWords = 20_000;

    /// <summary>ROUGE-N.</summary>
    public static Overlap OfRuns(string candidate, string reference, int length)
    {
        var (left, right) = (new NGrams(Tokens.Alphanumeric(candidate), length), new NGrams(Tokens.Alphanumeric(reference), length));
        return Overlap.Of(left.Shared(right), left.Total, right.Total);
    }

    /// <summary>ROUGE-L over whole texts. Of texts of more than 20,000 words the beginning counts.</summary>
    public static Overlap OfSubsequence(string candidate, string reference)
    {
        var (left, right) = (Tokens.Alphanumeric(candidate), Tokens.Alphanumeric(reference));
        return Overlap.Of(Longest(Numbered(left, right)), left.Count, right.Count);
    }

    // Words as numbers: comparing them is then cheap.
    private static (int[] Left, int[] Right) Numbered(List<string> left, List<string> right)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return (Number(left), Number(right));

        int[] Number(List<string> words) => [.. words.Take(MostWords).Select(word =>
        {
            if (!numbers.TryGetValue(word, out var number))
            {
                numbers[word] = number = numbers.Count;
            }

            return number;
        })];
    }

    private static int Longest((int[] Left, int[] Right) words)
    {
        var (before, now) = (new int[words.Right.Length + 1], new int[words.Right.Length + 1]);
        foreach (var word in words.Left)
        {
            for (var j = 0; j < words.Right.Length; j++)
            {
                now[j + 1] = word == words.Right[j] ? before[j] + 1 : Math.Max(before[j + 1], now[j]);
            }

            (before, now) = (now, before);
        }

        return before[^1];
    }
}

/// <summary>What a candidate and a reference share.</summary>
/// <param name="Precision">As a share of the candidate.</param>
/// <param name="Recall">As a share of the reference.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Overlap(double Precision, double Recall)
{
    /// <summary>The harmonic mean.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    /// <summary>From counts; an empty side shares nothing.</summary>
    public static Overlap Of(int shared, int candidate, int reference) =>
        candidate == 0 || reference == 0 ? default : new((double)shared / candidate, (double)shared / reference);
}
