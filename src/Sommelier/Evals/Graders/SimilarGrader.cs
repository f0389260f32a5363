using System.Globalization;
using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer means much the same as one of the texts: the cosine of their vectors.</summary>
internal sealed class SimilarGrader(IReadOnlyList<string> wanted, double threshold, string? model) : IGrader
{
    // promptfoo's, where a threshold is not written: 0.75 here, 0.8 in its short form "similar: text", which its importer writes out.
    private const double Usual = 0.75;

    /// <summary><c>similar</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "similar",
        "a text or a list of texts",
        "The answer's vector and that of the nearest text have a cosine of at least `threshold` (0.75); `model` embeds, else the suite's embedder.",
        static settings => new SimilarGrader(settings.Texts("value"), settings.Number("threshold", Usual, 0, 1), settings.OptionalText("model")))
    {
        Example = "{ type: similar, value: The capital of France is Paris, threshold: 0.8 }",
    };

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Text.AsSpan().Trim().IsEmpty)
        {
            return Grade.Fail("the answer is empty");
        }

        try
        {
            var vectors = await answer.Judges.EmbedAsync(model, [answer.Text, .. wanted], cancellationToken);
            var best = vectors.Skip(1).Max(vector => Cosine.Of(vectors[0], vector));
            return Grade.Of(best, threshold, string.Create(CultureInfo.InvariantCulture, $"the nearest text has a cosine of {best:0.000}"));
        }
        catch (JudgeException error)
        {
            return Grade.Missing(error.Message);
        }
    }
}
