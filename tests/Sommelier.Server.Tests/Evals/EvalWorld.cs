using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sommelier.Server.Cli;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Evals;

/// <summary>A suite, a configuration with three models, and the provider behind them, which counts what it is asked.</summary>
internal sealed partial class EvalWorld : IAsyncDisposable
{
    /// <summary>The models, the better the earlier.</summary>
    public static readonly string[] Models = ["lab/good", "lab/fair", "lab/poor"];

    /// <summary>A model that judges: "It is …" is right and better, wherever it stands. It asks for the same price as all others.</summary>
    public const string Judge = "lab/judge";

    private readonly TemporaryFolder folder = new();
    private readonly FaultServer provider;
    private readonly Func<string, int, FaultReply?> fault;

    /// <param name="cases">How many cases the suite has.</param>
    /// <param name="latency">How long an answer takes.</param>
    /// <param name="fault">What goes wrong instead of an answer, by model and number of the request; null for an answer.</param>
    /// <param name="more">Further lines of the suite.</param>
    public EvalWorld(int cases, TimeSpan latency = default, Func<string, int, FaultReply?>? fault = null, string more = "")
    {
        this.fault = fault ?? ((_, _) => null);
        provider = new(0, (request, number) => this.fault(ModelOf(request.Body), number) ?? Answer(request.Body, latency));
        Config = folder.Write("sommelier.yaml", $"discover: false\nproviders: {{ lab: {{ type: openai-compatible, base_url: '{provider.Address}v1', models: [{string.Join(", ", Models.Append(Judge).Select(model => $"{{ id: {model[4..]}, price: {{ input: 1000, output: 2000 }} }}"))}] }} }}\n");
        folder.Write("rows.jsonl", string.Concat(Enumerable.Range(0, cases).Select(number => $$"""{"id":"case-{{number}}","number":{{number}}}""" + "\n")));
        Suite = folder.Write("numbers.suite.yaml", "suite: numbers\nintent: extraction\ndefaults:\n  template: 'Say {{number}}'\n  expect: [{ equals: 'It is {{number}}' }]\ndata: rows.jsonl\n" + more);
    }

    /// <summary>The configuration.</summary>
    public string Config { get; }

    /// <summary>The suite.</summary>
    public string Suite { get; }

    /// <summary>A folder for runs.</summary>
    public string Data => Path.Combine(folder.Path, "data");

    /// <summary>What was asked so far.</summary>
    public int Asked => provider.Requests.Count;

    /// <summary>How often the judge was asked so far.</summary>
    public int Judged => provider.Requests.Count(static request => ModelOf(request.Body) is "judge");

    /// <summary>How many different things the judge was asked.</summary>
    public int Questions => provider.Requests.Where(static request => ModelOf(request.Body) is "judge").Select(static request => request.Body).Distinct(StringComparer.Ordinal).Count();

    /// <summary>A place in the folder.</summary>
    public string At(string name) => Path.Combine(folder.Path, name);

    /// <summary>Writes a file into the folder.</summary>
    public string Write(string name, string text) => folder.Write(name, text);

    /// <summary>The arguments of a verb with this configuration and data folder.</summary>
    public string[] Arguments(params string[] arguments) => ["eval", .. arguments, "--config", Config, "--data", Data];

    /// <summary>The provider has one model more. It is as good as the good one when it is called great, else as the poor one.</summary>
    public void List(string model, int price = 1000)
    {
        var config = File.ReadAllText(Config);
        File.WriteAllText(Config, config.Replace("models: [", $"models: [{{ id: {model}, price: {{ input: {price}, output: {2 * price} }} }}, ", StringComparison.Ordinal));
    }

    /// <summary>How often a model was asked so far.</summary>
    public int AskedOf(string model) => provider.Requests.Count(request => string.Equals(ModelOf(request.Body), model, StringComparison.Ordinal));

    /// <summary>Runs a verb that asks models.</summary>
    public Task<CliResult> RunAsync(params string[] arguments) => InvokeAsync(Arguments(arguments));

    /// <summary>Runs any verb, by the system's clock.</summary>
    public static async Task<CliResult> InvokeAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext { Output = output, Error = error, Input = TextReader.Null, Console = CliContext.Plain(output), Environment = _ => null };
        var code = await CommandLine.RunAsync(arguments, context, TestContext.Current.CancellationToken);
        return new(code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>A report as JSON.</summary>
    public async Task<JsonElement> ReportAsync(string run)
    {
        var result = await InvokeAsync("eval", "report", run, "--data", Data, "--json");
        Assert.True(result.Output.Length > 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>A report in another form.</summary>
    public async Task<string> ReportAsync(string form, string run) => (await InvokeAsync("eval", "report", run, "--data", Data, "--format", form)).Output;

    /// <summary>What of a report does not depend on time: models with their scores, counts and costs.</summary>
    public static string Figures(JsonElement report) => string.Join('\n', report.GetProperty("models").EnumerateArray().Select(model => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.GetProperty("model")} {model.GetProperty("score")} {model.GetProperty("scored")} {model.GetProperty("missing")} {model.GetProperty("pass_rate")} {model.GetProperty("cost_usd").GetDecimal():0.######}")))
        + "\n" + report.GetProperty("comparisons");

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>What every answer costs.</summary>
    public const decimal AnswerUsd = 0.012m;

    private static string ModelOf(string body) => JsonDocument.Parse(body).RootElement.GetProperty("model").GetString()!;

    // The same model is right about the same numbers, whenever it is asked.
    private static FaultReply Answer(string body, TimeSpan latency)
    {
        using var document = JsonDocument.Parse(body);
        var model = document.RootElement.GetProperty("model").GetString()!;
        if (model is "judge")
        {
            return Reply(model, Verdict(document.RootElement.GetProperty("messages")), latency);
        }

        var number = int.Parse(document.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()![4..], CultureInfo.InvariantCulture);
        var right = (number * 7919 % 100) < model switch { "good" or "great" => 95, "fair" => 70, _ => 30 };
        return Reply(model, right ? $"It is {number}" : $"I, {model}, do not know", latency);
    }

    private static string Verdict(JsonElement messages)
    {
        var code = Code().Match(messages[0].GetProperty("content").GetString()!).Groups[1].Value;
        var answers = Answers().Matches(messages[1].GetProperty("content").GetString()!).Select(static match => match.Groups[1].Value.StartsWith("It is", StringComparison.Ordinal)).ToArray();
        return answers is [var one, var two]
            ? $$"""{"code": "{{code}}", "reason": "it knows", "better": {{(one == two ? 0 : one ? 1 : 2)}}}"""
            : $$"""{"code": "{{code}}", "reason": "it knows", "score": {{(answers[0] ? 1 : 0)}}}""";
    }

    private static FaultReply Reply(string model, string said, TimeSpan latency)
    {
        var text = JsonEncodedText.Encode(said);
        var reply = FaultReply.Json($$$"""{"id":"1","object":"chat.completion","created":1,"model":"{{{model}}}","choices":[{"index":0,"message":{"role":"assistant","content":"{{{text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}""");
        return latency == TimeSpan.Zero ? reply : reply with { Gate = Task.Delay(latency) };
    }

    [GeneratedRegex("code ([0-9a-f]{16})")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[answer(?: [12])? \w+\]\n(.*?)\n\[end", RegexOptions.Singleline)]
    private static partial Regex Answers();
}
