using System.Text.RegularExpressions;

namespace Sommelier.Tests.Routing.Classification;

/// <summary>Pairs of texts that share more than half of their runs of five characters (Jaccard), digits and spacing aside.</summary>
internal static partial class NearDuplicates
{
    private const int Run = 5;

    private const double TooAlike = 0.5;

    /// <summary>Shorter texts ("yes", "hi there") may stand twice.</summary>
    private const int FewestRuns = 6;

    /// <summary>A run that stands in more texts says nothing of a pair.</summary>
    private const int MostTexts = 60;

    /// <summary>How many of the likeliest partners of a text are compared exactly.</summary>
    private const int Compared = 5;

    public static List<(int First, int Second)> Find(IReadOnlyList<string> texts)
    {
        var found = new List<(int, int)>();
        var runs = texts.Select(Runs).ToArray();
        var index = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var shared = new int[texts.Count];
        for (var second = 0; second < runs.Length; second++)
        {
            if (runs[second].Count < FewestRuns)
            {
                continue;
            }

            var touched = new List<int>();
            foreach (var run in runs[second])
            {
                var holders = index.TryGetValue(run, out var list) ? list : index[run] = [];
                if (holders.Count < MostTexts)
                {
                    touched.AddRange(holders.Where(first => shared[first]++ == 0));
                    holders.Add(second);
                }
            }

            var partners = touched.OrderByDescending(first => shared[first]).Take(Compared);
            found.AddRange(partners.Where(first => Jaccard(runs[first], runs[second]) > TooAlike).Select(first => (first, second)));
            touched.ForEach(first => shared[first] = 0);
        }

        return found;
    }

    private static double Jaccard(HashSet<string> left, HashSet<string> right)
    {
        var both = (double)left.Count(right.Contains);
        return both / (left.Count + right.Count - both);
    }

    private static HashSet<string> Runs(string text)
    {
        var plain = Digit().Replace(Space().Replace(text.ToLowerInvariant(), " "), "0");
        return [.. Enumerable.Range(0, Math.Max(1, plain.Length - Run + 1)).Select(i => plain.Substring(i, Math.Min(Run, plain.Length - i)))];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\d")]
    private static partial Regex Digit();
}
