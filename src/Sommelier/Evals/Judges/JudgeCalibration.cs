using Sommelier.Statistics.Agreement;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Prediction;

namespace Sommelier.Evals.Judges;

/// <summary>What a judge is worth, measured by people's labels of some of its answers, and the mean score freed of its bias.</summary>
/// <param name="Judged">Answers with the judge's score.</param>
/// <param name="Labelled">Those of them that people have labelled too.</param>
/// <param name="Kappa">How far judge and people agree on passing (from half the score on) beyond chance, and plainly; null without labels.</param>
/// <param name="JudgeMean">The mean of the judge's scores, as they are.</param>
/// <param name="Corrected">
/// The mean score as people would give it, estimated from all of the judge's scores and their labels; null below two labels. The
/// labelled answers have to be a random part of all.
/// </param>
internal sealed record JudgeCalibration(int Judged, int Labelled, CohenKappa? Kappa, MeanEstimate? JudgeMean, PredictionPoweredMean? Corrected)
{
    /// <summary>Below this number of labels, agreement is too uncertain to be relied upon.</summary>
    public const int EnoughLabels = 50;

    /// <summary>Whether there are labels enough to rely upon.</summary>
    public bool IsReliable => Labelled >= EnoughLabels;

    /// <summary>Measures.</summary>
    /// <param name="judged">Case, model and the judge's score (0 to 1) of every answer that was judged; missing ones are left out.</param>
    /// <param name="labels">What people said.</param>
    public static JudgeCalibration Of(IEnumerable<(string Case, string? Model, double Score)> judged, HumanLabels labels)
    {
        var people = new List<double>();
        var judge = new List<double>();
        var elsewhere = new List<double>();
        foreach (var (name, model, score) in judged)
        {
            if (labels.Find(name, model) is { } label)
            {
                people.Add(label);
                judge.Add(score);
            }
            else
            {
                elsewhere.Add(score);
            }
        }

        double[] all = [.. judge, .. elsewhere];
        return new(
            all.Length,
            people.Count,
            people.Count == 0 ? null : CohenKappa.Of([.. judge.Select(Passes)], [.. people.Select(Passes)], 2),
            all.Length < 2 ? null : MeanEstimate.Of(all),
            people.Count < 2 ? null : PredictionPoweredMean.Of(people.ToArray(), judge.ToArray(), elsewhere.ToArray()));
    }

    private static int Passes(double score) => score >= 0.5 ? 1 : 0;
}
