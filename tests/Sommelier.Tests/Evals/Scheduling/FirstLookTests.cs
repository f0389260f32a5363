using Sommelier.Evals.Scheduling;

namespace Sommelier.Tests.Evals.Scheduling;

/// <summary>What a sample of a suite says of a new model, and whether the rest is worth asking.</summary>
public sealed class FirstLookTests
{
    private const int Cases = 400;
    private const int Asked = 40;

    [Fact]
    public void What_known_models_scored_makes_the_interval_narrower_and_keeps_the_truth_in_it()
    {
        var random = new Random(1);
        var (held, narrower) = (0, 0);
        const int Rounds = 300;
        for (var round = 0; round < Rounds; round++)
        {
            // A case is as hard for the new model as for the known ones.
            double[] ease = [.. Enumerable.Range(0, Cases).Select(_ => random.NextDouble())];
            double[] Draw() => [.. ease.Select(chance => random.NextDouble() < (chance < 0.5 ? 0.1 : 0.9) ? 1.0 : 0)];
            var whole = Draw();
            var scores = Enumerable.Repeat(double.NaN, Cases).ToArray();
            foreach (var i in Enumerable.Range(0, Cases).OrderBy(_ => random.NextDouble()).Take(Asked))
            {
                scores[i] = whole[i];
            }

            KnownModel[] known = [new("lab/a", Draw(), null), new("lab/b", Draw(), null), new("lab/c", Draw(), null)];
            var look = FirstLook.Of(new("lab/new", scores, null), known, Alone, 0.15);
            var plain = FirstLook.Of(new("lab/new", scores, null), [], Alone, 0.15);
            held += look.Interval.Contains(whole.Average()) ? 1 : 0;
            narrower += look.Interval.HalfWidth < plain.Interval.HalfWidth ? 1 : 0;
        }

        Assert.InRange(held / (double)Rounds, 0.92, 1);
        Assert.InRange(narrower / (double)Rounds, 0.95, 1);
    }

    [Theory]
    [InlineData(0.95, 10, 0.15, true, "it may be the best")]
    [InlineData(0.30, 10, 0.15, false, "it is not asked the rest")]
    [InlineData(0.70, 0.5, 0.15, true, "cheaper than all that are better")]
    [InlineData(0.70, 2, 0.15, false, "it is not asked the rest")]
    [InlineData(0.30, 0.5, 0.15, false, "it is not asked the rest")]
    [InlineData(0.30, 0.5, 0.90, true, "cheaper than all that are better")]
    public void The_rest_is_asked_of_what_may_be_the_best_or_is_cheaper_than_what_is_better(double score, double cost, double gap, bool goesOn, string why)
    {
        KnownModel[] known = [new("lab/best", Scores(0.95, Cases), 4), new("lab/cheap", Scores(0.85, Cases), 1)];
        double[] asked = [.. Scores(score, Asked), .. Enumerable.Repeat(double.NaN, Cases - Asked)];

        var look = FirstLook.Of(new("lab/new", asked, (decimal)cost), known, Alone, gap);

        Assert.True(look.GoOn == goesOn && look.Why.Contains(why, StringComparison.Ordinal), look.Why);
        Assert.Equal(Asked, look.Cases);
    }

    [Fact]
    public void A_few_equal_scores_are_no_certainty_and_cases_of_one_cluster_are_few()
    {
        KnownModel[] known = [new("lab/best", Scores(0.2, Cases), 4)];
        double[] none = [.. new double[Asked], .. Enumerable.Repeat(double.NaN, Cases - Asked)];
        double[] some = [.. Scores(0.5, Asked), .. Enumerable.Repeat(double.NaN, Cases - Asked)];
        string[] few = [.. Enumerable.Range(0, Cases).Select(static i => $"text {i / 10}")];

        Assert.InRange(FirstLook.Of(new("lab/new", none, null), known, Alone, 0).Interval.High, 0.05, 0.12);
        Assert.InRange(FirstLook.Of(new("lab/new", none, null), known, few, 0).Interval.High, 0.4, 0.6);
        var sorted = some.OrderDescending().ToArray();
        Assert.True(FirstLook.Of(new("lab/new", sorted, null), [], few, 0).Interval.HalfWidth > 1.5 * FirstLook.Of(new("lab/new", sorted, null), [], Alone, 0).Interval.HalfWidth);
    }

    [Fact]
    public void Who_was_asked_the_same_sample_only_does_not_move_the_estimate()
    {
        // Cases are alike hard in the sample and beyond it; a model that failed at the sample was not asked the rest.
        double[] whole = Scores(0.8, Cases);
        double[] Sample(double share) => [.. Scores(share, Asked), .. Enumerable.Repeat(double.NaN, Cases - Asked)];

        var alone = FirstLook.Of(new("lab/new", Sample(0.8), null), [new("lab/whole", whole, null)], Alone, 0);
        var beside = FirstLook.Of(new("lab/new", Sample(0.8), null), [new("lab/whole", whole, null), new("lab/dropped", Sample(0.2), null)], Alone, 0);

        Assert.Equal(alone.Mean, beside.Mean, 1e-9);
        Assert.Equal(0.8, beside.Mean, 1e-9);
    }

    [Fact]
    public void Who_has_not_answered_the_whole_suite_is_not_compared_with()
    {
        double[] part = [.. Scores(1, 100), .. Enumerable.Repeat(double.NaN, Cases - 100)];
        double[] asked = [.. Scores(0.1, Asked), .. Enumerable.Repeat(double.NaN, Cases - Asked)];

        var look = FirstLook.Of(new("lab/new", asked, null), [new("lab/part", part, null)], Alone, 0);

        Assert.True(look.GoOn, look.Why);
        Assert.Contains("nobody is known who has answered the whole suite", look.Why, StringComparison.Ordinal);
    }

    private static string[] Alone { get; } = [.. Enumerable.Range(0, Cases).Select(static i => $"case {i}")];

    // As many right ones as asked for, evenly spread.
    private static double[] Scores(double share, int count) => [.. Enumerable.Range(0, count).Select(i => Math.Floor((i + 1) * share) > Math.Floor(i * share) ? 1.0 : 0)];
}
