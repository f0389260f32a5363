using System.Runtime.InteropServices;

namespace Sommelier.Routing.Prediction;

/// <summary>How much better a model must look to take the place of the usual one: of many guesses the highest is mostly too high.</summary>
/// <remarks>
/// The best model over all tasks stands until the task's best has a mean higher by <see cref="Task"/>, and what then stands until a
/// model's predicted score is higher by <see cref="Prompt"/>. Both are chosen on prompts that the predictor did not see.
/// </remarks>
/// <param name="Task">Success rate, 0 to 1; infinite when tasks are never told apart.</param>
/// <param name="Prompt">Likewise for prompts.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DisplacementMargins(double Task, double Prompt)
{
    /// <summary>Less than this is no gain: a tenth of a point.</summary>
    private const double Negligible = 0.001;

    /// <summary>Three points: what a model must look better by, where models are told apart at all.</summary>
    /// <remarks>
    /// One choice, yes or no: which of many margins paid on a few hundred prompts is mostly luck. On ten public sets together every one
    /// margin from 1.5 to 4 points gave more than the best of eight did.
    /// </remarks>
    private const double Usual = 0.03;

    // Never first, so that the first of equals changes models least.
    private static readonly double[] Steps = [double.PositiveInfinity, Usual];

    /// <summary>The model of a prompt.</summary>
    /// <param name="scores">Predicted for it.</param>
    /// <param name="taskMeans">The means at its task.</param>
    /// <param name="allMeans">The means at all tasks.</param>
    public int First(ReadOnlySpan<double> scores, ReadOnlySpan<double> taskMeans, ReadOnlySpan<double> allMeans)
    {
        var standing = Highest(allMeans);
        standing = Displaced(standing, taskMeans, Task);
        return Displaced(standing, scores, Prompt);
    }

    /// <summary>The margins with which prompts that the predictor did not see would have been answered best.</summary>
    public static DisplacementMargins Choose(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<UnseenScores> unseen)
    {
        DisplacementMargins best = default;
        var highest = double.NegativeInfinity;
        foreach (var task in Steps)
        {
            foreach (var prompt in Steps)
            {
                var margins = new DisplacementMargins(task, prompt);
                var mean = margins.Routed(prompts, unseen);
                if (mean > highest + Negligible)
                {
                    (best, highest) = (margins, mean);
                }
            }
        }

        return best;
    }

    private double Routed(IReadOnlyList<LabelledPrompt> prompts, IReadOnlyList<UnseenScores> unseen)
    {
        double sum = 0;
        var count = 0;
        for (var i = 0; i < prompts.Count; i++)
        {
            var score = prompts[i].Scores[First(unseen[i].Scores, unseen[i].TaskMeans, unseen[i].AllMeans)];
            if (!double.IsNaN(score))
            {
                sum += score;
                count++;
            }
        }

        return sum / Math.Max(1, count);
    }

    private static int Displaced(int standing, ReadOnlySpan<double> values, double margin)
    {
        var challenger = Highest(values);
        return values[challenger] > values[standing] && values[challenger] - values[standing] >= margin ? challenger : standing;
    }

    private static int Highest(ReadOnlySpan<double> values)
    {
        var highest = 0;
        for (var k = 1; k < values.Length; k++)
        {
            highest = values[k] > values[highest] ? k : highest;
        }

        return highest;
    }
}
