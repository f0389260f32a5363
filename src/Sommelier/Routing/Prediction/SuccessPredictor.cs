using System.Runtime.InteropServices;

namespace Sommelier.Routing.Prediction;

/// <summary>How well each model will answer a prompt: its task's mean, and what the text adds to it.</summary>
/// <remarks>Made by <see cref="SuccessTrainer"/>; safe for any number of threads at once.</remarks>
/// <param name="models">The models.</param>
/// <param name="tasks">The tasks' means.</param>
/// <param name="space">What is read of a text; null when the text was found to add nothing.</param>
/// <param name="weights">What each column adds to each model: [column * models + model].</param>
internal sealed class SuccessPredictor(IReadOnlyList<string> models, TaskTable tasks, FeatureSpace? space, float[] weights)
{
    /// <summary>The models, in the order of every answer.</summary>
    public IReadOnlyList<string> Models { get; } = models;

    /// <summary>The tasks' means.</summary>
    public TaskTable Tasks { get; } = tasks;

    /// <summary>What it reads of a text; null when the text was found to add nothing.</summary>
    public FeatureSpace? Space { get; } = space;

    /// <summary>What each column adds to each model: [column * models + model].</summary>
    public float[] Weights { get; } = weights;

    /// <summary>Predicts the score of every model: about 0 to 1, not cut to it, since cutting would make ties among the best.</summary>
    /// <param name="features">The text; <see cref="PromptFeatures.None"/> where there is none.</param>
    /// <param name="task">The kind of task, from coarse to fine; empty when nobody knows.</param>
    /// <param name="scores">One per model.</param>
    public void Predict(PromptFeatures features, IReadOnlyList<string> task, Span<double> scores)
    {
        var means = Tasks.Find(task).Means;
        Span<float> added = stackalloc float[means.Length];
        added.Clear();
        if (Space is { } known)
        {
            List<int> columns = [];
            List<float> values = [];
            known.Write(features, columns, values);
            RidgeSolver.Apply(
                CollectionsMarshal.AsSpan(columns),
                CollectionsMarshal.AsSpan(values),
                Weights,
                added);
        }

        for (var k = 0; k < means.Length; k++)
        {
            scores[k] = means[k] + added[k];
        }
    }
}
