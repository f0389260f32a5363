using System.Globalization;

namespace Sommelier.Evals.Reports;

/// <summary>Comparisons as a part of a report's page.</summary>
internal static class PairHtml
{
    /// <summary>A table of models and one of pairs for each suite; nothing where nothing was compared.</summary>
    public static void Write(TextWriter output, RunReport report)
    {
        foreach (var pairs in report.Pairs.Where(static pairs => pairs.Pairs.Count > 0))
        {
            var styled = pairs.StyleEffects.Count > 0;
            output.Write($"<h2>Side by side: {ReportHtml.Text(pairs.Suite)}</h2>\n<p class=\"note\">{Flips(pairs)}</p>\n");
            output.Write($"<table><tr><th>model</th><th class=\"n\">rank</th><th class=\"n\">rating</th><th>95 % interval</th>{(styled ? "<th class=\"n\">same style</th><th>95 % interval</th>" : "")}<th class=\"n\">wins %</th><th>95 % interval</th><th class=\"n\">won</th><th class=\"n\">tied</th><th class=\"n\">lost</th></tr>\n");
            foreach (var one in pairs.Models)
            {
                output.Write($"<tr><td>{ReportHtml.Text(one.Model)}</td>{Rating(one.Standing, withRank: true)}{(styled ? Rating(one.StyleControlled!, withRank: false) : "")}{Rate(one.WinRate)}{Tally(one.Tally)}</tr>\n");
            }

            output.Write("</table>\n<table><tr><th>model</th><th>against</th><th class=\"n\">wins %</th><th>95 % interval</th><th class=\"n\">won</th><th class=\"n\">tied</th><th class=\"n\">lost</th></tr>\n");
            foreach (var pair in pairs.Pairs)
            {
                output.Write($"<tr><td>{ReportHtml.Text(pair.First)}</td><td>{ReportHtml.Text(pair.Second)}</td>{Rate(pair.WinRate)}{Tally(pair.Tally)}</tr>\n");
            }

            output.Write("</table>\n");
        }
    }

    private static string Flips(PairReport pairs) => string.Create(CultureInfo.InvariantCulture, $"{pairs.Judged} of {pairs.Expected} comparisons have a verdict; {ReportWords.Percent(double.IsNaN(pairs.Tally.FlipRate) ? null : pairs.Tally.FlipRate)} % of the judge's verdicts changed with the order of the answers. Ratings are Elo's scale by Bradley and Terry, 1000 for the run's first model.")
        + (pairs.StyleEffects.Count > 0 ? $" Style moves the log odds of winning, for one standard deviation, by {string.Join(", ", pairs.StyleEffects.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Value:+0.00;-0.00;0} ({one.Key})")))}." : "");

    private static string Rating(Statistics.Ranking.Standing standing, bool withRank) =>
        string.Create(CultureInfo.InvariantCulture, $"{(withRank ? $"<td class=\"n\">{standing.Rank}</td>" : "")}<td class=\"n\">{standing.Rating:0}</td><td>{standing.Interval.Low:0} to {standing.Interval.High:0}</td>");

    private static string Rate(Statistics.Reports.ScoreSummary rate) => $"<td class=\"n\">{ReportWords.Percent(rate.Mean)}</td><td>{ReportWords.Percent(rate.Interval?.Low)} to {ReportWords.Percent(rate.Interval?.High)}</td>";

    private static string Tally(Pairs.PairTally tally) => string.Create(CultureInfo.InvariantCulture, $"<td class=\"n\">{tally.First}</td><td class=\"n\">{tally.Ties}</td><td class=\"n\">{tally.Second}</td>");
}
