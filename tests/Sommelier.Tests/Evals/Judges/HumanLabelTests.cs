using Sommelier.Evals.Graders;
using Sommelier.Evals.Judges;

namespace Sommelier.Tests.Evals.Judges;

/// <summary>Labels of people, and judges measured by them.</summary>
public sealed class HumanLabelTests
{
    [Fact]
    public async Task Labels_grade_and_their_absence_is_missing()
    {
        var folder = Directory.CreateTempSubdirectory("sommelier-labels-").FullName;
        try
        {
            await File.WriteAllLinesAsync(
                Path.Combine(folder, "labels.jsonl"),
                ["""{"case": "a", "label": "pass"}""", """{"case": "a", "model": "lab/x", "label": "fail"}""", "", """{"case": "b", "model": "lab/x", "score": 0.25}""", """{"case": "b", "model": "other/x", "score": 0.75}""", """{"case": "c", "label": true}"""],
                TestContext.Current.CancellationToken);
            var grader = Settings.Make("""{ "value": "labels.jsonl" }""", HumanGrader.Kind.Create, folder);

            async Task<Grade> Of(string name, string? model) => await grader.GradeAsync(new() { Text = "x", Case = name, Model = model }, TestContext.Current.CancellationToken);

            Assert.Equal(Grade.Pass, await Of("a", "lab/y"));
            Assert.Equal(Grade.Pass, await Of("a", null));
            Assert.Equal(GradeState.Failed, (await Of("a", "lab/x")).State);
            Assert.Equal(0.5, (await Of("b", "lab/x")).Score);
            Assert.Equal(Grade.Pass, await Of("c", "lab/x"));
            Assert.Equal(GradeState.Missing, (await Of("b", "lab/y")).State);
            Assert.Equal(GradeState.Missing, (await Of("", "lab/x")).State);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_bad_line_is_told()
    {
        var problems = new List<string>();

        var labels = HumanLabels.Read(["{\"case\": \"a\"}", "no", "{\"label\": \"pass\"}", "{\"case\": \"a\", \"score\": 2}", "[]", "{\"case\": \"a\", \"label\": \"fail\"}"], problems.Add);

        Assert.Equal(1, labels.Count);
        Assert.Equal(["1", "2", "3", "4", "5"], problems.Select(problem => problem[^1..]));
    }

    [Fact]
    public void File_that_is_absent_is_a_problem_of_the_suite() =>
        Assert.Contains("none.jsonl", Settings.Problems("""{ "value": "none.jsonl" }""", HumanGrader.Kind.Create, "/suites").Single().ToString());

    [Fact]
    public void Judge_that_agrees_is_told_from_one_that_guesses()
    {
        var labels = Labels(60, number => number % 3 != 0);

        var good = Calibrate(60, number => number % 3 != 0 ? 0.9 : 0.1, labels);
        var kind = Calibrate(60, number => number % 2 == 0 ? 0.9 : 0.1, labels);

        Assert.Equal(1, good.Kappa!.Agreement, 9);
        Assert.Equal(1, good.Kappa.Kappa, 9);
        Assert.True(good.IsReliable);
        Assert.InRange(kind.Kappa!.Kappa, -0.2, 0.2);
        Assert.Equal(1, good.Correlation!.Value, 9);
        Assert.InRange(kind.Correlation!.Value, -0.2, 0.2);
    }

    [Fact]
    public void Bias_of_a_generous_judge_is_taken_out()
    {
        // People pass two thirds of 900 answers and have labelled 90 of them; the judge lets half of the poor ones pass too.
        static bool Good(int number) => number % 3 != 0;
        static double Judge(int number) => Good(number) || number % 2 == 0 ? 1 : 0;
        var labels = Labels(900, Good, labelled: number => number % 10 == 1 || number % 10 == 6);

        var calibration = Calibrate(900, Judge, labels);

        Assert.Equal((900, 180), (calibration.Judged, calibration.Labelled));
        Assert.Equal(0.8333, calibration.JudgeMean!.Mean, 3);
        Assert.Equal(0.6667, calibration.Corrected!.Estimate.Mean, 2);
        Assert.InRange(calibration.Corrected.Lambda, 0.1, 1);
    }

    [Fact]
    public void Without_labels_there_is_no_calibration()
    {
        var calibration = JudgeCalibration.OfScores([(1, null), (0, null)]);

        Assert.Equal((2, 0, null, null), (calibration.Judged, calibration.Labelled, calibration.Kappa, calibration.Corrected));
        Assert.False(calibration.IsReliable);
    }

    private static JudgeCalibration Calibrate(int count, Func<int, double> judge, HumanLabels labels) =>
        JudgeCalibration.OfScores(Enumerable.Range(0, count).Select(number => (judge(number), labels.Find($"case {number}", null))));

    private static HumanLabels Labels(int count, Func<int, bool> pass, Func<int, bool>? labelled = null) => HumanLabels.Read(
        Enumerable.Range(0, count).Where(labelled ?? (_ => true)).Select(number => $$"""{"case": "case {{number}}", "label": "{{(pass(number) ? "pass" : "fail")}}"}"""),
        problem => Assert.Fail(problem));
}
