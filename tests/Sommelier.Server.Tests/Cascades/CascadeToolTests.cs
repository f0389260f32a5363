using System.Text.Json;

namespace Sommelier.Server.Tests.Cascades;

/// <summary>Requests that offer functions: the cheap model's calls are held like its words, so nobody has run them when they are checked.</summary>
public sealed class CascadeToolTests
{
    private const string Tools = """
        "tools":[{"type":"function","function":{"name":"weather","description":"The weather of a city.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],
        """;

    [Theory]
    [InlineData("weather", """{"city":"Lyon"}""", "cascade", "mini")]
    [InlineData("weather", """{"town":"Lyon"}""", "escalated_schema", "mini big")]
    [InlineData("weather", """{"city":""", "escalated_schema", "mini big")]
    [InlineData("wether", """{"city":"Lyon"}""", "escalated_schema", "mini big")]
    public async Task A_call_passes_when_it_was_offered_and_fits_its_schema(string name, string arguments, string reason, string asked)
    {
        await using var lab = await CascadeLab.StartAsync("tools: true, checks: { regex: '^Hello' }", Calling((name, arguments)));

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: Tools);

        Assert.Equal((reason, asked), (Ask.Header(reply, "x-sommelier-reason"), lab.Asked));
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        var message = json.RootElement.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(reason == "cascade", message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array);
        Assert.Equal(asked.Split(' ').Length, Assert.Single(await lab.Gateway.EntriesAsync(1)).Attempts.Count);
    }

    [Theory]
    [InlineData("^Hello", "", "cascade")]
    [InlineData("^Bonjour", "", "escalated_regex")]
    [InlineData("^Hello", "\"tool_choice\":\"required\",", "escalated_schema")]
    public async Task Words_are_checked_as_ever_and_do_not_stand_for_a_call_that_must_be_made(string regex, string choice, string reason)
    {
        await using var lab = await CascadeLab.StartAsync($"tools: true, checks: {{ regex: '{regex}' }}");

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: Tools + choice);

        Assert.Equal(reason, Ask.Header(reply, "x-sommelier-reason"));
    }

    [Theory]
    [InlineData("""{ "city": "Lyon" }""", "cascade", "mini mini")]
    [InlineData("""{"city":"Bern"}""", "escalated_agree", "mini mini mini big")]
    public async Task Two_answers_agree_when_they_call_the_same_with_equal_arguments(string second, string reason, string asked)
    {
        await using var lab = await CascadeLab.StartAsync("tools: true, checks: { agree: { samples: 3, min: 2 } }", Calling(("weather", """{"city":"Lyon"}"""), ("weather", second)));

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: Tools);

        Assert.Equal((reason, asked), (Ask.Header(reply, "x-sommelier-reason"), lab.Asked));
    }

    [Fact]
    public async Task A_judge_reads_the_call_and_what_was_offered()
    {
        await using var lab = await CascadeLab.StartAsync("max_extra_usd: 0.1, tools: true, checks: { judge: lab/judge }", Calling(("weather", """{"city":"Lyon"}""")));

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: Tools);

        Assert.Equal("cascade", Ask.Header(reply, "x-sommelier-reason"));
        var question = JsonDocument.Parse(lab.Provider.Requests[1].Body).RootElement.GetProperty("messages")[1].GetProperty("content").GetString();
        Assert.Contains("""call of the tool weather: {"city":"Lyon"}""", question, StringComparison.Ordinal);
        Assert.Contains("tool weather: The weather of a city.", question, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", Tools, "")]
    [InlineData("anthropic", "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}],", "tools: true,")]
    public async Task There_is_none_where_the_policy_does_not_say_so_or_the_host_runs_the_tool(string dialect, string tools, string cascade)
    {
        await using var lab = await CascadeLab.StartAsync($"{cascade} checks: {{ regex: '^Hello' }}");

        using var reply = await Ask.ChatAsync(lab.Gateway, dialect, more: tools);

        Assert.DoesNotContain("mini", lab.Asked, StringComparison.Ordinal);
        Assert.NotEqual("cascade", Ask.Header(reply, "x-sommelier-reason"));
    }

    private static CascadeLab Calling(params (string Name, string Arguments)[] calls) => new()
    {
        Fault = at =>
        {
            var (name, arguments) = calls[Math.Min(at, calls.Length - 1)];
            return FaultReply.Json($$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1780000000,"model":"mini","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"{{{name}}}","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}""");
        },
    };
}
