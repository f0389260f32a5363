using System.Text.Json;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Evals;

public sealed class SimulatedEvalTests : IDisposable
{
    private const string Two = "demo/anthropic/claude-opus-5-5,demo/anthropic/claude-haiku-5-5";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sample_runs_without_a_key_and_says_that_it_is_simulated()
    {
        var sample = Path.Combine(Repository.Root, "samples", "evals", "extraction.suite.yaml");
        var result = await EvalWorld.InvokeAsync("eval", "run", sample, "--models", Two, "--data", folder.Path);

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        Assert.Contains("Simulated: no model was asked", result.Output, StringComparison.Ordinal);
        Assert.Contains("USD would have been spent", result.Output, StringComparison.Ordinal);
        var report = JsonDocument.Parse((await EvalWorld.InvokeAsync("eval", "report", "last", "--data", folder.Path, "--json")).Output).RootElement;
        Assert.All(report.GetProperty("models").EnumerateArray(), model => Assert.InRange(model.GetProperty("pass_rate").GetDouble(), 0.2, 1));
    }

    [Fact]
    public async Task Every_run_of_a_suite_gives_the_same_results()
    {
        var suite = folder.Write("s.suite.yaml", "suite: s\nintent: coding\ncases:\n" + string.Concat(Enumerable.Range(0, 12).Select(number => $"  - {{ id: c{number}, input: 'Question {number}', reference: right, expect: [equals: right] }}\n")));
        var first = await ScoresAsync(suite, "one");
        var second = await ScoresAsync(suite, "two");

        Assert.Equal(first, second);
        Assert.Contains(first, line => line.EndsWith("True", StringComparison.Ordinal));
        Assert.Contains(first, line => line.EndsWith("False", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Simulated_answers_are_compared_by_their_scores_and_no_judge_is_asked()
    {
        var suite = folder.Write("s.suite.yaml", "suite: s\nintent: coding\ncompare: { judge: openai/gpt-4.1-mini }\ncases:\n" + string.Concat(Enumerable.Range(0, 40).Select(number => $"  - {{ id: c{number}, input: 'Question {number}', reference: right, expect: [equals: right] }}\n")));

        var result = await EvalWorld.InvokeAsync("eval", "run", suite, "--models", Two, "--data", folder.Path, "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Matches("40 comparisons of answers, each asked both ways round, follow: 80 calls of judges, about 0\\.[0-9]+ USD if they were real", result.Error);
        var report = JsonDocument.Parse(result.Output).RootElement;
        var pairs = report.GetProperty("pairs")[0];
        Assert.Equal((40, 0), (pairs.GetProperty("expected").GetInt32(), pairs.GetProperty("judgements").GetInt32()));
        var scores = report.GetProperty("models").EnumerateArray().ToDictionary(static model => model.GetProperty("model").GetString()!, static model => model.GetProperty("pass_rate").GetDouble(), StringComparer.Ordinal);

        // Wins less losses are exactly what the scores differ by.
        var (first, second) = (pairs.GetProperty("pairs")[0].GetProperty("first").GetString()!, pairs.GetProperty("pairs")[0].GetProperty("second").GetString()!);
        Assert.Equal((scores[first] - scores[second]) * 40, pairs.GetProperty("first_wins").GetInt32() - pairs.GetProperty("second_wins").GetInt32(), 6);
        Assert.InRange(pairs.GetProperty("ties").GetInt32(), 1, 39);
        Assert.True(report.GetProperty("simulated").GetBoolean());
    }

    [Fact]
    public async Task Two_suites_of_one_name_are_refused_with_the_remedy()
    {
        const string Text = "suite: twins\nintent: coding\ncases:\n  - { id: a, input: 'Say yes.', reference: yes, expect: [equals: yes] }\n";
        var one = folder.Write("one.suite.yaml", Text);
        var two = folder.Write("two.suite.yaml", Text.Replace("Say", "Speak", StringComparison.Ordinal));

        var result = await EvalWorld.InvokeAsync("eval", "run", one, two, "--models", Two, "--data", folder.Path);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("both called 'twins'; give one of them another name under 'suite'", result.Error, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> ScoresAsync(string suite, string name)
    {
        var run = Path.Combine(folder.Path, name);
        var result = await EvalWorld.InvokeAsync("eval", "run", suite, "--models", Two, "--out", run, "--data", folder.Path, "--no-cache", "--repeats", "2");
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. File.ReadLines(Path.Combine(run, "results.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(json => $"{json.GetProperty("model")} {json.GetProperty("case")} {json.GetProperty("repeat")} {json.GetProperty("passed")}").Order(StringComparer.Ordinal)];
    }
}
