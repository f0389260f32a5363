using System.Xml.Linq;
using Sommelier.Canonical;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Reports;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;
using Sommelier.Statistics.Planning;

namespace Sommelier.Tests.Evals.Reports;

public sealed class ReportTests : IDisposable
{
    private const int Cases = 120;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sommelier-report-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Models_are_ranked_and_compared_with_the_first()
    {
        var report = Report();

        Assert.Equal(["lab/good", "lab/base"], report.Models.Select(model => model.Name));
        var comparison = Assert.Single(report.Comparisons);
        Assert.Equal(("lab/good", "lab/base", true), (comparison.Model, comparison.Baseline, comparison.Differs));
        Assert.Equal(Verdict.Pass, report.Gate);
        Assert.Equal(0.25, comparison.CostRatio);
        Assert.Contains("lab/good is better than lab/base by 30 ± ", ReportWords.Comparison(comparison), StringComparison.Ordinal);
        Assert.Contains("at 25 % of the price", ReportWords.Comparison(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_of_one_model_leaves_more_of_alpha_to_the_others()
    {
        var cases = Enumerable.Range(0, 400).ToArray();
        CaseScores Scores(string model, Func<int, bool> right) => CaseScores.Of(Run(model, right), Run(model, right).Models[0]);
        var pairs = new[] { ("clear", 3), ("near", 6) }.Select(one => (Scores(one.Item1, number => number % 100 >= one.Item2 - 3), Scores("base", number => number % 100 < 100 - 3))).ToList();

        // The one that is clearly as good leaves; the other is then judged at all of alpha, not at half of it.
        var together = GatedComparisons.Of(pairs, 0.01, 0.05);
        var alone = GatedComparisons.Of([pairs[1]], 0.01, 0.05);
        Assert.Equal(Verdict.Pass, together[0].Gate!.Verdict);
        Assert.Equal(Verdict.Inconclusive, together[1].Gate!.Verdict);
        Assert.Equal(alone[0].Gate!.Interval, together[1].Gate!.Interval);

        RunReport Run(string model, Func<int, bool> right)
        {
            var file = Path.Combine(folder.FullName, $"{model}.jsonl");
            if (!File.Exists(file))
            {
                using var log = ResultLog.Open(file);
                foreach (var number in cases)
                {
                    log.Append(Result(model, number, right(number) ? 1 : 0, 0.01m));
                }
            }

            return RunReport.Build(
                new() { Id = "r", CreatedAt = default, Suites = [new("s", "", "hash", "s.suite.yaml")], Models = [model] },
                [.. cases.Select(static number => new CaseFacts("hash", $"c{number}", "", Intent.Math, $"s/c{number}", 1, false, "", ""))],
                RunResults.Read(file),
                RunEnd.Complete);
        }
    }

    [Fact]
    public void Missing_answers_make_a_model_unreliable_and_count_neither_way()
    {
        var report = Report(lost: 6);

        var model = report.Models.Single(one => one.Name is "lab/base");
        Assert.Equal((6, Cases - 6, true), (model.Missing, model.Scored, model.Score.IsUnreliable));
    }

    [Fact]
    public void JUnit_is_well_formed_whatever_an_answer_holds()
    {
        using var text = new StringWriter();
        ReportJUnit.Write(text, Report());

        var suites = XDocument.Parse(text.ToString()).Root!.Elements("testsuite").ToList();
        Assert.Equal(["lab/base", "lab/good", "gate"], suites.Select(suite => suite.Attribute("name")!.Value));
        Assert.Equal(suites[0].Attribute("failures")!.Value, suites[0].Elements("testcase").Count(test => test.Element("failure") is not null).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Csv_has_a_row_for_each_answer_and_no_formula()
    {
        using var text = new StringWriter();
        ReportCsv.Write(text, Report());

        Assert.Equal(1 + (2 * Cases), Csv.Read(new StringReader(text.ToString())).Count(row => row.Cells.Count == 16));
        Assert.Contains(",'=cmd()", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Html_fetches_nothing_and_runs_nothing()
    {
        using var text = new StringWriter();
        ReportHtml.Write(text, Report());

        var page = text.ToString();
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<polyline", page, StringComparison.Ordinal);
        Assert.Contains("lab/good is better than lab/base", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_name_the_suite_and_escape_what_they_say()
    {
        using var text = new StringWriter();
        ReportAnnotations.Write(text, Report());

        Assert.Contains("::warning file=", text.ToString(), StringComparison.Ordinal);
        Assert.All(text.ToString().TrimEnd().Split('\n'), line => Assert.StartsWith("::", line, StringComparison.Ordinal));
    }

    private RunReport Report(int lost = 0)
    {
        var file = Path.Combine(folder.FullName, RunFolder.ResultsName);
        using (var log = ResultLog.Open(file))
        {
            for (var i = 0; i < Cases; i++)
            {
                log.Append(Result("lab/base", i, i < lost ? null : i % 10 < 6 ? 1 : 0, 0.04m));
                log.Append(Result("lab/good", i, i % 10 < 9 ? 1 : 0, 0.01m));
            }
        }

        var manifest = new RunManifest
        {
            Id = "r",
            CreatedAt = default,
            Suites = [new("s", "", "hash", Path.Combine(folder.FullName, "s.suite.yaml"))],
            Models = ["lab/base", "lab/good"],
            Gate = new(null, 0.05),
        };
        CaseFacts[] facts = [.. Enumerable.Range(0, Cases).Select(i => new CaseFacts("hash", $"c{i}", "", i % 2 == 0 ? Intent.Math : Intent.Coding, $"s/c{i}", 1, false, "<b>in\u0001put</b>", "right"))];
        return RunReport.Build(manifest, facts, RunResults.Read(file), RunEnd.Complete);
    }

    private static EvalResult Result(string model, int number, double? score, decimal cost) => new()
    {
        Key = new("hash", $"c{number}", model, 0),
        AnswerKey = "",
        At = default,
        Score = score,
        Passed = score is 1,
        Answer = score is null ? null : new() { Text = number == 7 ? "=cmd()" : "a\u0001b, \"c\" \uD800 ]]>", CostUsd = cost, Latency = TimeSpan.FromMilliseconds(10 + number) },
        Error = score is null ? "down" : "",
        Grades = score is 1 ? [] : [new("contains", null, 1, false, GradeState.Failed, 0, "not %\nthere")],
    };
}
