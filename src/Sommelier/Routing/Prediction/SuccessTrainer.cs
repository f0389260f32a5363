namespace Sommelier.Routing.Prediction;

/// <summary>Learns a <see cref="SuccessPredictor"/> from prompts whose scores are known. The same prompts, the same predictor.</summary>
/// <remarks>
/// The tasks' means first, each drawn towards its wider task's by as much as the differences between tasks allow; then a ridge
/// regression of what they leave on the text. Its penalty is the one with the least error of differences between models
/// over <see cref="Folds"/> parts of the prompts, each judged by what the others say; an infinite penalty, which drops the
/// text, competes with the others, so a text that says nothing does no harm.
/// </remarks>
internal static class SuccessTrainer
{
    /// <summary>Into how many parts the prompts are cut to choose the penalty.</summary>
    public const int Folds = 4;

    /// <summary>At most so many prompts take part in that choice: more do not change it, but cost time.</summary>
    private const int EnoughToChoose = 4_000;

    // Warm starts go from strong to weak.
    private static readonly double[] Penalties = [300, 100, 30, 10, 3];

    /// <summary>Learns.</summary>
    /// <param name="prompts">What is known.</param>
    /// <param name="models">The models, in the order of the prompts' scores.</param>
    /// <exception cref="ArgumentException">There are no prompts.</exception>
    public static SuccessPredictor Train(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models)
    {
        return Train(prompts, models, ChoosePenalty(prompts, models));
    }

    /// <summary>Learns with a penalty that was chosen before; an infinite one drops the text.</summary>
    /// <exception cref="ArgumentException">There are no prompts.</exception>
    public static SuccessPredictor Train(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models, double penalty)
    {
        if (prompts.Count == 0)
        {
            throw new ArgumentException("There is no prompt to learn from.", nameof(prompts));
        }

        return double.IsInfinity(penalty) ? TasksAlone(prompts, models) : Path(prompts, models, [penalty]).Single();
    }

    /// <summary>What each prompt's scores are predicted to be by a predictor that never saw its question: [prompt][model].</summary>
    public static double[][] PredictUnseen(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models, double penalty)
    {
        var predicted = new double[prompts.Count][];
        for (var fold = 0; fold < Folds; fold++)
        {
            var learnt = prompts.Where(p => PartOf(p) != fold).ToList();
            var predictor = learnt.Count > 0 ? Train(learnt, models, penalty) : null;
            for (var i = 0; i < prompts.Count; i++)
            {
                if (PartOf(prompts[i]) == fold)
                {
                    predicted[i] = new double[models.Count];
                    predictor?.Predict(prompts[i].Features, prompts[i].Task, predicted[i]);
                }
            }
        }

        return predicted;
    }

    /// <summary>The penalty with which the text helps most on questions that were not learnt from; infinite when it does not help.</summary>
    public static double ChoosePenalty(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models)
    {
        if (!prompts.Any(p => p.Features.Buckets.Length > 0))
        {
            return double.PositiveInfinity;
        }

        var some = prompts.OrderBy(p => Mixed(p.Question)).Take(EnoughToChoose).ToList();
        var errors = new double[Penalties.Length + 1];
        for (var fold = 0; fold < Folds; fold++)
        {
            var judged = some.Where(p => PartOf(p) == fold).ToList();
            var learnt = some.Where(p => PartOf(p) != fold).ToList();
            if (judged.Count == 0 || learnt.Count == 0)
            {
                continue;
            }

            errors[0] += Error(TasksAlone(learnt, models), judged);
            foreach (var (at, predictor) in Path(learnt, models, Penalties).Index())
            {
                errors[at + 1] += Error(predictor, judged);
            }
        }

        var best = Array.IndexOf(errors, errors.Min());
        return best == 0 ? double.PositiveInfinity : Penalties[best - 1];
    }

    private static SuccessPredictor TasksAlone(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models) =>
        new(models, TaskTable.Of(prompts, models.Count, mass: null), null, []);

    private static IEnumerable<SuccessPredictor> Path(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<string> models, double[] penalties)
    {
        var tasks = TaskTable.Of(prompts, models.Count, mass: null);
        var space = FeatureSpace.Of(prompts);
        var rows = space.Rows(prompts);
        var targets = new float[prompts.Count * models.Count];
        for (var i = 0; i < prompts.Count; i++)
        {
            var means = tasks.Find(prompts[i].Task).Means;
            for (var k = 0; k < models.Count; k++)
            {
                targets[(i * models.Count) + k] = (float)(prompts[i].Scores[k] - means[k]);
            }
        }

        var weights = new float[space.Width * models.Count];
        foreach (var penalty in penalties)
        {
            RidgeSolver.Solve(rows, targets, models.Count, penalty, weights);
            yield return new(models, tasks, space, (float[])weights.Clone());
        }
    }

    // Of each model's score beyond the models' mean: an error that all of them share misroutes nothing.
    private static double Error(SuccessPredictor predictor, List<LabelledPrompt> judged)
    {
        var scores = new double[predictor.Models.Count];
        var sum = 0.0;
        foreach (var prompt in judged)
        {
            predictor.Predict(prompt.Features, prompt.Task, scores);
            var known = 0;
            double mean = 0, squares = 0;
            for (var k = 0; k < scores.Length; k++)
            {
                var error = scores[k] - prompt.Scores[k];
                if (!double.IsNaN(error))
                {
                    known++;
                    mean += error;
                    squares += error * error;
                }
            }

            sum += known == 0 ? 0 : squares - (mean * mean / known);
        }

        return sum;
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
