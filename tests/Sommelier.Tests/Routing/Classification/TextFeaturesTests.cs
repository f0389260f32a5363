using CsCheck;
using Sommelier.Routing.Classification;

namespace Sommelier.Tests.Routing.Classification;

public sealed class TextFeaturesTests
{
    [Fact]
    public void A_long_text_reads_as_its_two_ends()
    {
        var letters = Gen.Char["abcdefg 가나다字文。\n{}?"].Array[TextFeatures.HeadUnits + TextFeatures.TailUnits, 9000];

        letters.Sample(units =>
        {
            var whole = new string(units);
            var cut = whole[..TextFeatures.HeadUnits] + whole[^TextFeatures.TailUnits..];
            return Read(whole).Buckets.SequenceEqual(Read(cut).Buckets);
        }, iter: 100);
    }

    [Fact]
    public void Case_full_width_and_digits_do_not_matter() =>
        Assert.Equal(Read("translate 12 words").Buckets, Read("TRANSLATE 98 ＷＯＲＤＳ").Buckets);

    [Fact]
    public void A_word_repeated_counts_once()
    {
        var once = Read("go go").Buckets;
        var often = Read("go go go go go").Buckets;

        Assert.Equal(once.Order(), often.Order());
    }

    [Theory]
    [InlineData("translate", "Please TRANSLATE the letter")]
    [InlineData("translate", "이거 번역해줘")]
    [InlineData("translate", "翻訳してください")]
    [InlineData("translate", "请翻译")]
    [InlineData("translate", "traducir la carta")]
    [InlineData("code", "Напиши функцию сортировки")]
    [InlineData("explain", "Tell me about owls")]
    public void The_same_cue_is_found_in_every_language(string concept, string text)
    {
        var index = CueLexicon.Shared.Names.ToList().IndexOf(concept);

        Assert.True(index >= 0);
        Assert.True(DenseFeatures.HasCue(Read(text).Dense, index));
        Assert.False(DenseFeatures.HasCue(Read("owls fly at dusk").Dense, index));
    }

    [Fact]
    public void A_cue_in_the_middle_of_a_long_text_is_not_near_an_end()
    {
        var index = CueLexicon.Shared.Names.ToList().IndexOf("translate");
        var dense = Read(new string('x', 400) + " translate " + new string('x', 400)).Dense;

        Assert.Equal([1f, 0f, 0f], dense[(index * 3)..((index * 3) + 3)]);
    }

    [Fact]
    public void A_bucket_is_never_listed_twice()
    {
        var buckets = Read(string.Concat(Enumerable.Range(0, 3000).Select(i => $"{(char)('가' + i)} w{i} "))).Buckets;

        Assert.Equal(buckets.Length, buckets.Distinct().Count());
        Assert.True(buckets.Length <= FeatureSet.MaxBuckets);
    }

    private static (int[] Buckets, float[] Dense) Read(string text)
    {
        var dense = new float[DenseFeatures.Count];
        var features = new FeatureSet(new int[FeatureSet.MaxBuckets], new ulong[FeatureSet.SeenWords], dense);
        TextFeatures.Read(text, ref features);
        return (features.Buckets.ToArray(), dense);
    }
}
