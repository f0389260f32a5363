using System.Globalization;

namespace Sommelier.Evals.Reports;

/// <summary>A run as workflow commands of GitHub Actions: what failed appears beside the suite's file.</summary>
internal static class ReportAnnotations
{
    // GitHub shows ten of a kind in a step, and nobody reads more.
    private const int Most = 10;

    /// <summary>Writes the commands.</summary>
    public static void Write(TextWriter output, RunReport report)
    {
        foreach (var comparison in report.Comparisons)
        {
            var kind = comparison.Gate?.Verdict switch { Statistics.Planning.Verdict.Fail => "error", Statistics.Planning.Verdict.Inconclusive => "warning", _ => "notice" };
            output.Write($"::{kind} title={Property("eval gate")}::{Data(ReportWords.Comparison(comparison))}\n");
        }

        var suites = report.Manifest.Suites.ToDictionary(static suite => suite.Hash, StringComparer.Ordinal);
        var failed = report.InOrder().Where(static pair => !pair.Result.Passed).ToList();
        foreach (var (facts, result) in failed.Take(Most))
        {
            var suite = suites[facts.Suite];
            output.Write($"::warning file={Property(Relative(suite.File))},title={Property($"{suite.Id} {facts.Case}: {result.Key.Model}")}::{Data(ReportText.Cut(ReportText.Failures(result), 500))}\n");
        }

        if (failed.Count > Most)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"::notice title=eval::{failed.Count - Most} more cases did not pass.\n"));
        }

        foreach (var model in report.Models)
        {
            output.Write($"::notice title={Property("eval score")}::{Data($"{model.Name}: {ReportWords.Percent(model.Score.Mean)} ({ReportWords.Percent(model.Score.Interval?.Low)} to {ReportWords.Percent(model.Score.Interval?.High)}), {(report.Manifest.Simulated ? "simulated" : "measured")}")}\n");
        }
    }

    private static string Relative(string file) => Path.GetRelativePath(Environment.CurrentDirectory, file).Replace('\\', '/');

    private static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
