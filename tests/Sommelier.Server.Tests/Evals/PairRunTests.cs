using System.Text.Json;

namespace Sommelier.Server.Tests.Evals;

/// <summary>Answers of a run side by side, through the verbs, and what judges said of them.</summary>
public sealed class PairRunTests
{
    private const string Compare = "compare: { judge: lab/judge, vs: all, style: true }\n";
    private static readonly string Three = string.Join(',', EvalWorld.Models);

    [Fact]
    public async Task Each_is_compared_with_each_other_both_ways_round_and_ranked()
    {
        await using var world = new EvalWorld(30, more: Compare);

        var result = await world.RunAsync("run", world.Suite, "--models", Three, "--yes", "--out", world.At("r"), "--json");

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var report = JsonDocument.Parse(result.Output).RootElement;
        var pairs = report.GetProperty("pairs")[0];
        Assert.Equal(90, pairs.GetProperty("expected").GetInt32());
        Assert.Equal(90, pairs.GetProperty("first_wins").GetInt32() + pairs.GetProperty("second_wins").GetInt32() + pairs.GetProperty("ties").GetInt32());
        Assert.Equal(0, pairs.GetProperty("flip_rate").GetDouble());
        Assert.Equal(EvalWorld.Models, pairs.GetProperty("models").EnumerateArray().Select(static model => model.GetProperty("model").GetString()));
        Assert.All(pairs.GetProperty("models").EnumerateArray(), static model => Assert.InRange(model.GetProperty("rating").GetProperty("rating").GetDouble(), model.GetProperty("rating").GetProperty("low").GetDouble(), model.GetProperty("rating").GetProperty("high").GetDouble()));
        Assert.Equal(1000, pairs.GetProperty("models")[0].GetProperty("rating").GetProperty("rating").GetDouble(), 6);
        Assert.Equal(4, pairs.GetProperty("style_effects").EnumerateObject().Count());

        // 90 pairs, both ways round; at 1000 and 2000 USD per million tokens about 0.35 + 0.6 + 0.3 and a little for the task.
        Assert.Matches("90 comparisons of answers, each asked both ways round, follow: 180 calls of judges, about (22|23|24)[0-9]\\.", result.Error);

        // Equal answers are a tie that nobody is asked about; each other question is asked once, and all of it is paid.
        Assert.InRange(world.Judged, pairs.GetProperty("judgements").GetInt32(), pairs.GetProperty("judgements").GetInt32() * 2);
        Assert.Equal(world.Questions, world.Judged);
        Assert.Equal(world.Asked * EvalWorld.AnswerUsd, report.GetProperty("spent_usd").GetDecimal());

        var csv = await world.ReportAsync("csv-pairs", world.At("r"));
        Assert.Equal(91, csv.TrimEnd().Split('\n').Length);
        Assert.Contains("Side by side: numbers", await world.ReportAsync("html", world.At("r")), StringComparison.Ordinal);
        var table = await world.ReportAsync("table", world.At("r"));
        Assert.Contains("side by side: numbers", table, StringComparison.Ordinal);
        Assert.Contains("is found worse than", table.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_judge_said_is_never_paid_twice()
    {
        await using var world = new EvalWorld(20, more: Compare);
        await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/poor", "--yes", "--out", world.At("r"));
        var asked = world.Asked;

        // The comparisons are lost, what was said is not.
        File.Delete(Path.Combine(world.At("r"), "comparisons.jsonl"));
        Assert.Equal(0, (await world.RunAsync("resume", world.At("r"))).ExitCode);
        Assert.Equal(asked, world.Asked);
        Assert.Equal(0, (await world.RunAsync("regrade", world.At("r"))).ExitCode);
        Assert.Equal(asked, world.Asked);

        // A model more: its answers and its own comparisons, and nothing else.
        Assert.Equal(0, (await world.RunAsync("amend", world.At("r"), "--models", "lab/fair", "--yes")).ExitCode);
        var pairs = (await world.ReportAsync(world.At("r"))).GetProperty("pairs")[0];
        Assert.Equal(60, pairs.GetProperty("expected").GetInt32());
        Assert.Equal(world.Questions, world.Judged);
        Assert.Equal(60 + world.Judged, world.Asked);

        Assert.Equal(0, (await world.RunAsync("regrade", world.At("r"), "--no-cache")).ExitCode);
        Assert.Equal(2 * world.Questions, world.Judged);
    }

    [Fact]
    public async Task The_cap_holds_over_comparisons_and_more_money_finishes_them()
    {
        await using var world = new EvalWorld(20, more: Compare);
        const decimal Answers = 40 * EvalWorld.AnswerUsd;

        var poor = await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/poor", "--max-usd", "0.6", "--concurrency", "2", "--out", world.At("r"));

        Assert.Equal(4, poor.ExitCode);
        var spent = (await world.ReportAsync(world.At("r"))).GetProperty("spent_usd").GetDecimal();
        Assert.Equal(world.Asked * EvalWorld.AnswerUsd, spent);
        Assert.InRange(spent, Answers, 0.6m + (4 * EvalWorld.AnswerUsd));
        Assert.Equal(0, (await world.ReportAsync(world.At("r"))).GetProperty("pairs")[0].GetProperty("missing").GetInt32());

        var rich = await world.RunAsync("resume", world.At("r"), "--max-usd", "5");
        Assert.True(rich.ExitCode == 0, rich.Error);
        var pairs = (await world.ReportAsync(world.At("r"))).GetProperty("pairs")[0];
        Assert.Equal(20, pairs.GetProperty("first_wins").GetInt32() + pairs.GetProperty("second_wins").GetInt32() + pairs.GetProperty("ties").GetInt32());
        Assert.Equal(40 + (2 * pairs.GetProperty("judgements").GetInt32()), world.Asked);
    }

    [Fact]
    public async Task A_judge_whose_price_is_not_yet_known_does_not_run_beyond_the_cap_with_all_its_first_calls_at_once()
    {
        await using var world = new EvalWorld(10, TimeSpan.FromMilliseconds(30));
        File.WriteAllText(world.Suite, (await File.ReadAllTextAsync(world.Suite, TestContext.Current.CancellationToken)).Replace("expect: [{", "judge: lab/judge\n  expect: [llm-rubric: It knows, {", StringComparison.Ordinal));

        var poor = await world.RunAsync("run", world.Suite, "--models", "lab/good", "--max-usd", "0.13", "--out", world.At("r"));

        Assert.Equal(4, poor.ExitCode);
        Assert.InRange(world.Asked * EvalWorld.AnswerUsd, 0.12m, 0.13m + EvalWorld.AnswerUsd);
    }

    [Fact]
    public async Task A_budget_of_pairs_is_kept_and_each_is_compared_with_the_first()
    {
        await using var world = new EvalWorld(20, more: "compare: { judge: lab/judge, max_pairs: 11 }\n");

        await world.RunAsync("run", world.Suite, "--models", Three, "--yes", "--out", world.At("r"));

        var pairs = (await world.ReportAsync(world.At("r"))).GetProperty("pairs")[0].GetProperty("pairs");
        Assert.Equal(["lab/good", "lab/good"], pairs.EnumerateArray().Select(static pair => pair.GetProperty("second").GetString()));
        Assert.Equal([6, 5], pairs.EnumerateArray().Select(static pair => pair.GetProperty("win_rate").GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task People_say_what_the_judge_is_worth()
    {
        await using var world = new EvalWorld(60, more: "compare: { judge: lab/judge, labels: pairs.jsonl }\n");

        // People find the poor one better where the judge cannot know it: each third case.
        world.Write("pairs.jsonl", string.Concat(Enumerable.Range(0, 60).Where(static number => number % 6 < 3).Select(static number =>
            $$"""{"case":"case-{{number}}","models":["lab/good","lab/poor"],"better":"{{(number % 3 == 0 ? "lab/poor" : "lab/good")}}"}""" + "\n")));
        world.Write("humans.jsonl", string.Concat(Enumerable.Range(0, 60).Select(static number => $$"""{"case":"case-{{number}}","model":"lab/good","label":"{{(number % 2 == 0 ? "pass" : "fail")}}"}""" + "\n")));
        File.WriteAllText(world.Suite, File.ReadAllText(world.Suite).Replace("expect: [", "judge: lab/judge\n  expect: [llm-rubric: It knows, { human: humans.jsonl, weight: 0 }, ", StringComparison.Ordinal));

        var result = await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/poor", "--yes", "--out", world.At("r"), "--json");

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var report = JsonDocument.Parse(result.Output).RootElement;
        var people = report.GetProperty("pairs")[0].GetProperty("pairs")[0].GetProperty("people");
        Assert.Equal((60, 30), (people.GetProperty("judged").GetInt32(), people.GetProperty("labelled").GetInt32()));
        Assert.False(people.GetProperty("reliable").GetBoolean());
        Assert.True(people.GetProperty("corrected").GetDouble() > people.GetProperty("judge_mean").GetDouble(), people.ToString());
        Assert.InRange(people.GetProperty("corrected").GetDouble(), 0.2, 0.45);

        var good = report.GetProperty("models").EnumerateArray().Single(static model => model.GetProperty("model").GetString() is "lab/good").GetProperty("judges");
        Assert.Equal((60, true), (good.GetProperty("labelled").GetInt32(), good.GetProperty("reliable").GetBoolean()));
        Assert.Equal(0.5, good.GetProperty("corrected").GetDouble(), 9);
        Assert.True(good.GetProperty("judge_mean").GetDouble() > 0.8);
    }

    [Theory]
    [InlineData("compare: { judge: lab/good }", "is a candidate too")]
    [InlineData("compare: { vs: all }", "names nobody to judge")]
    [InlineData("compare: { judge: lab/judge, vs: lab/other }", "is no model of the run")]
    [InlineData("compare: { judge: lab/judge, labels: none.jsonl }", "there is no file")]
    public async Task What_cannot_be_compared_is_said_before_anybody_is_asked(string compare, string complaint)
    {
        await using var world = new EvalWorld(5, more: compare + "\n");

        var result = await world.RunAsync("run", world.Suite, "--models", Three, "--yes");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(complaint, result.Error, StringComparison.Ordinal);
        Assert.Equal(0, world.Asked);
    }
}
