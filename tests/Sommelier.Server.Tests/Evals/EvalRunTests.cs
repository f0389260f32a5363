using System.CommandLine;
using System.Text.Json;
using Sommelier.Server.Cli;
using Sommelier.Server.Cli.Evals;

namespace Sommelier.Server.Tests.Evals;

public sealed class EvalRunTests
{
    private static readonly string Three = string.Join(',', EvalWorld.Models);

    [Fact]
    public async Task A_case_with_a_recorded_answer_is_graded_and_nobody_is_asked()
    {
        await using var world = new EvalWorld(3, more: "cases: [{ id: said, vars: { number: 77 }, output: It is 77 }, { id: wrong, vars: { number: 78 }, output: It is 77 }]\n");

        var result = await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/fair", "--yes", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(6, world.Asked);
        Assert.Contains(": 6 calls", result.Error, StringComparison.Ordinal);
        var recorded = JsonDocument.Parse(result.Output).RootElement.GetProperty("models").EnumerateArray().Single(static model => model.GetProperty("model").GetString() is "recorded");
        Assert.Equal((2, 0.5), (recorded.GetProperty("scored").GetInt32(), recorded.GetProperty("pass_rate").GetDouble()));
    }

    [Fact]
    public async Task A_sample_of_cases_is_asked_and_amended_by_more_of_the_same_draw()
    {
        await using var world = new EvalWorld(40);
        Assert.Equal(0, (await world.RunAsync("run", world.Suite, "--models", "lab/good", "--cases", "10", "--yes")).ExitCode);
        Assert.Equal(10, world.Asked);
        Assert.Equal(2, (await world.RunAsync("amend", "last", "--cases", "9")).ExitCode);

        Assert.Equal(0, (await world.RunAsync("amend", "last", "--cases", "25", "--yes")).ExitCode);

        Assert.Equal(25, world.Asked);
        Assert.Equal(25, (await world.ReportAsync("last")).GetProperty("models")[0].GetProperty("scored").GetInt32());
        Assert.Equal(2, (await world.RunAsync("run", world.Suite, "--models", "lab/good", "--cases", "0")).ExitCode);
    }

    [Fact]
    public async Task Models_are_asked_graded_and_ranked()
    {
        await using var world = new EvalWorld(40);

        var result = await world.RunAsync("run", world.Suite, "--models", Three, "--yes", "--out", world.At("r"), "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(120, world.Asked);
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(EvalWorld.Models, report.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("model").GetString()));
        Assert.Equal(120 * EvalWorld.AnswerUsd, report.GetProperty("spent_usd").GetDecimal());
        Assert.All(report.GetProperty("comparisons").EnumerateArray(), comparison => Assert.True(comparison.GetProperty("high").GetDouble() < 0));
        Assert.False(report.GetProperty("simulated").GetBoolean());
    }

    [Fact]
    public async Task The_cap_holds_and_more_money_finishes_the_run()
    {
        const decimal Cap = 0.3m;
        await using var world = new EvalWorld(40, TimeSpan.FromMilliseconds(5));

        var poor = await world.RunAsync("run", world.Suite, "--models", Three, "--max-usd", "0.3", "--concurrency", "4", "--out", world.At("r"));

        Assert.Equal(4, poor.ExitCode);
        var spent = (await world.ReportAsync(world.At("r"))).GetProperty("spent_usd").GetDecimal();
        Assert.Equal(world.Asked * EvalWorld.AnswerUsd, spent);
        Assert.InRange(spent, Cap / 2, Cap + (4 * EvalWorld.AnswerUsd));
        Assert.Contains("eval resume", poor.Output, StringComparison.Ordinal);

        var still = await world.RunAsync("resume", world.At("r"));
        Assert.Equal(4, still.ExitCode);

        var rich = await world.RunAsync("resume", world.At("r"), "--max-usd", "5");
        Assert.True(rich.ExitCode == 0, rich.Error);
        Assert.Equal(120, world.Asked);
    }

    [Fact]
    public async Task Limits_and_outages_cost_time_and_no_answers()
    {
        await using var world = new EvalWorld(30, TimeSpan.FromMilliseconds(5), (_, number) => (number % 10) switch
        {
            3 => FaultReply.Error(429, ScriptedAnswer.OpenAI.ErrorBody, ("retry-after-ms", "150")),
            7 => FaultReply.Error(503, ScriptedAnswer.OpenAI.ErrorBody),
            _ => null,
        });

        var result = await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes", "--out", world.At("r"), "--json");

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var model = JsonDocument.Parse(result.Output).RootElement.GetProperty("models")[0];
        Assert.Equal((30, 0), (model.GetProperty("scored").GetInt32(), model.GetProperty("missing").GetInt32()));

        // Answers that were asked for twice waited half a second and more; none of it is in their latency.
        Assert.Contains(File.ReadLines(Path.Combine(world.At("r"), "results.jsonl")), line => line.Contains("\"attempts\":2", StringComparison.Ordinal));
        Assert.InRange(model.GetProperty("latency_p95_ms").GetDouble(), 1, 400);
    }

    [Fact]
    public async Task A_model_that_refuses_the_key_is_missing_and_not_wrong()
    {
        var locked = true;
        await using var world = new EvalWorld(20, fault: (model, _) => locked && model is "fair" ? FaultReply.Error(401, ScriptedAnswer.OpenAI.ErrorBody) : null);

        var result = await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/fair", "--yes", "--out", world.At("r"));

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("lab/fair is not asked any more", result.Error, StringComparison.Ordinal);
        var models = (await world.ReportAsync(world.At("r"))).GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("model").GetString()!, model => model.GetProperty("scored").GetInt32());
        Assert.Equal((20, 0), (models["lab/good"], models["lab/fair"]));

        locked = false;
        Assert.Equal(0, (await world.RunAsync("resume", world.At("r"), "--yes")).ExitCode);
        Assert.Equal(20, (await world.ReportAsync(world.At("r"))).GetProperty("models").EnumerateArray().Min(model => model.GetProperty("scored").GetInt32()));
    }

    [Fact]
    public async Task A_provider_that_stays_down_makes_a_run_unreliable()
    {
        await using var world = new EvalWorld(12, fault: (_, number) => number >= 6 ? FaultReply.Error(400, ScriptedAnswer.OpenAI.Rejection("The request is wrong.", "bad")) : null);

        var result = await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes", "--concurrency", "1", "--out", world.At("r"));

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("lab/good is unreliable: 6 of 12", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amending_asks_for_nothing_but_what_is_new()
    {
        await using var world = new EvalWorld(15);
        await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes", "--out", world.At("r"));
        Assert.Equal(15, world.Asked);

        Assert.Equal(0, (await world.RunAsync("amend", world.At("r"), "--models", "lab/fair,lab/good", "--yes")).ExitCode);
        Assert.Equal(30, world.Asked);

        Assert.Equal(0, (await world.RunAsync("amend", world.At("r"), "--repeats", "3", "--yes")).ExitCode);
        Assert.Equal(90, world.Asked);

        Assert.Equal(0, (await world.RunAsync("resume", world.At("r"))).ExitCode);
        Assert.Equal(90, world.Asked);
        var report = await world.ReportAsync(world.At("r"));
        Assert.All(report.GetProperty("models").EnumerateArray(), model => Assert.Equal((45, 15), (model.GetProperty("score").GetProperty("n").GetInt32(), model.GetProperty("score").GetProperty("clusters").GetInt32())));
    }

    [Fact]
    public async Task Answers_of_earlier_runs_are_kept_unless_they_are_not_wanted()
    {
        await using var world = new EvalWorld(10);
        await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes");
        var second = await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes", "--json");

        Assert.Equal(10, world.Asked);
        Assert.Contains("10 answers are kept", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, JsonDocument.Parse(second.Output).RootElement.GetProperty("spent_usd").GetDecimal());

        await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes", "--no-cache");
        Assert.Equal(20, world.Asked);
    }

    [Fact]
    public async Task Regrading_holds_the_answers_to_other_expectations_and_asks_nobody()
    {
        await using var world = new EvalWorld(10);
        await world.RunAsync("run", world.Suite, "--models", "lab/poor", "--yes", "--out", world.At("r"));
        world.Write("numbers.suite.yaml", File.ReadAllText(world.Suite).Replace("equals: 'It is {{number}}'", "regex: 'It is|do not know'", StringComparison.Ordinal));

        Assert.Equal(2, (await world.RunAsync("resume", world.At("r"))).ExitCode);
        Assert.Equal(0, (await world.RunAsync("regrade", world.At("r"))).ExitCode);

        Assert.Equal(10, world.Asked);
        Assert.Equal(1, (await world.ReportAsync(world.At("r"))).GetProperty("models")[0].GetProperty("pass_rate").GetDouble());
    }

    [Fact]
    public async Task A_comparison_that_is_decided_ends_early()
    {
        await using var world = new EvalWorld(300, TimeSpan.FromMilliseconds(2));

        var result = await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/poor", "--yes", "--stop", "--out", world.At("r"), "--json");

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        Assert.InRange(world.Asked, 40, 300);
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal("decided", report.GetProperty("end").GetString());
        Assert.Equal("worse", report.GetProperty("run").GetProperty("decided").GetProperty("lab/poor").GetString());
    }

    [Theory]
    [InlineData("lab/good", "lab/poor", 1, "FAIL")]
    [InlineData("lab/poor", "lab/good", 0, "PASS")]
    public async Task A_gate_fails_what_is_worse_than_the_baseline(string baseline, string model, int code, string word)
    {
        await using var world = new EvalWorld(80, more: "gate: { max_regression: 0.05 }\n");

        var result = await world.RunAsync("run", world.Suite, "--models", $"{baseline},{model}", "--yes", "--out", world.At("r"));

        Assert.True(result.ExitCode == code, result.Error + result.Output);
        Assert.Contains($"Gate: {word}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_cases_are_inconclusive_and_fail_only_when_that_is_wanted()
    {
        await using var world = new EvalWorld(6, more: "gate: { max_regression: 0.01 }\n");
        string[] run = ["run", world.Suite, "--models", "lab/fair,lab/good", "--yes"];

        var lenient = await world.RunAsync(run);
        Assert.Equal(0, lenient.ExitCode);
        Assert.Contains("INCONCLUSIVE", lenient.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await world.RunAsync([.. run, "--fail-inconclusive"])).ExitCode);
    }

    [Fact]
    public async Task Two_runs_are_compared_case_by_case()
    {
        await using var world = new EvalWorld(60);
        await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes", "--out", world.At("before"));
        await world.RunAsync("run", world.Suite, "--models", "lab/poor", "--yes", "--out", world.At("after"));

        var worse = await EvalWorld.InvokeAsync("eval", "compare", world.At("before"), world.At("after"));
        Assert.Equal(1, worse.ExitCode);
        Assert.Contains("passed before, fails now: case-", worse.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await EvalWorld.InvokeAsync("eval", "compare", world.At("after"), world.At("before"))).ExitCode);
    }

    [Fact]
    public async Task A_dear_run_is_not_begun_without_a_word()
    {
        await using var world = new EvalWorld(400);

        var result = await world.RunAsync("run", world.Suite, "--models", Three);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--max-usd", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, world.Asked);
    }

    [Theory]
    [InlineData(50, "--concurrency", "50")]
    [InlineData(20)]
    public void A_run_begins_with_as_many_calls_as_were_asked_for(int start, params string[] arguments)
    {
        var options = new RunOptions();
        var command = new Command("run");
        options.AddTo(command);
        var context = new CliContext { Output = TextWriter.Null, Error = TextWriter.Null, Input = TextReader.Null, Console = CliContext.Plain(TextWriter.Null), Environment = _ => null };

        var settings = options.Read(context, command.Parse([.. arguments, "--data", "x"]));

        Assert.Equal((start, arguments.Length > 0 ? 50 : 100), (settings.StartAt, settings.Concurrency));
    }

    [Theory]
    [InlineData("nobody is named", "run", "SUITE")]
    [InlineData("There is no model 'lab/nobody'", "run", "SUITE", "--models", "lab/nobody")]
    [InlineData("its provider is not configured. Set OPENAI_API_KEY", "run", "SUITE", "--models", "openai/gpt-6-luna")]
    [InlineData("cannot be in one run", "run", "SUITE", "--models", "lab/good,demo/openai/gpt-6-luna")]
    [InlineData("there is no run 'nothing'", "resume", "nothing")]
    [InlineData("there is nothing to add", "amend", "RUN")]
    [InlineData("from 1", "run", "SUITE", "--models", "lab/good", "--repeats", "0")]
    public async Task A_mistake_is_told_with_its_remedy(string said, params string[] arguments)
    {
        await using var world = new EvalWorld(2);
        if (arguments.Contains("RUN"))
        {
            await world.RunAsync("run", world.Suite, "--models", "lab/good", "--yes", "--out", world.At("r"));
        }

        var result = await world.RunAsync([.. arguments.Select(argument => argument switch { "SUITE" => world.Suite, "RUN" => world.At("r"), _ => argument })]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }
}
