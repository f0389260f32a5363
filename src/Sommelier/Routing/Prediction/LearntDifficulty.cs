using Sommelier.Canonical;

namespace Sommelier.Routing.Prediction;

/// <summary>The signal <c>difficulty</c> as a predictor has learnt it from labelled prompts: how likely one of its models, the weak one, is to fail.</summary>
/// <remarks>It knows prompts like those that it was trained on; of others it says little more than how often the model failed at all (docs/router-benchmark.md).</remarks>
internal sealed class LearntDifficulty
{
    private readonly SuccessPredictor predictor;
    private readonly int weak;

    private LearntDifficulty(SuccessPredictor predictor, int weak) => (this.predictor, this.weak) = (predictor, weak);

    /// <summary>The model whose failure it predicts.</summary>
    public string Model => predictor.Models[weak];

    /// <summary>Of a predictor.</summary>
    /// <param name="predictor">Trained without tasks: in serving nobody knows them.</param>
    /// <param name="model">One of its models; null: the one that failed most.</param>
    /// <exception cref="InvalidDataException">It has no such model.</exception>
    public static LearntDifficulty Of(SuccessPredictor predictor, string? model)
    {
        var means = predictor.Tasks.All.Means;
        var at = model is null ? Array.IndexOf(means, means.Min()) : predictor.Models.ToList().IndexOf(model);
        return at >= 0 ? new(predictor, at) : throw new InvalidDataException($"The predictor knows no model '{model}'; it knows {string.Join(", ", predictor.Models)}.");
    }

    /// <summary>Of a file that <c>bench-router --save</c> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such file, was written by another version, or has no such model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LearntDifficulty Read(string file, string? model)
    {
        using var stream = File.OpenRead(file);
        return Of(SuccessPredictorFile.Read(stream), model);
    }

    /// <summary>Puts it in the place of what length and structure say.</summary>
    public void Apply(RequestOutline outline, RequestSignals to)
    {
        if (outline is { Operation: Operation.Chat, Tail.LastUser: { Length: > 0 } text })
        {
            Span<double> scores = stackalloc double[predictor.Models.Count];
            predictor.Predict(PromptFeatures.Read(text), [], scores);

            // A file whose weights were damaged into huge ones can come to no number, which nothing could write down.
            to.Difficulty = double.IsNaN(scores[weak]) ? to.Difficulty : Math.Round(Math.Clamp(1 - scores[weak], 0, 1), 3);
        }
    }
}
