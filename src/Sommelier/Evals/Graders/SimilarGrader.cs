using System.Globalization;
using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer means much the same as one of the texts: their vectors point the same way, or are near each other.</summary>
internal sealed class SimilarGrader(IReadOnlyList<string> wanted, double threshold, string measure, string? model) : IGrader
{
    // promptfoo's, where a threshold is not written: 0.75 here, 0.8 in its short form "similar: text", which its importer writes out.
    private const double Usual = 0.75;

    /// <summary><c>similar</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "similar",
        "a text or a list of texts",
        "The answer's vector and that of the nearest text have a cosine of at least `threshold` (0.75); `measure: dot` takes their dot product, `euclidean` their distance, which must not be above it. `model` embeds, else the suite's embedder.",
        static settings =>
        {
            var measure = settings.Word("measure", "cosine", "dot", "euclidean");
            return new SimilarGrader(settings.Texts("value"), settings.Number("threshold", Usual, 0, measure is "cosine" ? 1 : double.MaxValue), measure, settings.OptionalText("model"));
        })
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
            if (measure is "euclidean")
            {
                var distance = vectors.Skip(1).Min(vector => Vectors.Distance(vectors[0], vector));
                return new(distance <= threshold ? GradeState.Passed : GradeState.Failed, 1 / (1 + distance), string.Create(CultureInfo.InvariantCulture, $"the nearest text has a distance of {distance:0.000}"));
            }

            var best = vectors.Skip(1).Max(vector => measure is "dot" ? Vectors.Dot(vectors[0], vector) : Vectors.Cosine(vectors[0], vector));
            return Grade.Of(best, threshold, string.Create(CultureInfo.InvariantCulture, $"the nearest text has a {(measure is "dot" ? "dot product" : "cosine")} of {best:0.000}"));
        }
        catch (JudgeException error)
        {
            return Grade.Missing(error.Message);
        }
    }
}
