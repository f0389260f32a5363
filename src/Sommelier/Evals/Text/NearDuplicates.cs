using System.Text;
using Sommelier.Routing;

namespace Sommelier.Evals.Text;

/// <summary>Texts that share more than a part of their runs of five characters (Jaccard), digits, capitals and spacing aside.</summary>
/// <remarks>
/// Of a long text the runs with the 512 smallest hashes stand for all (a bottom-k sketch, Broder 1997): its likeness to another is then
/// known to about two points, in a space that does not grow with the text.
/// </remarks>
/// <param name="tooAlike">The part, 0 to 1; with 1 no two texts are alike.</param>
internal sealed class NearDuplicates(double tooAlike)
{
    private const int Run = 5;
    private const int Sketch = 512;

    /// <summary>Shorter texts ("yes", "hi there") may stand twice.</summary>
    private const int FewestRuns = 6;

    /// <summary>A run that stands in more texts says nothing of a pair.</summary>
    private const int MostTexts = 60;

    /// <summary>How many of the likeliest partners of a text are compared exactly.</summary>
    private const int Compared = 5;

    private readonly Dictionary<ulong, List<int>> index = [];
    private readonly List<ulong[]> known = [];

    /// <summary>All pairs of a list, the earlier text first.</summary>
    public static List<(int First, int Second)> Find(IReadOnlyList<string> texts, double tooAlike)
    {
        var found = new List<(int, int)>();
        var seen = new NearDuplicates(tooAlike);
        for (var second = 0; second < texts.Count; second++)
        {
            found.AddRange(seen.Alike(texts[second]).Select(first => (first, second)));
            seen.Add(texts[second]);
        }

        return found;
    }

    /// <summary>The texts before, by number, that a text is nearly the same as; the likeliest first.</summary>
    public IReadOnlyList<int> Alike(string text)
    {
        var runs = Runs(text);
        if (runs.Length < FewestRuns)
        {
            return [];
        }

        var shared = new Dictionary<int, int>();
        foreach (var run in runs)
        {
            foreach (var holder in index.GetValueOrDefault(run) ?? [])
            {
                shared[holder] = shared.GetValueOrDefault(holder) + 1;
            }
        }

        return [.. shared.OrderByDescending(static pair => pair.Value).Take(Compared).Select(static pair => pair.Key).Where(holder => Jaccard(known[holder], runs) > tooAlike)];
    }

    /// <summary>Takes a text, with the next number.</summary>
    public void Add(string text)
    {
        var runs = Runs(text);
        if (runs.Length >= FewestRuns)
        {
            foreach (var run in runs)
            {
                var holders = index.TryGetValue(run, out var list) ? list : index[run] = [];
                if (holders.Count < MostTexts)
                {
                    holders.Add(known.Count);
                }
            }
        }

        known.Add(runs);
    }

    // Of the smallest of both together, the share that stands in both: all of them, where neither was long.
    private static double Jaccard(ulong[] left, ulong[] right)
    {
        int i = 0, j = 0, both = 0, all = 0;
        for (; all < Sketch && (i < left.Length || j < right.Length); all++)
        {
            var order = i == left.Length ? 1 : j == right.Length ? -1 : left[i].CompareTo(right[j]);
            both += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return (double)both / all;
    }

    private static ulong[] Runs(string text)
    {
        var plain = Plain(text);
        var runs = new HashSet<ulong>();
        for (var at = 0; at == 0 || at + Run <= plain.Length; at++)
        {
            var hash = new StableHash();
            hash.Add(plain.AsSpan(at, Math.Min(Run, plain.Length - at)));
            runs.Add(hash.Value);
        }

        ulong[] sorted = [.. runs.Order()];
        return sorted.Length <= Sketch ? sorted : sorted[..Sketch];
    }

    private static string Plain(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter))
            {
                result.Append(char.IsDigit(letter) ? '0' : char.ToLowerInvariant(letter));
            }
            else if (result.Length == 0 || result[^1] != ' ')
            {
                result.Append(' ');
            }
        }

        return result.ToString();
    }
}
