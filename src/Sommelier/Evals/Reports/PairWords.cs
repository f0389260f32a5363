using System.Globalization;
using Sommelier.Evals.Judges;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Evals.Reports;

/// <summary>What judges found, and what they are worth, in sentences.</summary>
internal static class PairWords
{
    // From here on a judge reads places rather than answers.
    private const double ManyFlips = 0.2;

    /// <summary>Sentences about a run's judges; none where no judge compared and no label says what it is worth.</summary>
    public static IEnumerable<string> Of(RunReport report)
    {
        foreach (var pairs in report.Pairs)
        {
            foreach (var pair in pairs.Pairs)
            {
                yield return Pair(pair);
            }

            if (pairs.Tally.Judgements > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"The judge of {pairs.Suite} changed {ReportWords.Percent(pairs.Tally.FlipRate)} % of {pairs.Tally.Judgements} verdicts with the order of the answers{(pairs.Tally.FlipRate > ManyFlips ? ": it looks at the place more than at the answer; take another one" : "")}.");
            }

            if (pairs.IsUnreliable)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{pairs.Tally.Missing} of {pairs.Tally.Missing + pairs.Judged} comparisons of {pairs.Suite} have no verdict. They count for nobody.");
            }

            if (pairs.Calibration is { } calibration)
            {
                yield return $"Judge and people {Agreement(calibration, "pairs")}.";
            }
        }

        if (report.Judges is { } judges)
        {
            yield return $"Judges and people {Agreement(judges, "answers")}.";
            foreach (var model in report.Models.Where(static model => model.Judges?.Corrected is not null))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Judges give {model.Name} {ReportWords.Percent(model.Judges!.JudgeMean!.Mean)}; as people would it is {Corrected(model.Judges)}.");
            }
        }
    }

    private static string Pair(PairOfModels pair)
    {
        if (pair.WinRate is not { Mean: { } mean, Interval: { } interval })
        {
            return $"{pair.First} and {pair.Second} were compared without a verdict.";
        }

        var text = pair.Differs ? $"{pair.First} is found {(mean > 0.5 ? "better" : "worse")} than {pair.Second}" : $"{pair.First} and {pair.Second} are found about equal";
        text += string.Create(CultureInfo.InvariantCulture, $": it wins {ReportWords.Percent(mean)} % ({Ends(interval)}) of {pair.WinRate.Count} comparisons, {pair.Tally.Ties} of them ties as halves");
        return pair.People?.Corrected is null ? $"{text}." : $"{text}; as people would judge, {Corrected(pair.People)} %.";
    }

    private static string Agreement(JudgeCalibration calibration, string what)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"say the same of {ReportWords.Percent(calibration.Kappa!.Agreement)} % of {calibration.Labelled} labelled {what}");
        text += double.IsNaN(calibration.Kappa.Kappa) ? "" : string.Create(CultureInfo.InvariantCulture, $", kappa {calibration.Kappa.Kappa:0.00}");
        return calibration.IsReliable ? text : string.Create(CultureInfo.InvariantCulture, $"{text}; {JudgeCalibration.EnoughLabels} labels are needed to rely upon that");
    }

    private static string Corrected(JudgeCalibration calibration) => $"{ReportWords.Percent(calibration.Corrected!.Estimate.Mean)} ({Ends(calibration.CorrectedInterval!.Value)})";

    private static string Ends(Interval interval) => $"{ReportWords.Percent(interval.Low)} to {ReportWords.Percent(interval.High)}";
}
