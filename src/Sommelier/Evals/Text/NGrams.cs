using System.Runtime.InteropServices;

namespace Sommelier.Evals.Text;

/// <summary>Runs of n words of a text, counted.</summary>
internal sealed class NGrams
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>Counts the runs.</summary>
    /// <param name="words">The text's words.</param>
    /// <param name="length">How many words a run has.</param>
    public NGrams(IReadOnlyList<string> words, int length)
    {
        for (var i = 0; i + length <= words.Count; i++)
        {
            // A separator that no word holds.
            CollectionsMarshal.GetValueRefOrAddDefault(counts, string.Join('\0', words.Skip(i).Take(length)), out _)++;
            Total++;
        }
    }

    /// <summary>How many runs there are.</summary>
    public int Total { get; }

    /// <summary>How many are in both, each as often as in the one where it is rarer.</summary>
    public int Shared(NGrams other) => counts.Sum(pair => Math.Min(pair.Value, other.counts.GetValueOrDefault(pair.Key)));

    /// <summary>How many are in one of the others, each as often as in that one of them where it is most frequent.</summary>
    public int Shared(IReadOnlyList<NGrams> others) => counts.Sum(pair => Math.Min(pair.Value, others.Max(other => other.counts.GetValueOrDefault(pair.Key))));
}
