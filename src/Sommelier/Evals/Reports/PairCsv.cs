using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Evals.Pairs;

namespace Sommelier.Evals.Reports;

/// <summary>A run's comparisons as CSV: one row for each.</summary>
internal static class PairCsv
{
    /// <summary>Writes head and rows.</summary>
    public static void Write(TextWriter output, RunReport report)
    {
        output.Write("suite,case,repeat,first,second,winner,outcome,judgements,flips,people,reason\n");
        var suites = report.Manifest.Suites.ToDictionary(static suite => suite.Hash, static suite => suite.Id, StringComparer.Ordinal);
        foreach (var one in report.Verdicts.All.Where(one => suites.ContainsKey(one.Key.Suite)))
        {
            string?[] cells =
            [
                suites[one.Key.Suite],
                one.Key.Case,
                Number(one.Key.Repeat),
                one.Key.First,
                one.Key.Second,
                EnumNames<PairWinner>.Of(one.Grade.Winner),
                one.Grade.Winner == PairWinner.Missing ? "" : one.Grade.Outcome.ToString("0.#", CultureInfo.InvariantCulture),
                Number(one.Grade.Judgements),
                Number(one.Grade.Flips),
                one.People?.ToString("0.###", CultureInfo.InvariantCulture),
                one.Grade.Reason,
            ];
            output.Write(string.Join(',', cells.Select(ReportCsv.Cell)));
            output.Write('\n');
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
