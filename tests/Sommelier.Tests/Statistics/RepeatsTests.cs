using CsCheck;
using Sommelier.Statistics.Repeats;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Tests.Statistics;

public sealed class RepeatsTests
{
    [Fact]
    public void Components_are_those_of_restricted_maximum_likelihood()
    {
        var row = Reference.Read("comparisons")["components"]!;
        var components = VarianceComponents.Of(Reference.Numbers(row["values"]), Clusters.Of<int>(Reference.Whole(row["items"])));
        Reference.Close((double)row["between"]!, components.Between, 1e-3);
        Reference.Close((double)row["within"]!, components.Within, 1e-3);
    }

    [Fact]
    public void The_error_to_expect_is_the_clustered_one_of_what_was_run()
    {
        var row = Reference.Read("comparisons")["components"]!;
        var (values, items) = (Reference.Numbers(row["values"]), Clusters.Of<int>(Reference.Whole(row["items"])));
        var components = VarianceComponents.Of(values, items);
        Reference.Close(Sommelier.Statistics.Intervals.ClusteredMean.Of(values, items).StandardError, components.StandardError(40, 5), 1e-9);
        Assert.True(components.StandardError(80, 5) < components.StandardError(40, 10));
    }

    [Fact]
    public void Components_need_a_repeat_and_two_items()
    {
        Assert.Throws<ArgumentException>(() => VarianceComponents.Of([1, 2], Clusters.Of<int>([0, 1])));
        Assert.Throws<ArgumentException>(() => VarianceComponents.Of([1, 2], Clusters.Of<int>([0, 0])));
        Assert.Equal(0, VarianceComponents.Of([0, 1, 0, 1], Clusters.Of<int>([0, 0, 1, 1])).Between);
    }

    [Fact]
    public void Passes_are_counted_as_the_choices_say() => Gen.Select(Gen.Int[1, 12], Gen.Int[0, 12], Gen.Int[1, 12]).Where((n, c, k) => c <= n).Sample((n, c, k) =>
    {
        var (any, all) = (PassAtK.AnyPasses(n, c, k), PassAtK.AllPass(n, c, k));
        if (n < k)
        {
            Assert.True(any is null && all is null);
            return;
        }

        // Every choice of k of n, counted one by one: a mask's low c bits are the tries that passed.
        int choices = 0, some = 0, every = 0;
        for (var mask = 0u; mask < 1u << n; mask++)
        {
            if (System.Numerics.BitOperations.PopCount(mask) == k)
            {
                choices++;
                some += (mask & ((1u << c) - 1)) != 0 ? 1 : 0;
                every += (mask & ((1u << c) - 1)) == mask ? 1 : 0;
            }
        }

        Assert.Equal((double)some / choices, any!.Value, 1e-12);
        Assert.Equal((double)every / choices, all!.Value, 1e-12);
    }, iter: 400);

    [Fact]
    public void Items_with_too_few_tries_are_left_out_of_the_mean()
    {
        var mean = PassAtK.Mean([5, 1, 5], [5, 1, 0], 2, PassAtK.AllPass);
        Assert.Equal((0.5, 1.0), (mean!.Mean, mean.Degrees));
        Assert.Null(PassAtK.Mean([1], [1], 2, PassAtK.AnyPasses));
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.AnyPasses(3, 4, 2));
    }
}
