using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Statistics.Planning;
using Sommelier.Statistics.Reports;

namespace Sommelier.Evals.Reports;

/// <summary>What figures say, in sentences.</summary>
internal static class ReportWords
{
    /// <summary>Sentences about a run, most important first.</summary>
    public static IEnumerable<string> Of(RunReport report)
    {
        foreach (var (model, verdict) in report.Manifest.Decided)
        {
            yield return $"Ended early: {model} is {verdict switch { "equal" => "as good as equal to", "better" => "better than", _ => "worse than" }} {report.Manifest.Models[0]}, by a rule that holds at whatever moment it is looked at.";
        }

        foreach (var comparison in report.Comparisons)
        {
            yield return Comparison(comparison);
        }

        foreach (var sentence in PairWords.Of(report))
        {
            yield return sentence;
        }

        foreach (var model in report.Models.Where(static model => model.Score.IsUnreliable))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{model.Name} is unreliable: {model.Missing} of {model.Missing + model.Scored} answers could not be had or judged. They count neither way.");
        }
    }

    /// <summary>How a model compares with its baseline, with the gate's verdict.</summary>
    public static string Comparison(ModelComparison comparison)
    {
        var (model, baseline) = (comparison.Model, comparison.Baseline);
        var overall = comparison.Overall;
        if (overall.Interval is null)
        {
            return $"{model} and {baseline} share too few scored cases to be compared.";
        }

        var text = comparison.Differs
            ? $"{model} is {(overall.Difference!.Mean > 0 ? "better" : "worse")} than {baseline} by {Points(overall)}"
            : $"{model} and {baseline} are not told apart: {Signed(overall.Difference!.Mean)} points, {Ends(overall)}";
        text += string.Create(CultureInfo.InvariantCulture, $" over {Cases(overall.Count)}");
        var apart = comparison.ByIntent.Count > 1 ? comparison.ByIntent.Where(static pair => pair.Value.Interval is { } interval && !interval.Contains(0)).ToList() : [];
        text += apart.Count > 0 ? $" ({string.Join("; ", apart.Select(static pair => $"{Signed(pair.Value.Difference!.Mean)} on {pair.Key.Name()}, {Ends(pair.Value)}"))})" : "";
        text += comparison.CostRatio is { } ratio ? $", at {Ratio(ratio)} the price" : "";
        text += comparison is { CasesNeeded: { } needed } ? string.Create(CultureInfo.InvariantCulture, $"; about {needed - overall.Count} more cases would settle it, were the difference what it seems now") : "";
        text += comparison.Regressions.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {Cases(comparison.Regressions.Count)} that {comparison.Baseline} passes and it does not") : "";
        return comparison.Gate is { } gate ? $"{text}. Gate: {Word(gate)}." : $"{text}.";
    }

    /// <summary>A gate's verdict.</summary>
    public static string Word(GateResult gate) => gate.Verdict switch
    {
        Verdict.Pass => "PASS",
        Verdict.Fail => "FAIL",
        _ => gate.ItemsNeeded is { } needed ? string.Create(CultureInfo.InvariantCulture, $"INCONCLUSIVE, about {needed} cases would do") : "INCONCLUSIVE",
    };

    /// <summary>A share as points out of a hundred.</summary>
    public static string Percent(double? share) => share is { } known ? (100 * known).ToString("0.0", CultureInfo.InvariantCulture) : "";

    private static string Points(PairedComparison compared) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(100 * compared.Difference!.Mean):0.#} ± {100 * compared.Interval!.Value.HalfWidth:0.#} points");

    private static string Cases(int count) => count == 1 ? "1 case" : string.Create(CultureInfo.InvariantCulture, $"{count} cases");

    private static string Signed(double share) => (100 * share).ToString("+0.0;-0.0;0", CultureInfo.InvariantCulture);

    private static string Ends(PairedComparison compared) => $"{Signed(compared.Interval!.Value.Low)} to {Signed(compared.Interval.Value.High)}";

    private static string Ratio(double ratio) => ratio switch
    {
        > 0.95 and < 1.05 => "about",
        >= 1.05 => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.#} times"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:0.#} % of"),
    };
}
