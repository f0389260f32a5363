using System.Text.Json.Nodes;
using CsCheck;
using Sommelier.Evals.Text;
using Sommelier.TestKit;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>ROUGE, BLEU, GLEU, edit distance: against other implementations, and what holds for every text.</summary>
public sealed class OverlapGraderTests
{
    private static readonly string[] Words = ["the", "cat", "sat", "on", "a", "mat.", "Mat", "ran", "ж", "猫"];

    private static readonly Gen<string> Text = Gen.Int[0, 9].Select(static index => Words[index]).Array[0, 14].Select(static words => string.Join(' ', words));

    [Fact]
    public void Scores_are_those_of_NLTK_and_js_rouge()
    {
        var rows = JsonNode.Parse(Approved.Read("tests", "Sommelier.Tests", "Evals", "Graders", "Reference", "overlap.json"))!.AsArray();
        Assert.Equal(14, rows.Count);
        foreach (var row in rows)
        {
            var answer = row!["answer"]!.GetValue<string>();
            string[] references = [.. row["references"]!.AsArray().Select(static text => text!.GetValue<string>())];

            Near("bleu_exp", Bleu.Score(answer, references, exponential: true));
            Near("bleu_floor", Bleu.Score(answer, references));
            Near("gleu", Gleu.Score(answer, references));
            Near("rouge_1", references.Max(text => Rouge.OfRuns(answer, text, 1).F1));
            Near("rouge_2", references.Max(text => Rouge.OfRuns(answer, text, 2).F1));
            Near("rouge_l", references.Max(text => Rouge.OfSubsequence(answer, text).F1));

            void Near(string name, double score) => Assert.True(Math.Abs(row[name]!.GetValue<double>() - score) < 1e-9, $"{name} of '{answer}' is {score}, not {row[name]}");
        }
    }

    // From the page of rouge-score: precision, recall, F1.
    [Fact]
    public void Rouge_is_that_of_rouge_scores_page()
    {
        const string Reference = "The quick brown fox jumps over the lazy dog";
        const string Answer = "The quick brown dog jumps on the log.";

        Assert.Equal((0.75, 2 / 3.0), (Rouge.OfRuns(Answer, Reference, 1).Precision, Rouge.OfRuns(Answer, Reference, 1).Recall));
        Assert.Equal((0.625, 5 / 9.0), (Rouge.OfSubsequence(Answer, Reference).Precision, Rouge.OfSubsequence(Answer, Reference).Recall));
    }

    [Fact]
    public void Scores_are_shares_and_a_text_is_like_itself() => Gen.Select(Text, Text).Sample(static (left, right) =>
    {
        double[] scores = [Rouge.OfRuns(left, right, 1).F1, Rouge.OfRuns(left, right, 2).F1, Rouge.OfSubsequence(left, right).F1, Gleu.Score(left, [right]), Bleu.Score(left, [right]), Bleu.Score(left, [right], exponential: true)];
        Assert.All(scores, static score => Assert.InRange(score, 0, 1 + 1e-9));
        Assert.Equal(Rouge.OfRuns(left, right, 1).F1, Rouge.OfRuns(right, left, 1).F1, 1e-12);
        Assert.Equal(Rouge.OfSubsequence(left, right).F1, Rouge.OfSubsequence(right, left).F1, 1e-12);
        Assert.Equal(Gleu.Score(left, [right]), Gleu.Score(right, [left]), 1e-12);
        Assert.True(Gleu.Score(left, [left, right]) >= Gleu.Score(left, [right]));
        if (left.Length > 0)
        {
            Assert.Equal(1, Rouge.OfRuns(left, left, 1).F1);
            Assert.Equal(1, Rouge.OfSubsequence(left, left).F1);
            Assert.Equal(1, Gleu.Score(left, [left]));
        }
    }, iter: 1_000);

    [Fact]
    public void The_edit_distance_is_that_of_the_table() => Gen.Select(Gen.String[Gen.Char['a', 'e'], 0, 150], Gen.String[Gen.Char['a', 'e'], 0, 150]).Sample(static (left, right) =>
    {
        var distance = EditDistance.Of(left, right);
        Assert.Equal(Table(left, right), distance);
        Assert.Equal(distance, EditDistance.Of(right, left));
        Assert.Equal(0, EditDistance.Of(left, left));
        Assert.InRange(distance!.Value, Math.Abs(left.Length - right.Length), Math.Max(left.Length, right.Length));
    }, iter: 1_000);

    [Theory]
    [InlineData("kitten", "sitting", null, true)]
    [InlineData("kitten", "completely", null, false)]
    [InlineData("kitten", "sitting", 2, false)]
    [InlineData("kitten", "kitten", 0, true)]
    public void Levenshtein_passes_within_its_threshold(string wanted, string answer, int? threshold, bool passes)
    {
        var expectation = new JsonObject { ["type"] = "levenshtein", ["value"] = wanted };
        if (threshold is { } most)
        {
            expectation["threshold"] = most;
        }

        Assert.Equal(passes, Grading.Passes(expectation.ToJsonString(), answer));
    }

    [Fact]
    public void The_normalised_distance_is_a_share() =>
        Assert.Equal(0.8, Grading.Grade("""{ "type": "levenshtein", "value": "abcde", "normalized": true }""", "abcdx").Score);

    [Theory]
    [InlineData("""{ "type": "rouge-n", "value": "the cat sat" }""", 1, 0.25)]
    [InlineData("""{ "type": "rouge-l", "value": "the cat sat", "measure": "recall", "threshold": 1 }""", 1, 0)]
    [InlineData("""{ "type": "bleu", "value": ["the cat sat on", "x"] }""", 1, 0)]
    [InlineData("""{ "type": "gleu", "value": "the cat sat" }""", 1, 0)]
    public void The_score_is_told(string expectation, double score, double least)
    {
        Assert.Equal(score, Grading.Grade(expectation, "the cat sat on"[..(expectation.Contains("sat on", StringComparison.Ordinal) ? 14 : 11)]).Score, 1e-9);
        Assert.InRange(Grading.Grade(expectation, "a dog").Score, 0, least);
    }

    private static int Table(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var (corner, _) = (row[0], row[0] = i + 1);
            for (var j = 0; j < right.Length; j++)
            {
                (corner, row[j + 1]) = (row[j + 1], Math.Min(corner + (left[i] == right[j] ? 0 : 1), Math.Min(row[j], row[j + 1]) + 1));
            }
        }

        return row[^1];
    }
}
