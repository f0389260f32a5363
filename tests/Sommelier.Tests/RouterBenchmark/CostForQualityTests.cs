using Sommelier.Routing.Prediction;

namespace Sommelier.Tests.RouterBenchmark;

/// <summary>What a predictor is used for: how far its text is believed, how much cost may weigh, and when a model gives way to another.</summary>
public sealed class CostForQualityTests
{
    private static readonly double[] Means = [0.8, 0.5, 0.5];

    [Fact]
    public void A_text_is_believed_of_the_model_of_which_it_told_the_truth()
    {
        // Of every second prompt the text says that both cheap models do better; it is so of one and the reverse of the other.
        var prompts = Enumerable.Range(0, 200).Select(i => Prompt(1, i % 2, 1 - (i % 2))).Append(Prompt(1, double.NaN, double.NaN)).ToArray();
        var unseen = Enumerable.Range(0, 201).Select(i => new UnseenScores([0.8, i % 2 == 1 ? 0.75 : 0.25, i % 2 == 1 ? 0.75 : 0.25], Means, Means)).ToArray();

        double[] scores = [0.9, 0.7, 0.7];
        ModelShares.Choose(prompts, unseen, 0).Apply(scores, Means);

        // The text adds 0.1 to each model, so 0.2 - 0.1 is the difference that is believed: more of the first, nothing of the second.
        Assert.Equal(0.9, scores[0], 9);
        Assert.InRange(scores[1], 0.71, 0.8);
        Assert.Equal(0.6, scores[2], 9);
    }

    [Fact]
    public void Cost_weighs_as_much_as_the_loss_allows_between_the_steps_of_the_ladder_too()
    {
        double[] ladder = [0, 0.001, 0.002, 0.1];

        var weight = CostWeight.Choose(ladder, w => (-w, 1 - w), 0.01);

        Assert.InRange(weight, 0.0075, 0.01);
        Assert.Equal(0, CostWeight.Choose(ladder, w => (w > 0 ? -1 : 0, 1 - w), 0.01));
        Assert.Equal(0.1, CostWeight.Choose(ladder, w => (0, 1 - w), 0.01));
    }

    [Fact]
    public void Of_examples_before_a_question_the_question_is_measured_apart()
    {
        const string Examples = "Which is largest of these?\nA) a mouse\nB) a horse\nAnswer: B\n\nWhich is smallest of these?\nA) a hill\nB) a pebble\nAnswer: B\n\n";
        const string Question = "Why do 3 kites fall?\nA) wind\nB) weight\nAnswer:";

        Assert.Equal(LastSizes(Question), LastSizes(Examples + Question));
        Assert.Equal(LastSizes(Question), LastSizes(Examples.ReplaceLineEndings("\r\n") + Question + "\n\n"));
        Assert.NotEqual(WholeSizes(Question), WholeSizes(Examples + Question));

        static float[] WholeSizes(string text) => PromptFeatures.Read(text).Dense[PromptFeatures.SizesAt..(PromptFeatures.SizesAt + 6)];
        static float[] LastSizes(string text) => PromptFeatures.Read(text).Dense[(PromptFeatures.SizesAt + 6)..];
    }

    [Fact]
    public void Models_are_told_apart_only_where_it_paid_on_unseen_prompts()
    {
        // The second model looks better by five points on every second prompt; there it is right, or it is as often wrong as elsewhere.
        var paid = DisplacementMargins.Choose([.. Rows(i => i % 2)], [.. Said()]);
        var luck = DisplacementMargins.Choose([.. Rows(i => i % 4 / 2)], [.. Said()]);

        Assert.Equal(1, paid.First([0.6, 0.65], [0.6, 0.5], [0.6, 0.5]));
        Assert.Equal(0, paid.First([0.6, 0.62], [0.6, 0.5], [0.6, 0.5]));
        Assert.Equal(0, luck.First([0.6, 0.9], [0.6, 0.5], [0.6, 0.5]));

        static IEnumerable<LabelledPrompt> Rows(Func<int, int> second) => Enumerable.Range(0, 100).Select(i => Prompt(0.6, second(i)));
        static IEnumerable<UnseenScores> Said() => Enumerable.Range(0, 100).Select(i => new UnseenScores([0.6, i % 2 == 1 ? 0.65 : 0.5], [0.6, 0.5], [0.6, 0.5]));
    }

    private static LabelledPrompt Prompt(params double[] scores) => new(PromptFeatures.None, [], scores, 1);
}
