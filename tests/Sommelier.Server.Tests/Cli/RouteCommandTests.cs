using System.Text.Json;

namespace Sommelier.Server.Tests.Cli;

public sealed class RouteCommandTests
{
    [Theory]
    [InlineData("Write a Python function that merges two sorted lists.", "coding")]
    [InlineData("다음 글을 세 문장으로 요약해 주세요: 오늘 서울에는 비가 왔고 내일은 맑을 것이다.", "summarization")]
    [InlineData("把这句话翻译成英文：今天天气很好。", "translation")]
    [InlineData("次の文章を英語に翻訳してください：今日は天気がいいです。", "translation")]
    public async Task Explains_prompts_in_every_language(string prompt, string intent)
    {
        var result = await CliRun.RunAsync("route", prompt);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains($"{intent} (", result.Output, StringComparison.Ordinal);
        Assert.Contains("balanced (cheapest, within 7 points of the best)", result.Output, StringComparison.Ordinal);
        Assert.Contains("lifecycle", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_question_has_the_same_bytes()
    {
        string[] question = ["route", "--json", "--seed", "7", "--at", "2026-11-23T10:00:00Z", "Explain how tides work."];

        var first = await CliRun.RunAsync(question);
        var second = await CliRun.RunAsync(question);
        var otherTime = await CliRun.RunAsync([.. question[..4], "--at", "2026-12-24", question[^1]]);

        Assert.Equal(first.Output, second.Output);
        Assert.NotEqual(Parse(first).GetProperty("id").GetString(), Parse(otherTime).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_profile_decides_otherwise_and_is_named()
    {
        var production = Parse(await CliRun.RunAsync("route", "--json", "--profile", "production", "Hello!"));
        var plain = Parse(await CliRun.RunAsync("route", "--json", "Hello!"));
        var text = await CliRun.RunAsync("route", "--profile", "production", "Hello!");

        Assert.Equal("production", production.GetProperty("profile").GetString());
        Assert.False(plain.TryGetProperty("profile", out _));
        Assert.True(Dropped(production) > Dropped(plain), "nothing more was dropped");
        Assert.Contains("under the profile production", text.Output, StringComparison.Ordinal);

        static int Dropped(JsonElement decision) => decision.GetProperty("candidates").EnumerateArray()
            .Count(candidate => candidate.TryGetProperty("dropped", out var dropped) && dropped.GetProperty("constraint").GetString() is "lifecycle");
    }

    [Fact]
    public async Task Every_candidate_has_a_rank_or_a_reason()
    {
        var decision = Parse(await CliRun.RunAsync("route", "--json", "Hello!"));

        var candidates = decision.GetProperty("candidates").EnumerateArray().ToArray();
        Assert.True(candidates.Length > 100);
        Assert.All(candidates, candidate => Assert.True(candidate.TryGetProperty("rank", out _) || candidate.GetProperty("dropped").GetProperty("detail").GetString()!.Length > 0));
        Assert.Equal(decision.GetProperty("model").GetString(), candidates[0].GetProperty("model").GetString());
    }

    [Fact]
    public async Task A_whole_request_is_routed_with_its_own_model_and_wishes()
    {
        const string Request = """{"model":"auto/frugal","sommelier":{"only":["anthropic"]},"messages":[{"role":"user","content":"What is the capital of France?"}]}""";

        var decision = Parse(await CliRun.RunAsync(Request, [], ["route", "--json", "--request", "-"]));
        var under = Parse(await CliRun.RunAsync(Request, [], ["route", "--json", "--request", "-", "--policy", "premium"]));

        Assert.Equal("frugal", decision.GetProperty("policy").GetString());
        Assert.StartsWith("anthropic/", decision.GetProperty("model").GetString(), StringComparison.Ordinal);
        Assert.Equal("premium", under.GetProperty("policy").GetString());
    }

    [Fact]
    public async Task A_request_in_Anthropics_format_is_read_as_one()
    {
        const string Request = """{"model":"auto","max_tokens":900,"messages":[{"role":"user","content":"Fix the failing test."},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"sh","input":{"c":"ls"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"LISTING"}]}],"tools":[{"name":"sh","input_schema":{"type":"object"}}]}""";
        var longer = Request.Replace("LISTING", string.Concat(Enumerable.Repeat("a.py b.py ", 400)), StringComparison.Ordinal);

        var shorter = Parse(await CliRun.RunAsync(Request, [], ["route", "--json", "--request", "-"]));
        var result = Parse(await CliRun.RunAsync(longer, [], ["route", "--json", "--request", "-"]));

        // The same bytes as an OpenAI request have no tool results: nobody would count them.
        Assert.Equal("tool_use", result.GetProperty("intent").GetProperty("label").GetString());
        Assert.True(result.GetProperty("tokens").GetProperty("input").GetInt32() > shorter.GetProperty("tokens").GetProperty("input").GetInt32() + 500);
    }

    [Theory]
    [InlineData("""{"model":"auto","input":"What is the capital of France?"}""")]
    [InlineData("""{"contents":[{"parts":[{"text":"What is the capital of France?"}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"What is the capital of France?"}]}]}""")]
    [InlineData("""{"model":"auto","think":false,"messages":[{"role":"user","content":"What is the capital of France?"}]}""")]
    public async Task A_request_of_any_dialect_is_read_as_that(string request)
    {
        var result = Parse(await CliRun.RunAsync(request, [], ["route", "--json", "--request", "-"]));

        Assert.Equal("knowledge_qa", result.GetProperty("intent").GetProperty("label").GetString());
    }

    [Fact]
    public async Task Fast_without_any_speed_says_that_it_fell_back_to_cost()
    {
        var result = await CliRun.RunAsync("route", "--policy", "fast", "Hello!");

        Assert.Contains("usual_choice: no speed is known", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_without_its_secrets_is_enough()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sommelier.yaml", "providers: { groq: { api_key: '${GROQ_API_KEY}' } }\nserver: { keys: ['${SOMMELIER_KEY}'] }");

        var decision = Parse(await CliRun.RunAsync("route", "--json", "--config", file, "Hello!"));

        Assert.All(decision.GetProperty("candidates").EnumerateArray(), c => Assert.StartsWith("groq/", c.GetProperty("model").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_catalog_version_can_be_demanded()
    {
        var version = Parse(await CliRun.RunAsync("route", "--json", "Hello!")).GetProperty("catalog_version").GetString()!;

        Assert.Equal(0, (await CliRun.RunAsync("route", "--catalog", version, "Hello!")).ExitCode);
        var other = await CliRun.RunAsync("route", "--catalog", "0123456789abcdef", "Hello!");
        Assert.Equal((2, ""), (other.ExitCode, other.Output));
        Assert.Contains(version, other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", new[] { "route" }, "there is nothing to route")]
    [InlineData("x", new[] { "route", "x", "--request", "-" }, "not both")]
    [InlineData("", new[] { "route", "" }, "the text is empty")]
    [InlineData("", new[] { "route", "--nonsense" }, "there is no option '--nonsense'")]
    [InlineData("", new[] { "route", "--policy", "nope", "hi" }, "There is no policy 'nope'")]
    [InlineData("", new[] { "route", "--request", "/nowhere/x.json" }, "the request cannot be read")]
    [InlineData("{\"model\":", new[] { "route", "--request", "-" }, "the request is wrong")]
    [InlineData("{\"model\":5,\"messages\":[]}", new[] { "route", "--request", "-" }, "the request is wrong")]
    public async Task A_wrong_question_is_refused_with_its_reason(string input, string[] arguments, string expected)
    {
        var result = await CliRun.RunAsync(input, [], arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_may_begin_like_an_option() =>
        Assert.Equal(0, (await CliRun.RunAsync("route", "--", "--help me with my homework")).ExitCode);

    [Fact]
    public async Task A_text_may_begin_like_a_response_file() =>
        Assert.Equal(0, (await CliRun.RunAsync("route", "@alice wrote: hello")).ExitCode);

    [Fact]
    public async Task When_nothing_can_serve_it_says_why_and_ends_with_one()
    {
        var result = await CliRun.RunAsync("""{"model":"auto","sommelier":{"max_cost_usd":0.0000000001,"only":["openai"]},"messages":[{"role":"user","content":"Hello there"}]}""", [], ["route", "--request", "-"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cost_ceiling", result.Output, StringComparison.Ordinal);
    }

    private static JsonElement Parse(CliResult result)
    {
        Assert.Equal("", result.Error);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }
}
