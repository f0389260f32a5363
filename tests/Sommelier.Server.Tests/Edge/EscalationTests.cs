namespace Sommelier.Server.Tests.Edge;

/// <summary>Askers and tool loops that got nowhere, over HTTP: the next answer comes from another model, and says why.</summary>
public sealed class EscalationTests
{
    private const string Policy = "escalate: true";

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_asker_who_says_that_it_is_wrong_gets_another_model(string dialect)
    {
        await using var lab = await Lab.StartAsync(dialect, policy: Policy);

        Assert.Equal(("lab/one", "policy_order"), await AskAsync(lab, dialect, Turn("user", "What is 2 + 2?")));
        Assert.Equal(("lab/two", "escalated"), await AskAsync(lab, dialect, Turn("user", "What is 2 + 2?"), Turn("assistant", "5"), Turn("user", "No, that is wrong.")));
    }

    [Fact]
    public async Task It_is_off_unless_the_policy_says_so_and_where_the_model_was_named()
    {
        string[] complaint = [Turn("user", "What is 2 + 2?"), Turn("assistant", "5"), Turn("user", "What is 2 + 2?")];
        await using var off = await Lab.StartAsync();
        await AskAsync(off, "openai", complaint[0]);
        Assert.Equal(("lab/one", "policy_order"), await AskAsync(off, "openai", complaint));

        await using var on = await Lab.StartAsync(policy: Policy);
        await AskAsync(on, "openai", complaint[0]);
        Assert.Equal(("lab/one", "pinned"), await AskAsync(on, "openai", "lab/one", complaint));
        Assert.Equal(("lab/two", "escalated"), await AskAsync(on, "openai", complaint));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_tool_loop_that_makes_the_same_call_a_third_time_gets_another_model(string dialect)
    {
        await using var lab = await Lab.StartAsync(dialect, policy: Policy);
        var (call, result) = dialect == "openai"
            ? ("""{"role":"assistant","content":null,"tool_calls":[{"id":"c#","type":"function","function":{"name":"read","arguments":"{\"path\":\"a\"}"}}]}""", """{"role":"tool","tool_call_id":"c#","content":"nothing"}""")
            : ("""{"role":"assistant","content":[{"type":"tool_use","id":"c#","name":"read","input":{"path":"a"}}]}""", """{"role":"user","content":[{"type":"tool_result","tool_use_id":"c#","content":"nothing"}]}""");
        var turns = new List<string> { Turn("user", "Read it.") };
        var answered = new List<(string?, string?)>();
        for (var step = 0; step < 4; step++)
        {
            answered.Add(await AskAsync(lab, dialect, [.. turns]));
            turns.Add(call.Replace("#", $"{step}", StringComparison.Ordinal));
            turns.Add(result.Replace("#", $"{step}", StringComparison.Ordinal));
        }

        Assert.Equal([("lab/one", "policy_order"), ("lab/one", "policy_order"), ("lab/one", "policy_order"), ("lab/two", "escalated")], answered);
    }

    private static string Turn(string role, string text) => $$"""{"role":"{{role}}","content":"{{text}}"}""";

    private static Task<(string? Model, string? Reason)> AskAsync(Lab lab, string dialect, params string[] turns) => AskAsync(lab, dialect, "auto", turns);

    private static async Task<(string? Model, string? Reason)> AskAsync(Lab lab, string dialect, string model, string[] turns)
    {
        var tools = dialect == "openai"
            ? """[{"type":"function","function":{"name":"read","parameters":{"type":"object"}}}]"""
            : """[{"name":"read","input_schema":{"type":"object"}}]""";
        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Ask.Path(dialect), $$"""{"model":"{{model}}","max_tokens":64,"tools":{{tools}},"messages":[{{string.Join(',', turns)}}]}""");
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return (Ask.Header(reply, "x-sommelier-model"), Ask.Header(reply, "x-sommelier-reason"));
    }
}
