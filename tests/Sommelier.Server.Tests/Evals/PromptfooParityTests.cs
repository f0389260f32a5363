using System.Text.Json;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Evals;

/// <summary>
/// The configurations of tests/parity, imported and run, give the verdicts that promptfoo itself gave: promptfoo.json beside each was
/// recorded from its own run by bench/evals/parity/run --record, which also compares live.
/// </summary>
public sealed class PromptfooParityTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "parity");

    public static TheoryData<string> Examples() => [.. Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_verdict_is_the_recorded_one(string example)
    {
        using var folder = new TemporaryFolder();
        var source = Path.Combine(Folder, example);
        using var answers = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(source, "answers.json"), TestContext.Current.CancellationToken));
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(source, "promptfoo.json"), TestContext.Current.CancellationToken));
        await using var provider = new FaultServer(0, (request, _) => Answer(request.Body, answers.RootElement));
        var config = folder.Write("sommelier.yaml", $"discover: false\nproviders: {{ openai: {{ api_key: k, base_url: '{provider.Address}v1' }} }}\n");
        var suite = Path.Combine(folder.Path, "parity.suite.yaml");
        var run = Path.Combine(folder.Path, "run");

        var imported = await EvalWorld.InvokeAsync("eval", "import", Path.Combine(source, "promptfooconfig.yaml"), "--out", suite);
        Assert.True(imported.ExitCode == 0, imported.Error + imported.Output);
        var result = await EvalWorld.InvokeAsync("eval", "run", suite, "--models", "openai/gpt-4.1-mini", "--config", config, "--data", folder.Path, "--out", run, "--yes", "--json");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);

        var results = Lines(run, "results.jsonl").ToDictionary(line => line.GetProperty("case").GetString()!);
        var cases = Lines(run, "cases.jsonl").Select(line => results[line.GetProperty("case").GetString()!]).ToList();
        Assert.Equal(
            string.Join('\n', expected.RootElement.GetProperty("cases").EnumerateArray().Select(Theirs)),
            string.Join('\n', cases.Select(Ours)));
        Assert.Equal(
            expected.RootElement.GetProperty("requests").EnumerateArray().Select(request => Messages(JsonDocument.Parse(request.GetString()!).RootElement)).Order(StringComparer.Ordinal),
            provider.Requests.Select(request => Messages(JsonDocument.Parse(request.Body).RootElement.GetProperty("messages"))).Distinct().Order(StringComparer.Ordinal));
    }

    // A pass of weight 0 counts for nothing: promptfoo writes it over the verdict, so that it is not compared.
    private static string Theirs(JsonElement one) => $"{one.GetProperty("pass")} {one.GetProperty("score").GetDouble():0.######}: "
        + string.Join(", ", one.GetProperty("asserts").EnumerateArray().Select(assertion => $"{assertion.GetProperty("score").GetDouble():0.######} {assertion.GetProperty("name").GetString()!.Split('#')[0]} {assertion.GetProperty("pass")}").Order(StringComparer.Ordinal));

    private static string Ours(JsonElement one) => $"{one.GetProperty("passed")} {one.GetProperty("score").GetDouble():0.######}: "
        + string.Join(", ", one.GetProperty("grades").EnumerateArray().Select(grade => $"{grade.GetProperty("score").GetDouble():0.######} {(grade.TryGetProperty("metric", out var metric) ? metric : grade.GetProperty("kind")).GetString()} {grade.GetProperty("state").GetString() is "passed" || grade.GetProperty("weight").GetDouble() == 0}").Order(StringComparer.Ordinal));

    private static string Messages(JsonElement messages) => string.Join('\n', messages.EnumerateArray().Select(message => $"{message.GetProperty("role")}: {message.GetProperty("content")}"));

    private static IEnumerable<JsonElement> Lines(string folder, string file) =>
        File.ReadLines(Path.Combine(folder, file)).Select(line => JsonDocument.Parse(line).RootElement);

    private static FaultReply Answer(string body, JsonElement answers)
    {
        using var document = JsonDocument.Parse(body);
        var last = document.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        var answer = answers.EnumerateArray().First(pair => last.Contains(pair[0].GetString()!, StringComparison.Ordinal))[1];
        return FaultReply.Json($$$"""{"id":"1","object":"chat.completion","created":1,"model":"gpt-4.1-mini","choices":[{"index":0,"message":{"role":"assistant","content":{{{answer.GetRawText()}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}""");
    }
}
