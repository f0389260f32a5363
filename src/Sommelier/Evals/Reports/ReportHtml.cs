using System.Globalization;
using System.Net;
using Sommelier.Canonical;

namespace Sommelier.Evals.Reports;

/// <summary>A run as one HTML file that needs nothing beside it: no script, no font, no address is fetched.</summary>
internal static class ReportHtml
{
    private const int FailuresShown = 100;

    private const string Style = """
        :root{color-scheme:light dark;--ink:#1f2430;--paper:#fff;--soft:#6b7280;--line:#d9dde5;--good:#2563eb;--bad:#b91c1c}
        @media(prefers-color-scheme:dark){:root{--ink:#e5e7eb;--paper:#14171f;--soft:#9ca3af;--line:#333a47;--good:#60a5fa;--bad:#f87171}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1100px;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%}
        th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
        .note{color:var(--soft)}.warn{color:var(--bad)}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font:13px/1.45 ui-monospace,monospace}
        details{margin:.4rem 0;border:1px solid var(--line);border-radius:6px;padding:.4rem .7rem}.side{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:.8rem;margin:.6rem 0}
        svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .axis{stroke:var(--line)}svg .dot{fill:var(--good)}svg .front{stroke:var(--good);fill:none;stroke-width:2}svg .off{fill:var(--soft)}
        """;

    /// <summary>Writes the page.</summary>
    public static void Write(TextWriter output, RunReport report)
    {
        var title = $"{string.Join(", ", report.Manifest.Suites.Select(static suite => suite.Id).Distinct(StringComparer.Ordinal))}: {report.Manifest.Id}";
        output.Write($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Text(title)}</title><style>{Style}</style></head><body>\n<h1>{Text(title)}</h1>\n");
        output.Write(string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">{report.Manifest.CreatedAt:yyyy-MM-dd HH:mm} UTC, {report.Cases.Count} cases, seed {report.Manifest.Seed}, suites {Text(string.Join(", ", report.Manifest.Suites.Select(static suite => $"{suite.Id} {suite.Hash}")))}</p>\n"));
        if (report.Manifest.Simulated)
        {
            output.Write("<p class=\"warn\">Simulated: no model was asked. Who is right how often is drawn from the catalog's quality figures.</p>\n");
        }

        Leaderboard(output, report);
        output.Write("<ul>\n");
        foreach (var sentence in ReportWords.Of(report))
        {
            output.Write($"<li>{Text(sentence)}</li>\n");
        }

        output.Write("</ul>\n");
        PairHtml.Write(output, report);
        CostPlot.Write(output, report.Models);
        HeatMap(output, report);
        Failures(output, report);
        output.Write("</body></html>\n");
    }

    /// <summary>Text for a page.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void Leaderboard(TextWriter output, RunReport report)
    {
        output.Write("<h2>Models</h2>\n<table><tr><th>model</th><th class=\"n\">score</th><th>95 % interval</th><th></th><th class=\"n\">passed</th><th class=\"n\">n</th><th class=\"n\">missing</th><th class=\"n\">USD per 1000</th><th class=\"n\">p50 ms</th><th class=\"n\">p95 ms</th></tr>\n");
        foreach (var model in report.Models)
        {
            var interval = model.Score.Interval;
            output.Write($"<tr><td>{Text(model.Name)}</td><td class=\"n\">{ReportWords.Percent(model.Score.Mean)}</td><td>{ReportWords.Percent(interval?.Low)} to {ReportWords.Percent(interval?.High)}</td><td>{Bar(model)}</td>"
                + string.Create(CultureInfo.InvariantCulture, $"<td class=\"n\">{ReportWords.Percent(model.PassRate)}</td><td class=\"n\">{model.Scored}</td><td class=\"n\">{model.Missing}</td><td class=\"n\">{model.CostPerAnswerUsd * 1000:0.###}</td><td class=\"n\">{model.MedianLatency?.TotalMilliseconds:0}</td><td class=\"n\">{model.P95Latency?.TotalMilliseconds:0}</td></tr>\n"));
        }

        output.Write("</table>\n");
    }

    private static string Bar(ModelReport model) => model.Score is { Mean: { } mean, Interval: { } interval }
        ? string.Create(CultureInfo.InvariantCulture, $"<svg width=\"160\" height=\"14\" role=\"img\" aria-label=\"interval\"><line class=\"axis\" x1=\"0\" y1=\"7\" x2=\"160\" y2=\"7\"/><line class=\"front\" x1=\"{160 * interval.Low:0.#}\" y1=\"7\" x2=\"{160 * interval.High:0.#}\" y2=\"7\"/><circle class=\"dot\" cx=\"{160 * mean:0.#}\" cy=\"7\" r=\"4\"/></svg>")
        : "";

    private static void HeatMap(TextWriter output, RunReport report)
    {
        output.Write("<h2>By kind of work</h2>\n<table><tr><th>model</th>");
        foreach (var intent in report.Intents)
        {
            output.Write($"<th class=\"n\">{intent.Name()}</th>");
        }

        output.Write("</tr>\n");
        foreach (var model in report.Models)
        {
            output.Write($"<tr><td>{Text(model.Name)}</td>");
            foreach (var intent in report.Intents)
            {
                var score = model.ByIntent.FirstOrDefault(pair => pair.Key == intent).Value;
                output.Write(score?.Mean is { } mean
                    ? string.Create(CultureInfo.InvariantCulture, $"<td class=\"n\" style=\"background:hsl({120 * mean:0} 60% 50% / .25)\" title=\"{ReportWords.Percent(score.Interval?.Low)} to {ReportWords.Percent(score.Interval?.High)}, n {score.Count}\">{ReportWords.Percent(mean)}</td>")
                    : "<td></td>");
            }

            output.Write("</tr>\n");
        }

        output.Write("</table>\n");
    }

    private static void Failures(TextWriter output, RunReport report)
    {
        var cases = report.InOrder().GroupBy(static pair => pair.Facts).Where(static group => group.Any(static pair => !pair.Result.Passed)).ToList();
        output.Write(string.Create(CultureInfo.InvariantCulture, $"<h2>Cases that somebody did not pass</h2>\n<p class=\"note\">{cases.Count} of {report.Cases.Count}{(cases.Count > FailuresShown ? $", the first {FailuresShown} here; the CSV has them all" : "")}.</p>\n"));
        foreach (var group in cases.Take(FailuresShown))
        {
            output.Write($"<details><summary>{Text(group.Key.Case)} <span class=\"note\">{group.Key.Intent.Name()}</span></summary>\n<pre class=\"note\">{Text(group.Key.Input)}</pre>\n<div class=\"side\">\n");
            if (group.Key.Reference.Length > 0)
            {
                output.Write($"<div><b>reference</b><pre>{Text(group.Key.Reference)}</pre></div>\n");
            }

            foreach (var (_, result) in group)
            {
                output.Write($"<div><b>{Text(result.Key.Model)}</b> {(result.Passed ? "passed" : $"<span class=\"warn\">{Text(ReportText.Failures(result))}</span>")}<pre>{Text(result.Answer is { } answer ? ReportText.Cut(ReportText.Answer(answer), 4000) : "")}</pre></div>\n");
            }

            output.Write("</div></details>\n");
        }
    }
}
