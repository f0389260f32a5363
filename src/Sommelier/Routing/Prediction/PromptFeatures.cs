using System.Runtime.CompilerServices;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Routing.Prediction;

/// <summary>What a text says to a success predictor: the classifier's n-grams and signals, its intents, and plain sizes of the whole and of its last block.</summary>
/// <remarks>The n-grams are exactly those of <see cref="TextFeatures"/>, so one reading could serve both. What stands after the last blank
/// line is measured apart: where examples or a document come first, it is the question, whose size the whole hides.</remarks>
internal sealed class PromptFeatures
{
    /// <summary>How many dense values there are: the classifier's signals, its intents, the sizes.</summary>
    public const int DenseCount = DenseFeatures.Count + Intents.Count + SizeCount;

    /// <summary>Where the sizes stand among the dense values.</summary>
    public const int SizesAt = IntentsAt + Intents.Count;

    private const int IntentsAt = DenseFeatures.Count;
    private const int SizeCount = 2 * SizesOfOne;
    private const int SizesOfOne = 6;

    private PromptFeatures(int[] buckets, float[] dense)
    {
        Buckets = buckets;
        Dense = dense;
    }

    /// <summary>Nothing: there is no text.</summary>
    public static PromptFeatures None { get; } = new([], new float[DenseCount]);

    /// <summary>The distinct buckets of the text's n-grams, in the order of their first place.</summary>
    public int[] Buckets { get; }

    /// <summary><see cref="DenseCount"/> values, most of them 0 or 1.</summary>
    public float[] Dense { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The last user turn.</param>
    [SkipLocalsInit]
    public static PromptFeatures Read(ReadOnlySpan<char> text)
    {
        Span<int> buckets = stackalloc int[FeatureSet.MaxBuckets];
        Span<ulong> seen = stackalloc ulong[FeatureSet.SeenWords];
        var dense = new float[DenseCount];
        var features = new FeatureSet(buckets, seen, dense.AsSpan(0, DenseFeatures.Count));
        TextFeatures.Read(text, ref features);
        IntentClassifier.Shared.Classify(new ClassifierInput { LastUserTurn = text }, dense.AsSpan(IntentsAt, Intents.Count));
        Sizes(text, dense.AsSpan(SizesAt, SizesOfOne));
        Sizes(LastBlock(text), dense.AsSpan(SizesAt + SizesOfOne));
        return new(features.Buckets.ToArray(), dense);
    }

    private static ReadOnlySpan<char> LastBlock(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd();
        var blank = Math.Max(text.LastIndexOf("\n\n"), text.LastIndexOf("\n\r\n"));
        return text[(blank + 1)..].TrimStart();
    }

    // Logarithms of counts, brought to about the range of the other signals: 1,000 characters give 1.
    private static void Sizes(ReadOnlySpan<char> text, Span<float> sizes)
    {
        int numbers = 0, words = 0, sentences = 0, lines = 0, digits = 0;
        var last = ' ';
        foreach (var unit in text)
        {
            numbers += char.IsDigit(unit) && !char.IsDigit(last) ? 1 : 0;
            digits += char.IsDigit(unit) ? 1 : 0;
            words += !char.IsWhiteSpace(unit) && char.IsWhiteSpace(last) ? 1 : 0;
            sentences += unit is '.' or '?' or '!' or '。' or '？' ? 1 : 0;
            lines += unit == '\n' ? 1 : 0;
            last = unit;
        }

        sizes[0] = Log(text.Length, 1000);
        sizes[1] = Log(words, 200);
        sizes[2] = Log(sentences, 20);
        sizes[3] = Log(lines, 50);
        sizes[4] = Log(numbers, 20);
        sizes[5] = Log(digits, 50);
    }

    private static float Log(int count, int unit) => MathF.Log(1 + count) / MathF.Log(1 + unit);
}
