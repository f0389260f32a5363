using System.Text.Json;

namespace Sommelier.Server.Tests.Cli;

public sealed class BenchRouterCommandTests
{
    private static readonly string Fixture = Path.Combine(Repository.Root, "tests", "Sommelier.Tests", "RouterBenchmark", "Fixture");

    [Fact]
    public async Task Figures_are_those_worked_out_by_hand_and_come_with_pictures()
    {
        using var folder = new TemporaryFolder();

        var result = await CliRun.RunAsync("bench-router", Fixture, "--json", "--svg", folder.Path, "--markdown", Path.Combine(folder.Path, "page.md"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(result.Output);
        var sets = json.RootElement.GetProperty("sets").EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!, StringComparer.Ordinal);

        // 41 rows: the large model is right on 15 of 20 greetings (a copy of a wrong one beside them) and 18 of 20 proofs; no row
        // but proofs 0 and 10 lacks a right model, and the middle one is right on the first of these.
        Assert.Equal(100 * 33 / 41.0, Value(sets["own"], "best-single", "accuracy"), 3);
        Assert.Equal(100 * 40 / 41.0, Value(sets["own"], "oracle", "accuracy"), 3);
        Assert.Equal(100 * 39 / 41.0, Value(sets["own"], "task-table", "accuracy"), 3);
        Assert.Equal(1000 * ((21 * 0.002) + (20 * 0.004)) / 41, Value(sets["own"], "best-single", "usd_per_1k"), 3);
        Assert.True(Value(sets["own"], "predictor@text", "accuracy") >= Value(sets["own"], "best-single", "accuracy"));
        Assert.InRange(Value(sets["own"], "thrift", "usd_per_1k"), 0, Value(sets["own"], "best-single", "usd_per_1k") * 0.999);
        Assert.Contains("| own | thrift | ", await File.ReadAllTextAsync(Path.Combine(folder.Path, "page.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(Value(sets["pairs/own"], "length", "apgr") > 0.5);
        Assert.All(new[] { "own.svg", "pairs-own.svg", "page.md", "images/router-benchmark/own.svg" }, name => Assert.True(File.Exists(Path.Combine(folder.Path, name)), name));
        Assert.StartsWith("<svg ", await File.ReadAllTextAsync(Path.Combine(folder.Path, "own.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_predictor_that_is_saved_is_the_difficulty_that_rules_go_by()
    {
        const string Proof = "Explain step by step, with every number and every unit shown, how kites would change if 3 forces of 9 newton acted on them for 4 seconds, and prove that the total is conserved.";
        const string Greeting = "Say one friendly word about kites.";
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "models", "small.predictor");

        var saved = await CliRun.RunAsync("bench-router", Path.Combine(Fixture, "own.jsonl"), "--save", file);
        Assert.Equal((0, ""), (saved.ExitCode, saved.Error));
        Assert.Contains("small, large, middle", saved.Output, StringComparison.Ordinal);

        var yaml = folder.Write(
            "sommelier.yaml",
            $$"""
            discover: false
            classifier: { difficulty: { predictor: "{{file}}", model: small } }
            policies:
              default: mine
              mine: { strategy: order, order: [lab/small], sticky: false, rules: [{ when: "difficulty > 0.5", name: hard, order: [lab/large] }] }
            providers:
              lab:
                type: openai-compatible
                base_url: http://127.0.0.1:9/v1
                models: [{ id: small, context: 8192, price: { input: 1, output: 2 } }, { id: large, context: 8192, price: { input: 10, output: 20 } }]
            """);
        var (easy, hard) = (await RouteAsync(Greeting), await RouteAsync(Proof));

        Assert.Equal(("lab/small", "lab/large"), (easy.GetProperty("model").GetString(), hard.GetProperty("model").GetString()));
        Assert.InRange(easy.GetProperty("difficulty").GetDouble(), 0, 0.4);
        Assert.InRange(hard.GetProperty("difficulty").GetDouble(), 0.6, 1);

        // The signal of length and structure tells them apart by less.
        var untrained = await RouteAsync(Proof, folder.Write("plain.yaml", (await File.ReadAllTextAsync(yaml, TestContext.Current.CancellationToken)).Replace("classifier:", "#", StringComparison.Ordinal)));
        Assert.Equal("lab/small", untrained.GetProperty("model").GetString());

        async Task<JsonElement> RouteAsync(string prompt, string? config = null)
        {
            var result = await CliRun.RunAsync("route", "--json", "-c", config ?? yaml, prompt);
            Assert.Equal(0, result.ExitCode);
            using var json = JsonDocument.Parse(result.Output);
            return json.RootElement.Clone();
        }
    }

    [Fact]
    public async Task A_predictor_is_learnt_from_one_set_of_texts_that_say_something()
    {
        using var folder = new TemporaryFolder();
        var several = await CliRun.RunAsync("bench-router", Fixture, "--save", Path.Combine(folder.Path, "a"));
        Assert.NotEqual(0, several.ExitCode);
        Assert.Contains("learnt from one set", several.Error, StringComparison.Ordinal);

        folder.Write("few.meta.json", """{ "models": ["a", "b"], "source": "written for this project" }""");
        folder.Write("few.jsonl", string.Join('\n', Enumerable.Range(0, 12).Select(i => $$"""{"id": "{{i}}", "dataset": "d", "s": [{{i % 2}}, {{(i / 2) % 2}}], "c": [0.1, 0.1]}""")));
        var few = await CliRun.RunAsync("bench-router", Path.Combine(folder.Path, "few.jsonl"), "--save", Path.Combine(folder.Path, "b"));
        Assert.NotEqual(0, few.ExitCode);
        Assert.Contains("say nothing", few.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "b")));
    }

    [Fact]
    public async Task The_same_seed_prints_the_same_and_only_what_was_asked_for()
    {
        string[] run = ["bench-router", Path.Combine(Fixture, "own.jsonl"), "--strategy", "best-single", "--strategy", "frugal@task", "--policy", "frugal"];

        var first = await CliRun.RunAsync(run);
        var second = await CliRun.RunAsync(run);

        Assert.Equal(0, first.ExitCode);
        Assert.Equal(first.Output, second.Output);
        Assert.Contains("frugal@task", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("oracle", first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_of_the_test_data_that_were_learnt_from_are_not_tested()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(Fixture, "own.jsonl");
        var rows = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        var meta = await File.ReadAllTextAsync(Path.ChangeExtension(file, ".meta.json"), TestContext.Current.CancellationToken);
        folder.Write("learn/own.meta.json", meta);
        folder.Write("learn/own.jsonl", string.Join('\n', rows.Take(30)));
        folder.Write("test/own.meta.json", meta);
        folder.Write("test/own.jsonl", string.Join('\n', rows.Skip(20)));

        var result = await CliRun.RunAsync("bench-router", Path.Combine(folder.Path, "learn"), "--test-data", Path.Combine(folder.Path, "test"), "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(result.Output);

        // Of 21 rows ten were learnt from, and the copy is of the first question.
        Assert.Equal(10, json.RootElement.GetProperty("sets")[0].GetProperty("rows").GetInt32());
    }

    [Theory]
    [InlineData("""{"id":"1","s":[1]}""", "bad.jsonl:1: 's' must be an array")]
    [InlineData("", "there are no rows")]
    public async Task Bad_files_are_said_with_line_and_remedy(string row, string problem)
    {
        using var folder = new TemporaryFolder();
        folder.Write("bad.meta.json", """{"models":["a","b"]}""");

        var result = await CliRun.RunAsync("bench-router", folder.Write("bad.jsonl", row));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--strategy", "nobody", "there is no strategy 'nobody'; known: random")]
    [InlineData("--policy", "nobody", "there is no policy 'nobody'; known: balanced")]
    [InlineData("--folds", "1", "--folds must be 2 to 100")]
    public async Task Unknown_names_are_said_with_the_known_ones(string option, string value, string problem)
    {
        var result = await CliRun.RunAsync("bench-router", Fixture, option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
    }

    private static double Value(JsonElement set, string strategy, string figure) =>
        set.GetProperty("strategies").EnumerateArray().Single(s => s.GetProperty("name").GetString() == strategy).GetProperty(figure).GetProperty("value").GetDouble();
}
