using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>The plain baseline's features: every word and word pair, every run of one to four characters, nothing else.</summary>
internal static class PlainFeatures
{
    public const int BucketCount = 1 << 20;

    public static readonly Settings Settings = new()
    {
        SourceBalance = 0, LabelBalance = 0, NaturalWeight = 1, Smoothing = 0,
        GramDropout = 0, DenseDropout = 0, FeatureDropout = 0, MinSources = 1,
    };

    public static List<Row> Of(IEnumerable<Row> rows) => [.. rows.Select(row => row.With(Read(row.Input().LastUserTurn)))];

    private static int[] Read(ReadOnlySpan<char> text)
    {
        var found = new HashSet<int>();
        ulong window = 0;
        var previous = 0u;
        var state = FeatureHash.WordSeed;
        var inWord = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var unit = i < text.Length ? CharKinds.Fold(text[i]) : ' ';
            if (i < text.Length)
            {
                window = (window << 16) | unit;
                for (var length = 1; length <= Math.Min(4, i + 1); length++)
                {
                    found.Add((int)(FeatureHash.Gram(window, length) % BucketCount));
                }
            }

            if (CharKinds.Kinds[unit] is not (CharKinds.Space or CharKinds.Other))
            {
                state = FeatureHash.Step(state, unit);
                inWord = true;
            }
            else if (inWord)
            {
                var word = FeatureHash.Word(state);
                found.Add((int)(word % BucketCount));
                found.Add((int)(FeatureHash.WordPair(previous, word) % BucketCount));
                (previous, state, inWord) = (word, FeatureHash.WordSeed, false);
            }
        }

        return [.. found.Order()];
    }
}
