using System.Runtime.InteropServices;

namespace Sommelier.Routing.Prediction;

/// <summary>How much of the text is believed.</summary>
/// <param name="Penalty">The ridge penalty; infinite when the text is not used at all.</param>
/// <param name="Share">What the regression's answer is multiplied by, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextTrust(double Penalty, double Share)
{
    /// <summary>The text is not used.</summary>
    public static TextTrust None => new(double.PositiveInfinity, 0);

    public bool IsNone => double.IsInfinity(Penalty);
}

/// <summary>Learns a <see cref="SuccessPredictor"/> from prompts whose scores are known. The same prompts, the same predictor.</summary>
/// <remarks>
/// The tasks' means first, each drawn towards its wider task's by as much as the differences between tasks allow; then a ridge
/// regression of what they leave on the text, times a share. Penalty and share are those that explain most of the differences
/// between models over <see cref="Folds"/> parts of the prompts, each judged by what the others say. Two numbers, since a weak
/// penalty ranks prompts better than its answers are large; where the text explains nothing, it is dropped and does no harm.
/// </remarks>
internal static class SuccessTrainer
{
    /// <summary>Into how many parts the prompts are cut to choose how much of the text is believed.</summary>
    public const int Folds = 4;

    /// <summary>At most so many prompts take part in that choice: more do not change it, but cost time.</summary>
    private const int EnoughToChoose = 3_000;

    // From strong to weak, so that each solution is a good start for the next.
    private static readonly double[] Penalties = [30, 10, 3];

    /// <summary>Learns.</summary>
    /// <param name="prompts">What is known.</param>
    /// <param name="models">The models, in the order of the prompts' scores.</param>
    /// <exception cref="ArgumentException">There are no prompts.</exception>
    public static SuccessPredictor Train(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models) =>
        Train(prompts, models, ChooseTrust(prompts, models));

    /// <summary>Learns with a trust that was chosen before.</summary>
    /// <exception cref="ArgumentException">There are no prompts.</exception>
    public static SuccessPredictor Train(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models, TextTrust trust)
    {
        if (prompts.Count == 0)
        {
            throw new ArgumentException("There is no prompt to learn from.", nameof(prompts));
        }

        var tasks = TaskTable.Of(prompts, models.Count, mass: null);
        if (trust.IsNone)
        {
            return new(models, tasks, null, []);
        }

        var (space, weights) = Path(prompts, tasks, models.Count, [trust.Penalty]).Single();
        return new(models, tasks, space, Array.ConvertAll(weights, w => w * (float)trust.Share));
    }

    /// <summary>What is said of each prompt by a predictor that never saw its question, prompt by prompt.</summary>
    public static UnseenScores[] PredictUnseen(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models, TextTrust trust)
    {
        var predicted = new UnseenScores[prompts.Count];
        for (var fold = 0; fold < Folds; fold++)
        {
            var learnt = prompts.Where(p => PartOf(p) != fold).ToList();
            var predictor = learnt.Count > 0 ? Train(learnt, models, trust) : null;
            for (var i = 0; i < prompts.Count; i++)
            {
                if (PartOf(prompts[i]) == fold)
                {
                    var scores = new double[models.Count];
                    predictor?.Predict(prompts[i].Features, prompts[i].Task, scores);
                    predicted[i] = new(scores, predictor?.Tasks.Find(prompts[i].Task).Means ?? scores, predictor?.Tasks.All.Means ?? scores);
                }
            }
        }

        return predicted;
    }

    /// <summary>The trust with which the text explains most on questions that were not learnt from.</summary>
    public static TextTrust ChooseTrust(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models)
    {
        var some = prompts.OrderBy(p => Mixed(p.Question)).Take(EnoughToChoose).ToList();
        var explained = new Explained[Penalties.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var judged = some.Where(p => PartOf(p) == fold).ToList();
            var learnt = some.Where(p => PartOf(p) != fold).ToList();
            if (judged.Count > 0 && learnt.Exists(p => p.Features.Buckets.Length > 0))
            {
                var tasks = TaskTable.Of(learnt, models.Count, mass: null);
                foreach (var (i, (space, weights)) in Path(learnt, tasks, models.Count, Penalties).Index())
                {
                    explained[i] += Explained.Of(judged, tasks, space, weights);
                }
            }
        }

        var best = 0;
        for (var i = 1; i < explained.Length; i++)
        {
            best = explained[i].Gain > explained[best].Gain ? i : best;
        }

        return explained[best].Share > 0 ? new(Penalties[best], explained[best].Share) : TextTrust.None;
    }

    private static IEnumerable<(FeatureSpace Space, float[] Weights)> Path(IReadOnlyList<LabelledPrompt> prompts, TaskTable tasks, int models, double[] penalties)
    {
        var space = FeatureSpace.Of(prompts);
        var rows = space.Rows(prompts);
        var targets = new float[prompts.Count * models];
        for (var i = 0; i < prompts.Count; i++)
        {
            var means = tasks.Find(prompts[i].Task).Means;
            for (var k = 0; k < models; k++)
            {
                targets[(i * models) + k] = (float)(prompts[i].Scores[k] - means[k]);
            }
        }

        var weights = new float[space.Width * models];
        foreach (var penalty in penalties)
        {
            RidgeSolver.Solve(rows, targets, models, penalty, weights);
            yield return (space, weights);
        }
    }

    private static int PartOf(LabelledPrompt prompt) => (int)(Mixed(prompt.Question) % Folds);

    // Apart from the split into train and test side, which hashes the same question.
    private static ulong Mixed(ulong question)
    {
        var hash = new StableHash();
        hash.Add(question);
        hash.Add(0x7261_696eUL);
        return hash.Value;
    }
}
