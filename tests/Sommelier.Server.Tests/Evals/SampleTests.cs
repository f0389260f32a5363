using System.Text.Json;
using Sommelier.Server.Tests.Cli;
using Sommelier.TestKit.Services;

namespace Sommelier.Server.Tests.Evals;

/// <summary>Traffic through a gateway that keeps bodies, made a suite by the verb, and run.</summary>
public sealed class SampleTests : IAsyncDisposable
{
    private const string Tool = """{"type":"function","function":{"name":"find","description":"Finds","parameters":{"type":"object","properties":{"q":{"type":"string"}},"required":["q"]}}}""";

    private readonly TemporaryFolder folder = new();
    private readonly FaultServer provider = new(0, (request, _) => Answer(request.Body));
    private RunningGateway? gateway;

    public async ValueTask DisposeAsync()
    {
        await (gateway?.DisposeAsync() ?? default);
        await provider.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_asked_and_answered_becomes_a_suite_that_is_graded_without_a_call(bool inPostgres)
    {
        await using var postgres = inPostgres ? await PostgresServer.StartAsync() : null;
        await StartAsync("ledger: { bodies: { store: all } }\n" + (postgres is null ? "" : $"storage: {{ postgres: '{postgres.ConnectionString}' }}\n"));
        await AskAsync("/v1/chat/completions", """{"model":"lab/one","user":"u-1","messages":[{"role":"system","content":"Be {{kind}}."},{"role":"user","content":"Where does the Rhine end? My card is 4111 1111 1111 1111."}]}""");
        await AskAsync("/v1/chat/completions", """{"model":"lab/one","messages":[{"role":"user","content":"where does  the Rhine end? My card is 4111 1111 1111 1111."}]}""");
        await AskAsync("/v1/messages", """{"model":"lab/one","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"Translate to German: the Orion cellar is full of good wine"}]}""");
        await AskAsync("/v1/chat/completions", $$"""{"model":"lab/one","tools":[{{Tool}}],"messages":[{"role":"user","content":"Use the tool to look for cheap flights from Porto to Oslo"}]}""");
        await AskAsync("/v1/chat/completions", """{"model":"lab/one","response_format":{"type":"json_object"},"messages":[{"role":"user","content":"Give the capital of Norway as JSON, under the key city"}]}""");
        await gateway!.EntriesAsync(5);
        await BodiesAsync(5);
        var asked = provider.Requests.Count;

        var sampled = await SampleAsync("--redact", "(?i)orion", "--json");
        Assert.True(sampled.ExitCode == 0, sampled.Error + sampled.Output);
        var report = JsonDocument.Parse(sampled.Output).RootElement;
        Assert.Equal((5, 5, 0, 1, 4), (Number("looked"), Number("passed"), Number("without_bodies"), Number("alike"), Number("cases")));
        Assert.Equal(4, report.GetProperty("intents").EnumerateObject().Sum(intent => intent.Value.GetProperty("drawn").GetInt32()));

        var rows = await RowsAsync();
        var rhine = Assert.Single(rows, row => row.GetRawText().Contains("Rhine", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("4111", rhine.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("u-1", rhine.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("You said a word.", rhine.GetProperty("output").GetString());
        Assert.Equal(rhine.GetProperty("id").GetString(), rhine.GetProperty("metadata").GetProperty("request").GetString());
        var german = Assert.Single(rows, row => row.GetRawText().Contains("German", StringComparison.Ordinal));
        Assert.Contains("the [redacted] cellar", german.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("Hello world!", german.GetProperty("output").GetString());
        var flights = Assert.Single(rows, row => row.GetRawText().Contains("Porto", StringComparison.Ordinal));
        Assert.Equal("find", flights.GetProperty("output").GetProperty("tool_calls")[0].GetProperty("name").GetString());
        Assert.Equal("is-valid-tools-call", flights.GetProperty("expect")[0].GetProperty("type").GetString());

        Assert.Equal(0, (await CliRun.RunAsync("config", "check", Suite)).ExitCode);
        var run = await EvalWorld.InvokeAsync("eval", "run", Suite, "--data", folder.Path, "--config", Config, "--out", Path.Combine(folder.Path, "run"), "--json");
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        var model = JsonDocument.Parse(run.Output).RootElement.GetProperty("models")[0];
        Assert.Equal(("recorded", 4, 0), (model.GetProperty("model").GetString(), model.GetProperty("scored").GetInt32(), model.GetProperty("missing").GetInt32()));
        Assert.Equal(asked, provider.Requests.Count);

        int Number(string name) => report.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Filters_and_seed_say_which_and_a_reference_lets_models_be_asked()
    {
        await StartAsync("ledger: { bodies: { store: all } }\n");
        string[] texts = ["Name a river of Peru that carries gold", "How many moons has the planet Mars", "Who painted the ceiling in the Sistine chapel", "Why is the sky over the desert so blue"];
        var ids = new List<string>();
        foreach (var text in texts)
        {
            ids.Add(await AskAsync("/v1/chat/completions", $$"""{"model":"lab/{{(ids.Count < 3 ? "one" : "two")}}","sommelier":{"tags":["t{{ids.Count % 2}}"]},"messages":[{"role":"user","content":"{{text}}"}]}"""));
        }

        await gateway!.EntriesAsync(4);
        await BodiesAsync(4);
        using var rated = await Ask.SendAsync(gateway!, HttpMethod.Post, "/v1/feedback", $$"""{"request_id":"{{ids[1]}}","thumbs":"down"}""");
        Assert.True(rated.IsSuccessStatusCode, await rated.Content.ReadAsStringAsync());

        Assert.Equal([ids[1]], await IdsAsync("--feedback", "down"));
        Assert.Equal([ids[0], ids[2], ids[3]], await IdsAsync("--feedback", "unrated"));
        Assert.Equal([ids[3]], await IdsAsync("--model", "lab/two"));
        Assert.Equal([ids[0], ids[2]], await IdsAsync("--tag", "t0"));
        Assert.Equal([ids[1]], await IdsAsync("--tag", "t1", "--model", "lab/one"));
        Assert.Equal(ids, await IdsAsync("--min-usd", "0.000001"));
        Assert.Equal(await IdsAsync("--count", "2", "--seed", "5"), await IdsAsync("--count", "2", "--seed", "5"));
        Assert.True((await Task.WhenAll(Enumerable.Range(1, 8).Select(seed => IdsAsync("--count", "1", "--seed", $"{seed}", "--spread", "traffic")))).Select(drawn => drawn[0]).Distinct().Count() > 1);
        Assert.Contains("none passes", (await SampleAsync("--max-usd", "0.000001")).Error, StringComparison.Ordinal);
        Assert.Contains("'cooking' is no intent", (await SampleAsync("--intent", "cooking")).Error, StringComparison.Ordinal);
        Assert.Contains("linear time", (await SampleAsync("--redact", "(?=x)")).Error, StringComparison.Ordinal);

        Assert.Equal(0, (await SampleAsync("--force", "--answers", "reference")).ExitCode);
        var asked = provider.Requests.Count;
        var run = await EvalWorld.InvokeAsync("eval", "run", Suite, "--models", "lab/one", "--data", folder.Path, "--config", Config, "--out", Path.Combine(folder.Path, "run"), "--json", "--yes");
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        Assert.Equal(asked + 4, provider.Requests.Count);
    }

    [Fact]
    public async Task A_judge_is_written_in_and_what_is_there_is_not_written_over()
    {
        await StartAsync("ledger: { bodies: { store: all } }\n");
        await AskAsync("/v1/chat/completions", """{"model":"lab/one","messages":[{"role":"user","content":"Where does the Rhine end?"}]}""");
        await gateway!.EntriesAsync(1);
        await BodiesAsync(1);
        Assert.Equal(0, (await SampleAsync("--judge", "lab/two", "--rubric", "Is it true?")).ExitCode);
        var text = await File.ReadAllTextAsync(Suite);
        Assert.Contains("judge: lab/two", text, StringComparison.Ordinal);
        Assert.Contains("Is it true?", text, StringComparison.Ordinal);
        Assert.Contains("is there already", (await SampleAsync()).Error, StringComparison.Ordinal);
        Assert.Contains("--judge", (await SampleAsync("--rubric", "x")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ledger.bodies.store: all")]
    [InlineData("ledger: { bodies: { store: errors } }\n", "--outcome failed")]
    public async Task Where_bodies_are_not_kept_the_setting_is_named(string configured, string named)
    {
        await StartAsync(configured);
        await AskAsync("/v1/chat/completions", """{"model":"lab/one","messages":[{"role":"user","content":"Where does the Rhine end?"}]}""");
        await gateway!.EntriesAsync(1);

        var sampled = await SampleAsync();

        Assert.Equal(2, sampled.ExitCode);
        Assert.Contains(named, sampled.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Suite));
    }

    private string Suite => Path.Combine(folder.Path, "traffic.suite.yaml");

    private string Config => Path.Combine(folder.Path, "sommelier.yaml");

    private async Task StartAsync(string more)
    {
        var yaml = $$"""
            discover: false
            providers:
              lab:
                type: openai-compatible
                base_url: "{{provider.Address}}v1"
                models: [{ id: one, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }, { id: two, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }]

            """ + more;
        folder.Write("sommelier.yaml", yaml);
        gateway = await RunningGateway.StartAsync(yaml);
    }

    private async Task<string> AskAsync(string path, string body)
    {
        using var reply = await Ask.SendAsync(gateway!, HttpMethod.Post, path, body);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, text);
        return Ask.Header(reply, "x-sommelier-request-id")!;
    }

    // Bodies are stored on a thread of their own.
    private async Task BodiesAsync(int count)
    {
        var entries = await gateway!.Gateway.Ledger.GetLatestAsync(count, default);
        foreach (var entry in entries)
        {
            for (var patience = 0; await gateway.Gateway.Bodies.GetAsync(entry.RequestId, default) is null && patience < 300; patience++)
            {
                await Task.Delay(10);
            }
        }
    }

    private Task<CliResult> SampleAsync(params string[] options) => EvalWorld.InvokeAsync(["eval", "sample", "--out", Suite, "--data", gateway!.Folder, "--config", Config, .. options]);

    private async Task<string[]> IdsAsync(params string[] options)
    {
        var suite = Path.Combine(folder.Path, $"{Guid.NewGuid():N}.suite.yaml");
        var result = await EvalWorld.InvokeAsync(["eval", "sample", "--out", suite, "--data", gateway!.Folder, "--config", Config, .. options]);
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. (await RowsAsync(suite)).Select(row => row.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }

    private async Task<JsonElement[]> RowsAsync(string? suite = null) =>
        [.. (await File.ReadAllLinesAsync((suite ?? Suite).Replace(".suite.yaml", ".cases.jsonl", StringComparison.Ordinal))).Select(line => JsonDocument.Parse(line).RootElement)];

    private static FaultReply Answer(string body)
    {
        var json = JsonDocument.Parse(body).RootElement;
        if (json.TryGetProperty("stream", out var stream) && stream.GetBoolean())
        {
            return ScriptedAnswer.OpenAI.Reply(streamed: true);
        }

        var message = json.TryGetProperty("tools", out _)
            ? """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"q\":\"flights\"}"}}]}"""
            : json.TryGetProperty("response_format", out _) ? """{"role":"assistant","content":"{\"city\":\"Oslo\"}"}""" : """{"role":"assistant","content":"You said a word."}""";
        return FaultReply.Json($$$"""{"id":"1","object":"chat.completion","created":1,"model":"one","choices":[{"index":0,"message":{{{message}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""");
    }
}
