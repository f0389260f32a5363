using System.Text.Json;

namespace Sommelier.Server.Tests.Cli;

public sealed class ConformanceCommandTests
{
    // A gateway that passes on whatever comes is no better than none: the failing provider itself stands in for it.
    [Fact]
    public async Task A_gateway_that_passes_everything_on_fails_and_is_told_why()
    {
        var port = FaultServer.Refused().Port.ToString();
        string[] bad = ["closed-at-once", "error-in-200", "html-in-200", "not-an-answer", "empty", "no-end-mark", "half-json", "malformed", "length-too-short"];
        string[] good = ["plain", "large", "data-in-two-lines", "gzip", "500", "429", "400", "error-event", "cut", "cut-in-event", "second-reply"];

        var result = await CliRun.RunAsync(["conformance", "--target", $"http://127.0.0.1:{port}", "--upstream-port", port, "--json", .. bad.Concat(good).SelectMany(name => new[] { "--only", name })]);

        Assert.Equal(1, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        var results = json.RootElement.GetProperty("results").EnumerateArray().ToLookup(
            play => play.GetProperty("case").GetString()!, play => (Passed: play.GetProperty("passed").GetBoolean(), Fault: play.GetProperty("fault").GetString()));
        Assert.Equal(good.Order(), results.Where(plays => plays.All(play => play.Passed)).Select(plays => plays.Key).Order());
        Assert.Equal(bad.Order(), results.Where(plays => plays.All(play => !play.Passed)).Select(plays => plays.Key).Order());
        Assert.Equal("a broken answer ends without a word", Assert.Single(results["no-end-mark"]).Fault);
        Assert.Equal("an event that cannot be read is passed on", Assert.Single(results["malformed"]).Fault);
        Assert.Equal("what cannot be read comes as an answer", Assert.Single(results["half-json"]).Fault);
        Assert.Equal(results.Sum(plays => plays.Count()), json.RootElement.GetProperty("passed").GetInt32() + json.RootElement.GetProperty("failed").GetInt32());
        Assert.Contains($"http://127.0.0.1:{port}/v1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_hangs_fails()
    {
        var port = FaultServer.Refused().Port.ToString();

        var result = await RealTimeAsync("conformance", "--target", $"http://127.0.0.1:{port}", "--upstream-port", port, "--only", "stall", "--timeout", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("then silence: no end within the time limit", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_target_it_judges_a_Sommelier_of_its_own()
    {
        var result = await CliRun.RunAsync("conformance", "--dialects", "openai,anthropic", "--only", "plain", "--only", "400", "--only", "malformed");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("10 of 10 pass.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_headers_that_were_given_are_sent()
    {
        await using var gateway = new FaultServer(FaultReply.Error(404, "{}"));

        var result = await CliRun.RunAsync("conformance", "--target", gateway.Address.ToString(), "--portkey", "--header", "x-team: search", "--key", "sk-1", "--model", "lab/{case}", "--dialects", "anthropic", "--upstream-port", "0");

        // It did not ask the upstream: nothing can be judged.
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("404 to /v1/messages without asking http://127.0.0.1:", result.Error, StringComparison.Ordinal);
        var request = Assert.Single(gateway.Requests);
        Assert.Equal(("search", "Bearer sk-1", "anthropic"), (request.Headers["x-team"], request.Headers["authorization"], request.Headers["x-portkey-provider"]));
        Assert.StartsWith("http://127.0.0.1:", request.Headers["x-portkey-custom-host"], StringComparison.Ordinal);
        Assert.Contains("\"model\":\"lab/anthropic-plain-whole\"", request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "there is no case 'nonsense'", "--only", "nonsense")]
    [InlineData(2, "there is no 'klingon'", "--dialects", "klingon")]
    [InlineData(2, "is no address", "--target", "localhost")]
    [InlineData(2, "is no header", "--header", "nonsense")]
    [InlineData(2, "is no header", "--header", "content-type: text/plain")]
    [InlineData(2, "there is no ''", "--dialects", "")]
    [InlineData(2, "from 0 to 65535", "--target", "http://127.0.0.1:1", "--upstream-port", "70000")]
    [InlineData(2, "--stall: 0 is out of range", "--stall", "0")]
    [InlineData(2, "--model is about a --target", "--model", "m")]
    [InlineData(2, "--stall is about a Sommelier of its own", "--target", "http://127.0.0.1:1", "--stall", "1")]
    [InlineData(3, "the gateway cannot be reached", "--target", "http://127.0.0.1:1")]
    public async Task What_cannot_be_run_says_why(int code, string why, params string[] arguments)
    {
        var result = await CliRun.RunAsync(["conformance", .. arguments]);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_its_cases()
    {
        var result = await CliRun.RunAsync("conformance", "--list");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("no-end-mark", result.Output, StringComparison.Ordinal);
    }

    private static async Task<CliResult> RealTimeAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new Server.Cli.CliContext { Output = output, Error = error, Input = TextReader.Null, Console = Server.Cli.CliContext.Plain(output), Environment = _ => null };
        var code = await Server.Cli.CommandLine.RunAsync(arguments, context, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }
}
