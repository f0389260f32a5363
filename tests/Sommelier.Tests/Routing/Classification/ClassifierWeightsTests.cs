using System.Security.Cryptography;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Tests.Routing.Classification;

public sealed class ClassifierWeightsTests
{
    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var weights = ClassifierWeights.LoadShared();
        using var stream = new MemoryStream();

        weights.Write(stream);
        stream.Position = 0;
        var again = ClassifierWeights.Read(stream);

        Assert.Equal(weights.Table, again.Table);
        Assert.Equal(weights.Dense, again.Dense);
        Assert.Equal(weights.Scales, again.Scales);
        Assert.Equal(weights.Bias, again.Bias);
        Assert.Equal((weights.Temperatures, weights.AbstainBelow), (again.Temperatures, again.AbstainBelow));
    }

    [Fact]
    public void The_file_is_small_and_the_one_that_was_measured()
    {
        using var stream = ClassifierResources.Open("intent-classifier.bin");
        using var facts = Facts();

        Assert.InRange(stream.Length, 100_000, 2_500_000);
        Assert.Equal(facts.RootElement.GetProperty("weightsSha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(stream)));
        Assert.True(facts.RootElement.GetProperty("quantizedAgreesWithFloat").GetDouble() > 0.98);
    }

    [Fact]
    public void Integer_sums_equal_the_same_sums_in_floats()
    {
        var weights = ClassifierWeights.LoadShared();
        var features = new FeatureSet(new int[FeatureSet.MaxBuckets], new ulong[FeatureSet.SeenWords], new float[DenseFeatures.Count]);
        TextFeatures.Read(string.Concat(Enumerable.Range(0, 400).Select(i => $"word{i} 단어{(char)('가' + i)} ")), ref features);
        var scores = new float[Intents.Count];

        LinearScorer.Score(weights, features, scores);

        for (var lane = 0; lane < Intents.Count; lane++)
        {
            Assert.Equal(Expected(weights, features, lane), scores[lane], 3);
        }
    }

    [Fact]
    public void A_file_that_is_none_is_refused()
    {
        var problem = Assert.Throws<InvalidDataException>(() => ClassifierWeights.Read(new MemoryStream(new byte[64])));

        Assert.Contains("weights file", problem.Message, StringComparison.Ordinal);
    }

    private static double Expected(ClassifierWeights weights, in FeatureSet features, int lane)
    {
        double sum = 0, norm = 0, dense = 0;
        foreach (var bucket in features.Buckets)
        {
            sum += weights.Table[(bucket * ClassifierWeights.Stride) + lane] * (double)weights.Scales[lane];
            norm += weights.Table[(bucket * ClassifierWeights.Stride) + ClassifierWeights.NormLane] * (double)weights.Scales[ClassifierWeights.NormLane];
        }

        for (var i = 0; i < DenseFeatures.Count; i++)
        {
            dense += features.Dense[i] * weights.Dense[(i * ClassifierWeights.DenseStride) + lane];
        }

        return weights.Bias[lane] + (sum / Math.Sqrt(norm)) + dense;
    }

    private static JsonDocument Facts()
    {
        using var stream = ClassifierResources.Open("intent-classifier.json");
        return JsonDocument.Parse(stream);
    }
}
