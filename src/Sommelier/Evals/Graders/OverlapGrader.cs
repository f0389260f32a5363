using System.Globalization;
using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer shares words with one of the texts: ROUGE, BLEU, GLEU and METEOR, with promptfoo's thresholds.</summary>
internal static class OverlapGrader
{
    private const string Value = "a text or a list of texts";

    /// <summary><c>rouge-n</c>.</summary>
    public static GraderKind RougeN { get; } = new(
        "rouge-n",
        Value,
        "The F1 of runs of `n` words (1) shared with the best of the texts is at least `threshold` (0.75); `measure: recall` or `precision` takes that instead.",
        static settings =>
        {
            var length = (int)settings.Number("n", 1, 1, 9);
            return Rouge(settings, (candidate, reference) => Text.Rouge.OfRuns(candidate, reference, length));
        })
    {
        Example = "{ type: rouge-n, value: The cat sat on the mat, n: 2, threshold: 0.5 }",
    };

    /// <summary><c>rouge-l</c>.</summary>
    public static GraderKind RougeL { get; } = new(
        "rouge-l",
        Value,
        "The F1 of the longest common subsequence of words with the best of the texts is at least `threshold` (0.75); `measure: recall` or `precision` takes that instead.",
        static settings => Rouge(settings, Text.Rouge.OfSubsequence))
    {
        Example = "{ type: rouge-l, value: The cat sat on the mat, measure: recall }",
    };

    /// <summary><c>bleu</c>.</summary>
    public static GraderKind BleuScore { get; } = new(
        "bleu",
        Value,
        "The sentence BLEU against the texts is at least `threshold` (0.5); a run length without a match counts 1e-7 (`smoothing: floor`) or as sacrebleu has it (`exp`).",
        static settings =>
        {
            var exponential = settings.Word("smoothing", "floor", "exp") is "exp";
            return Create(settings, 0.5, "BLEU", (candidate, references) => Bleu.Score(candidate, references, exponential));
        })
    {
        Example = "{ type: bleu, value: [The cat sat on the mat, A cat was on the mat], threshold: 0.3 }",
    };

    /// <summary><c>gleu</c>.</summary>
    public static GraderKind GleuScore { get; } = new("gleu", Value, "Google's GLEU against the best of the texts is at least `threshold` (0.5).", static settings => Create(settings, 0.5, "GLEU", Gleu.Score))
    {
        Example = "{ type: gleu, value: The cat sat on the mat }",
    };

    /// <summary><c>meteor</c>.</summary>
    public static GraderKind MeteorScore { get; } = new(
        "meteor",
        Value,
        "METEOR against the best of the texts, over words and their Porter stems without synonyms, is at least `threshold` (0.5); `alpha` (0.9), `beta` (3) and `gamma` (0.5) are its own.",
        static settings =>
        {
            var (alpha, beta, gamma) = (settings.Number("alpha", 0.9, 0, 1), settings.Number("beta", 3, 0, 100), settings.Number("gamma", 0.5, 0, 1));
            return Create(settings, 0.5, "METEOR", (candidate, references) => Meteor.Score(candidate, references, alpha, beta, gamma));
        })
    {
        Example = "{ type: meteor, value: The cat sat on the mat, threshold: 0.7 }",
    };

    private static FunctionGrader Rouge(GraderSettings settings, Func<string, string, Overlap> score)
    {
        var measure = settings.Word("measure", "f1", "recall", "precision");
        return Create(settings, 0.75, "ROUGE", (candidate, references) => references.Max(reference => Measured(score(candidate, reference))));

        double Measured(Overlap overlap) => measure switch { "recall" => overlap.Recall, "precision" => overlap.Precision, _ => overlap.F1 };
    }

    private static FunctionGrader Create(GraderSettings settings, double usual, string name, Func<string, IReadOnlyList<string>, double> score)
    {
        var references = settings.Texts("value");
        var threshold = settings.Number("threshold", usual, 0, 1);
        return new(answer =>
        {
            var value = score(answer.Text, references);
            return Grade.Of(value, threshold, string.Create(CultureInfo.InvariantCulture, $"{name} is {value:0.0000}"));
        });
    }
}
