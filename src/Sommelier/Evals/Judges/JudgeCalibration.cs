using Sommelier.Statistics.Agreement;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Prediction;

namespace Sommelier.Evals.Judges;

/// <summary>What a judge is worth, measured by people's labels of some of what it judged, and its mean freed of its bias.</summary>
/// <param name="Judged">Answers, or pairs of them, with the judge's score.</param>
/// <param name="Labelled">Those of them that people have labelled too.</param>
/// <param name="Kappa">How far judge and people say the same, plainly and beyond chance; null without labels.</param>
/// <param name="Correlation">Of the judge's scores with people's, -1 to 1; null where either never varies.</param>
/// <param name="JudgeMean">The mean of the judge's scores, as they are; null below two.</param>
/// <param name="Corrected">
/// The mean score as people would give it, estimated from all of the judge's scores and their labels; null below two labels. What
/// is labelled has to be a random part of all.
/// </param>
internal sealed record JudgeCalibration(int Judged, int Labelled, CohenKappa? Kappa, double? Correlation, MeanEstimate? JudgeMean, PredictionPoweredMean? Corrected)
{
    /// <summary>Below this number of labels, agreement is too uncertain to be relied upon.</summary>
    public const int EnoughLabels = 50;

    /// <summary>Whether there are labels enough to rely upon.</summary>
    public bool IsReliable => Labelled >= EnoughLabels;

    /// <summary>The interval of the corrected mean, within 0 and 1; null where there is none.</summary>
    public Interval? CorrectedInterval => Corrected?.Estimate.Interval().Within(0, 1);

    /// <summary>Of scores: judge and people agree where both let an answer pass, from half the score on, or neither does.</summary>
    /// <param name="judged">The judge's score of each answer, 0 to 1, and that of people; null without a label.</param>
    public static JudgeCalibration OfScores(IEnumerable<(double Judge, double? People)> judged) => Of(judged, 2, static score => score >= 0.5 ? 1 : 0);

    /// <summary>Of pairs: they agree where both find the same one better, or neither.</summary>
    /// <param name="judged">The judge's outcome of each pair, 1 for the first, 0 for the second, 0.5 for a tie, and that of people; null without a label.</param>
    public static JudgeCalibration OfPairs(IEnumerable<(double Judge, double? People)> judged) => Of(judged, 3, static outcome => outcome > 0.5 ? 2 : outcome < 0.5 ? 0 : 1);

    private static JudgeCalibration Of(IEnumerable<(double Judge, double? People)> judged, int classes, Func<double, int> classOf)
    {
        var people = new List<double>();
        var judge = new List<double>();
        var elsewhere = new List<double>();
        foreach (var (score, label) in judged)
        {
            if (label is { } said)
            {
                people.Add(said);
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
            people.Count == 0 ? null : CohenKappa.Of([.. judge.Select(classOf)], [.. people.Select(classOf)], classes),
            Correlate([.. judge], [.. people]),
            all.Length < 2 ? null : MeanEstimate.Of(all),
            people.Count < 2 ? null : PredictionPoweredMean.Of(people.ToArray(), judge.ToArray(), elsewhere.ToArray()));
    }

    private static double? Correlate(double[] judge, double[] people) =>
        judge.Length > 1 && Moments.Variance(judge) > 0 && Moments.Variance(people) > 0 ? Moments.Correlation(judge, people) : null;
}
