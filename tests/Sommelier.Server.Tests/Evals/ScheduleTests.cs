using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Configuration;
using Sommelier.Evals.Scheduling;
using Sommelier.Server.Cli;
using Sommelier.Server.Cli.Evals.Scheduling;
using Sommelier.Server.Tests.Cli;
using Sommelier.Storage;
using Sommelier.TestKit.Services;

namespace Sommelier.Server.Tests.Evals;

/// <summary>Models that are new in the catalog are run on suites by themselves: a first look, a daily cap that outlives processes, one instance at a time.</summary>
public sealed class ScheduleTests
{
    private const int Cases = 60;

    [Fact]
    public async Task What_is_there_already_is_noted_only_and_a_new_model_that_cannot_be_the_best_is_asked_a_sample()
    {
        await using var world = await WorldAsync(10);
        Assert.Empty(Evals(await NowAsync(world)));
        Assert.Equal(2 * Cases, world.Asked);

        world.List("weak");
        var eval = Assert.Single(Evals(await NowAsync(world)));

        Assert.Equal(("lab/weak", "dropped", 30), (eval.GetProperty("model").GetString(), eval.GetProperty("state").GetString(), world.AskedOf("weak")));
        Assert.Matches(@"after 30 cases; it is not asked the rest: lab/good has 9\d", eval.GetProperty("detail").GetString());
        Assert.Equal(30 * EvalWorld.AnswerUsd, eval.GetProperty("spent_usd").GetDecimal());
        var report = await world.ReportAsync(eval.GetProperty("run").GetString()!);
        Assert.Equal(30, report.GetProperty("models")[0].GetProperty("scored").GetInt32());
        Assert.Contains("eval run " + eval.GetProperty("run").GetString(), await HistoryAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_model_that_may_be_the_best_is_asked_everything_and_published_as_a_shadow_or_in_force()
    {
        await using var world = await WorldAsync(10);
        await NowAsync(world);

        world.List("great");
        var eval = Assert.Single(Evals(await NowAsync(world)));
        Assert.Equal(("done", Cases), (eval.GetProperty("state").GetString(), world.AskedOf("great")));
        Assert.True(JsonDocument.Parse(await HistoryAsync(world)).RootElement.GetProperty("data")[0].GetProperty("shadow").GetBoolean());

        File.WriteAllText(world.Config, File.ReadAllText(world.Config).Replace("publish: shadow", "publish: live", StringComparison.Ordinal));
        world.List("weak");
        await NowAsync(world);
        Assert.False(JsonDocument.Parse(await HistoryAsync(world)).RootElement.GetProperty("data")[0].GetProperty("shadow").GetBoolean());
    }

    [Fact]
    public async Task A_weak_model_that_is_cheaper_than_all_that_are_better_is_asked_the_rest_only_within_the_gap()
    {
        await using var world = await WorldAsync(10, look: ", gap: 0.9");
        await NowAsync(world);

        world.List("weak", price: 1);
        var eval = Assert.Single(Evals(await NowAsync(world)));

        Assert.Equal(("done", Cases), (eval.GetProperty("state").GetString(), world.AskedOf("weak")));
    }

    [Fact]
    public async Task The_cap_of_a_day_holds_over_processes_and_the_next_day_goes_on_with_what_is_missing()
    {
        await using var world = await WorldAsync(0.24m);
        var clock = new FakeTimeProvider(CliRun.Now);
        await NowAsync(world, clock);
        world.List("great");

        var first = await NowAsync(world, clock);
        Assert.Equal((4, 20), (first.ExitCode, world.AskedOf("great")));
        Assert.Equal(("first_look", "the day's money is spent"), (Evals(first)[0].GetProperty("state").GetString(), Evals(first)[0].GetProperty("detail").GetString()));

        clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal((4, 20), ((await NowAsync(world, clock)).ExitCode, world.AskedOf("great")));

        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((4, 40), ((await NowAsync(world, clock)).ExitCode, world.AskedOf("great")));

        clock.Advance(TimeSpan.FromDays(1));
        var last = await NowAsync(world, clock);
        Assert.Equal((Cases, "done"), (world.AskedOf("great"), Evals(last)[0].GetProperty("state").GetString()));
    }

    [Fact]
    public async Task What_is_left_of_a_day_and_is_less_than_an_answer_costs_does_not_suffice_either()
    {
        await using var world = await WorldAsync(0.25m);
        await NowAsync(world);
        world.List("great");

        Assert.Equal((4, 20), ((await NowAsync(world)).ExitCode, world.AskedOf("great")));
    }

    [Fact]
    public async Task A_killed_run_is_left_alone_while_its_lease_lasts_and_then_resumed_with_exactly_what_it_lacks()
    {
        await using var world = await WorldAsync(10, TimeSpan.FromMilliseconds(20));
        await NowAsync(world);
        world.List("great");
        using (var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. world.Arguments("schedule", "--now")]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var patience = Stopwatch.StartNew();
            while (world.AskedOf("great") < 13 && !process.HasExited)
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "The run does not get on.");
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var asked = world.AskedOf("great");
        var recorded = File.ReadAllText(Path.Combine(Directory.GetDirectories(Path.Combine(world.Data, "evals"), "*great").Single(), "results.jsonl")).Count(static letter => letter == '\n');
        Assert.InRange(asked, recorded, recorded + ScheduledRun.Concurrency);
        Assert.Equal(3, (await NowAsync(world)).ExitCode);

        var resumed = await NowAsync(world, new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(2)));

        var eval = Assert.Single(Evals(resumed));
        Assert.Equal(("done", Cases - recorded), (eval.GetProperty("state").GetString(), world.AskedOf("great") - asked));
        Assert.Equal((Cases + ScheduledRun.Concurrency) * EvalWorld.AnswerUsd, eval.GetProperty("spent_usd").GetDecimal());
    }

    [Fact]
    public async Task Of_two_instances_over_one_database_one_works_at_a_time_under_one_cap()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var world = await WorldAsync(0.48m, TimeSpan.FromMilliseconds(5), storage: $"storage: {{ postgres: '{postgres.ConnectionString}' }}\n");
        await NowAsync(world);
        world.List("great");

        // With keys in the shared database nobody may ask without one; runs may.
        Assert.Equal(0, (await EvalWorld.InvokeAsync("key", "create", "app", "--config", world.Config, "--data", world.Data)).ExitCode);

        // The second one has a data folder of its own, in which nothing is known.
        var both = await Task.WhenAll(NowAsync(world), EvalWorld.InvokeAsync("eval", "schedule", "--now", "--json", "--config", world.Config, "--data", world.At("other")));

        Assert.All(both, static one => Assert.True(one.ExitCode is 0 or 3 or 4, one.Error));
        Assert.Contains(both, static one => one.ExitCode == 4);
        Assert.Equal(40, world.AskedOf("great"));
        Assert.Single(new[] { world.Data, world.At("other") }, data => Directory.Exists(Path.Combine(data, "evals")) && Directory.GetDirectories(Path.Combine(data, "evals"), "*great").Length > 0);
    }

    [Fact]
    public async Task A_gateway_that_serves_does_it_by_itself_and_says_so()
    {
        await using var world = await WorldAsync(10);
        await NowAsync(world);
        world.List("weak");
        await using var gateway = await RunningGateway.StartAsync(await File.ReadAllTextAsync(world.Config, TestContext.Current.CancellationToken));
        await using var worker = Worker(world, gateway);

        for (var patience = Stopwatch.StartNew(); !gateway.Log.Contains("is dropped", StringComparison.Ordinal); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), gateway.Log);
        }

        Assert.Contains("The model weak is new in the catalog; 1 suites are scheduled for it.", gateway.Log, StringComparison.Ordinal);
        Assert.Equal(30, world.AskedOf("weak"));
    }

    [Theory]
    [InlineData(9, 0.6, 0.9)]
    [InlineData(0.5, 0.5 / ScheduledRun.Concurrency, 0.5 / ScheduledRun.Concurrency)]
    public async Task A_run_that_was_killed_before_its_first_record_counts_what_its_calls_may_have_cost_and_no_more_than_was_held(double held, double least, double most)
    {
        await using var world = await WorldAsync(10);
        await NowAsync(world);
        world.List("great");
        await world.RunAsync("schedule", "--add", "lab/great");
        await BeganAsync(world, "lab/great", "killed", (decimal)held);

        var eval = Assert.Single(Evals(await NowAsync(world)));

        // An answer without a limit is taken for one of 300 tokens, at 2,000 USD a million.
        Assert.Equal("done", eval.GetProperty("state").GetString());
        Assert.InRange((double)(eval.GetProperty("spent_usd").GetDecimal() - (Cases * EvalWorld.AnswerUsd)), ScheduledRun.Concurrency * least, ScheduledRun.Concurrency * most);
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_is_logged_and_postponed_and_the_others_go_on()
    {
        await using var world = await WorldAsync(10);
        await NowAsync(world);
        world.List("great");
        await world.RunAsync("schedule", "--add", "lab/great");
        await BeganAsync(world, "lab/great", "broken");
        world.List("weak");
        await File.WriteAllTextAsync(Path.Combine(world.Data, "evals", "broken", "run.json"), "{", TestContext.Current.CancellationToken);
        await using (var gateway = await RunningGateway.StartAsync(await File.ReadAllTextAsync(world.Config, TestContext.Current.CancellationToken)))
        {
            await using var worker = Worker(world, gateway);
            for (var patience = Stopwatch.StartNew(); !gateway.Log.Contains("is dropped", StringComparison.Ordinal); await Task.Delay(20, TestContext.Current.CancellationToken))
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), gateway.Log);
            }

            Assert.Contains($"The eval of lab/great on {world.Suite} failed.", gateway.Log, StringComparison.Ordinal);
        }

        Assert.Equal((0, 30), (world.AskedOf("great"), world.AskedOf("weak")));
        var great = Evals(await world.RunAsync("schedule", "--json")).Single(static eval => eval.GetProperty("model").GetString() is "lab/great");
        Assert.Equal(("first_look", "broken"), (great.GetProperty("state").GetString(), great.GetProperty("run").GetString()));
        Assert.InRange(great.GetProperty("due").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.NotEmpty(great.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task What_is_added_by_hand_is_left_alone_while_it_is_under_way_and_a_dropped_model_is_asked_the_rest()
    {
        await using var world = await WorldAsync(10);
        await NowAsync(world);
        world.List("weak");
        var dropped = Assert.Single(Evals(await NowAsync(world)));
        Assert.Equal("dropped", dropped.GetProperty("state").GetString());

        var rest = await NowAsync(world, null, "--add", "lab/weak");
        var done = Assert.Single(Evals(rest));
        Assert.Contains("was dropped after its first look; now it is asked the rest.", rest.Error, StringComparison.Ordinal);
        Assert.Equal(("done", Cases, dropped.GetProperty("run").GetString()), (done.GetProperty("state").GetString(), world.AskedOf("weak"), done.GetProperty("run").GetString()));
        Assert.Equal(Cases * EvalWorld.AnswerUsd, done.GetProperty("spent_usd").GetDecimal());

        var again = await NowAsync(world, null, "--add", "lab/weak");
        Assert.Contains($"lab/weak on {world.Suite} is done already: {done.GetProperty("detail").GetString()}.", again.Error, StringComparison.Ordinal);
        Assert.Equal(done.GetRawText(), Assert.Single(Evals(again)).GetRawText());

        await BeganAsync(world, "lab/poor", "begun");
        var left = await world.RunAsync("schedule", "--json", "--add", "lab/poor");
        Assert.Contains($"lab/poor on {world.Suite} is under way already, and is left alone.", left.Error, StringComparison.Ordinal);
        Assert.Contains(Evals(left), static eval => eval.GetProperty("model").GetString() is "lab/poor" && eval.GetProperty("run").GetString() is "begun");
    }

    [Fact]
    public async Task A_model_that_is_not_new_is_scheduled_by_hand_and_a_judge_is_not_run_on_its_own_suite()
    {
        await using var world = await WorldAsync(10);
        File.WriteAllText(world.Suite, (await File.ReadAllTextAsync(world.Suite, TestContext.Current.CancellationToken)).Replace("defaults:\n", "defaults:\n  judge: lab/judge\n", StringComparison.Ordinal));
        await NowAsync(world);

        var added = await NowAsync(world, null, "--add", "lab/judge,lab/poor");

        var evals = Evals(added).ToDictionary(static eval => eval.GetProperty("model").GetString()!, StringComparer.Ordinal);
        Assert.Contains("is a candidate too", evals["lab/judge"].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("rest", evals["lab/judge"].GetProperty("state").GetString());
        Assert.Equal("done", evals["lab/poor"].GetProperty("state").GetString());
        Assert.Equal(2, (await NowAsync(world, null, "--add", "lab/nobody")).ExitCode);
    }

    [Fact]
    public async Task Without_a_word_in_the_configuration_nothing_is_scheduled()
    {
        await using var world = new EvalWorld(1);
        var shown = await world.RunAsync("schedule");
        Assert.Equal(2, shown.ExitCode);
        Assert.Contains("new_models", shown.Error, StringComparison.Ordinal);
    }

    // A world in which two models are known on all cases.
    private static async Task<EvalWorld> WorldAsync(decimal usdPerDay, TimeSpan latency = default, string look = "", string storage = "")
    {
        var world = new EvalWorld(Cases, latency);
        await File.AppendAllTextAsync(world.Config, string.Create(CultureInfo.InvariantCulture, $"{storage}evals: {{ new_models: {{ suites: ['{world.Suite}'], max_usd_per_day: {usdPerDay}, first_look: {{ cases: 30{look} }}, publish: shadow }} }}\n"));
        var known = await world.RunAsync("run", world.Suite, "--models", "lab/good,lab/fair", "--yes");
        Assert.True(known.ExitCode == 0, known.Error);
        return world;
    }

    // An eval whose run began, and left nothing but its folder.
    private static async Task BeganAsync(EvalWorld world, string model, string run, decimal heldUsd = 0)
    {
        var now = TimeProvider.System.GetUtcNow();
        var eval = new ScheduledEval(model, world.Suite) { State = ScheduleState.FirstLook, Run = run, Due = now.AddMinutes(-1), Changed = now };
        Directory.CreateDirectory(Path.Combine(world.Data, "evals", run));
        var settings = new ServeSettings(world.Config, null, world.Data);
        await using var database = Database.OfSqlite(settings.Over(Read(world)).DatabasePath);
        var store = new ScheduleStore(database);
        await store.PutAsync(eval, TestContext.Current.CancellationToken);
        if (heldUsd > 0)
        {
            await store.HoldAsync(eval, DateOnly.FromDateTime(now.UtcDateTime), heldUsd, TestContext.Current.CancellationToken);
        }
    }

    private static ScheduleWorker Worker(EvalWorld world, RunningGateway gateway)
    {
        var settings = new ServeSettings(world.Config, null, world.Data);
        var context = new CliContext { Output = TextWriter.Null, Error = TextWriter.Null, Input = TextReader.Null, Console = CliContext.Plain(TextWriter.Null), Environment = static _ => null };
        return new(context, settings, settings.Over(Read(world)), gateway.Gateway);
    }

    private static SommelierConfig Read(EvalWorld world)
    {
        var (config, problems) = ConfigReader.Read(File.ReadAllText(world.Config), world.Config, static _ => null);
        Assert.Empty(problems);
        return config!;
    }

    private static Task<CliResult> NowAsync(EvalWorld world, TimeProvider? clock = null, params string[] more) =>
        clock is null ? world.RunAsync(["schedule", "--now", "--json", .. more]) : CliRun.RunAsync("", [], world.Arguments(["schedule", "--now", "--json", .. more]), clock);

    private static IReadOnlyList<JsonElement> Evals(CliResult result)
    {
        Assert.True(result.Output.Length > 0, result.Error);
        return [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("evals").EnumerateArray()];
    }

    private static async Task<string> HistoryAsync(EvalWorld world) =>
        (await EvalWorld.InvokeAsync("models", "quality", "history", "--json", "--config", world.Config, "--data", world.Data)).Output;
}
