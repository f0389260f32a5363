using Sommelier.Evals.Graders;
using Sommelier.Tests.Evals.Graders;

namespace Sommelier.Tests.Evals.Judges;

/// <summary>The three ways in which vectors are held against each other, by hand: (3, 4) and (1, 0).</summary>
public sealed class SimilarGraderTests
{
    [Theory]
    [InlineData("", 0.6, true, 0.6)]
    [InlineData("", 0.61, false, 0.6)]
    [InlineData(", \"measure\": \"dot\"", 3, true, 1)]
    [InlineData(", \"measure\": \"dot\"", 3.1, false, 1)]
    [InlineData(", \"measure\": \"euclidean\"", 4.5, true, 0.182744)]
    [InlineData(", \"measure\": \"euclidean\"", 4.4, false, 0.182744)]
    public async Task A_measure_passes_on_its_own_side_of_the_threshold(string measure, double threshold, bool passes, double score)
    {
        var grader = Grading.Grader($$"""{ "type": "similar", "value": ["far", "near"], "threshold": {{threshold.ToString(System.Globalization.CultureInfo.InvariantCulture)}}{{measure}} }""");

        var grade = await grader.GradeAsync(new() { Text = "answer", Judges = new TwoVectors() }, TestContext.Current.CancellationToken);

        Assert.Equal((passes, score), (grade.State == GradeState.Passed, Math.Round(grade.Score, 6)));
    }

    private sealed class TwoVectors : IJudgeModels
    {
        public ValueTask<string> AskAsync(string? model, string system, string user, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public ValueTask<IReadOnlyList<float[]>> EmbedAsync(string? model, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
            new([.. texts.Select(static text => text switch { "answer" => new float[] { 3, 4 }, "near" => [1, 0], _ => [-7, -24] })]);
    }
}
