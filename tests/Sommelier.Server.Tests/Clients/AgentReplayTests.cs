using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Clients;

/// <summary>
/// What coding agents were recorded to send (tests/clients/agents), sent again byte for byte: to providers of the agent's own
/// format and of others. The answers are read by the official clients.
/// </summary>
public sealed class AgentReplayTests
{
    private const string File = AgentDouble.File;
    private const string Script = $"const r = await tools.exec_command({{ cmd: \"cat {File}\" }});\ntext(r.output);";

    [Theory]
    [InlineData("anthropic-messages", "", "")]
    [InlineData(
        "openai-chat",
        "dropped:anthropic-beta, dropped:system[1].cache_control, dropped:system[2].cache_control, dropped:messages[0].content[1].cache_control, dropped:context_management",
        "dropped:anthropic-beta, dropped:system[1].cache_control, dropped:system[2].cache_control, dropped:messages[3].content[0].cache_control, dropped:context_management")]
    public async Task Claude_Code_reads_a_file(string format, string first, string second)
    {
        var (lines, seen) = await ReplayAsync("claude-code", format, Call("Read", new() { ["file_path"] = File }));

        Assert.Equal([200, 200, 200], lines.Select(line => line.GetProperty("status").GetInt32()));
        AssertTurn(lines[1], lines[2], first, second, "tool_use", "end_turn");
        AssertRead(format, seen);
        var call = lines[1].GetProperty("calls")[0];
        Assert.Equal(("Read", File), (call.GetProperty("name").GetString(), call.GetProperty("input").GetProperty("file_path").GetString()));
        Assert.Equal(24, JsonNode.Parse(seen[1].Body)!["tools"]!.AsArray().Count);
        if (format is "anthropic-messages")
        {
            Assert.Contains("mid-conversation-system-2026-04-07", seen[0].Headers["anthropic-beta"], StringComparison.Ordinal);
            Assert.NotNull(JsonNode.Parse(seen[0].Body)!["context_management"]);
        }
    }

    [Theory]
    [InlineData("anthropic-messages", "")]
    [InlineData("openai-chat", "dropped:anthropic-beta, dropped:system[1].cache_control, dropped:system[2].cache_control, dropped:messages[3].content[1].cache_control, dropped:tools[6].defer_loading, dropped:context_management")]
    public async Task Claude_Code_looks_for_a_tool(string format, string lost)
    {
        var (lines, seen) = await ReplayAsync("claude-code-tool-search", format, Call("ToolSearch", new() { ["query"] = "select:TaskList" }));

        Assert.Equal([200, 200, 200], lines.Select(line => line.GetProperty("status").GetInt32()));
        Assert.Equal(lost, lines[2].GetProperty("warnings").GetString());
        Assert.Equal(AgentVendor.Text, lines[2].GetProperty("text").GetString());
        var found = ToolResult(format, JsonNode.Parse(seen[1].Body)!);
        Assert.Equal(format is "anthropic-messages" ? "tool_referenceTaskList" : "The tool 'TaskList' was found and can be called.", found);
        Assert.Contains("TaskList", Texts(JsonNode.Parse(seen[1].Body)!["tools"]));
    }

    [Fact]
    public async Task Claude_Code_counts_tokens()
    {
        var (lines, seen) = await ReplayAsync("claude-code-context", "openai-chat", Call("Read", new() { ["file_path"] = File }));

        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.Equal(200, line.GetProperty("status").GetInt32()));
        Assert.All(lines.Skip(1), line => Assert.InRange(line.GetProperty("tokens").GetInt32(), 1, 5000));
        Assert.Empty(seen);
    }

    [Theory]
    [InlineData("openai-responses", "")]
    [InlineData("openai-chat", "emulated:input[0].tools[0].tools[0], dropped:input[0].tools[0].tools[0].format, dropped:reasoning.context, dropped:text.verbosity")]
    [InlineData("anthropic-messages", "emulated:input[0].tools[0].tools[0], dropped:input[0].tools[0].tools[0].format, dropped:reasoning.context, dropped:text.verbosity")]
    public async Task Codex_runs_a_script(string format, string lost)
    {
        var call = format is "openai-responses"
            ? new JsonObject { ["namespace"] = "functions", ["name"] = "exec", ["input"] = Script }
            : Call("functions__exec", new() { ["input"] = Script });

        var (lines, seen) = await ReplayAsync("codex", format, call);

        AssertTurn(lines[0], lines[1], lost, lost, "completed", "completed");
        AssertRead(format, seen);
        var told = lines[0].GetProperty("calls")[0];
        Assert.Equal(("custom_tool_call", "functions", "exec"), (told.GetProperty("type").GetString(), told.GetProperty("namespace").GetString(), told.GetProperty("name").GetString()));
        Assert.Equal(Script, told.GetProperty("input").GetString());
        if (format is not "openai-responses")
        {
            Assert.Equal(11, JsonNode.Parse(seen[1].Body)!["tools"]!.AsArray().Count);
        }
    }

    [Theory]
    [InlineData("openai-responses", "", "")]
    [InlineData("openai-chat", "dropped:tools[8]", "dropped:input[4], dropped:tools[8]")]
    [InlineData("anthropic-messages", "dropped:tools[8]", "dropped:tools[8], dropped:input[4]")]
    public async Task Codex_runs_a_command(string format, string first, string second)
    {
        var (lines, seen) = await ReplayAsync("codex-other-model", format, Call("exec_command", new() { ["cmd"] = $"cat {File}" }));

        AssertTurn(lines[0], lines[1], first, second, "completed", "completed");
        AssertRead(format, seen);
        var told = lines[0].GetProperty("calls")[0];
        Assert.Equal(("function_call", "exec_command"), (told.GetProperty("type").GetString(), told.GetProperty("name").GetString()));
        Assert.Equal($"cat {File}", (string?)JsonNode.Parse(told.GetProperty("arguments").GetString()!)!["cmd"]);
    }

    private static JsonObject Call(string name, JsonObject arguments) => new() { ["name"] = name, ["arguments"] = arguments };

    private static void AssertTurn(JsonElement first, JsonElement second, string lostFirst, string lostSecond, string endFirst, string endSecond)
    {
        Assert.Equal("vendor/model", first.GetProperty("answered").GetString());
        Assert.Equal((lostFirst, lostSecond), (first.GetProperty("warnings").GetString(), second.GetProperty("warnings").GetString()));
        Assert.Equal(1, first.GetProperty("calls").GetArrayLength());
        Assert.Equal((endFirst, endSecond), (first.GetProperty("end").GetString(), second.GetProperty("end").GetString()));
        Assert.Equal(AgentVendor.Text, second.GetProperty("text").GetString());
        Assert.Equal(0, second.GetProperty("calls").GetArrayLength());
    }

    private static void AssertRead(string format, IReadOnlyList<SeenRequest> seen) =>
        Assert.EndsWith("hello from the cellar", ToolResult(format, JsonNode.Parse(seen[1].Body)!), StringComparison.Ordinal);

    private static async Task<(IReadOnlyList<JsonElement> Lines, IReadOnlyList<SeenRequest> Seen)> ReplayAsync(string agent, string format, JsonObject call)
    {
        await using var vendor = AgentVendor.Start(format, call);
        await using var gateway = await RunningGateway.StartAsync(AgentVendor.Configuration(format, vendor.Address));

        var lines = await Comparison.LinesAsync("agents/replay.mjs", gateway.Url, agent, "vendor/model");

        var turns = lines.Where(line => line.TryGetProperty("calls", out _)).ToList();
        for (var at = 0; at < turns.Count; at++)
        {
            var seen = vendor.Requests[at];
            AssertAllTextsArrived(turns[at].GetProperty("sent").GetString()!, seen.Body);
            Assert.DoesNotContain("caller-key", string.Concat(seen.Headers.Values) + seen.Body, StringComparison.Ordinal);
        }

        return (lines, vendor.Requests);
    }

    // Each text of a fixture is unlike the others, so a lost one is missed. Thinking is its vendor's alone.
    private static void AssertAllTextsArrived(string sent, string arrived)
    {
        var there = string.Join('\n', Texts(JsonNode.Parse(arrived)));
        var missing = Texts(JsonNode.Parse(sent)).Where(text => text.Contains("Note ", StringComparison.Ordinal) && !there.Contains(text, StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject all when all["type"] is JsonValue type && type.ToString() is "reasoning" => [],
        JsonObject all => all.SelectMany(member => Texts(member.Value)),
        JsonArray all => all.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    // The result of the call as the provider sees it, in its own words.
    private static string ToolResult(string format, JsonNode body)
    {
        static string Text(JsonNode? content) => string.Concat(Texts(content).Where(static text => text is not ("text" or "input_text" or "ephemeral")));
        static JsonNode? Of(JsonNode? list, string name, string id) => list!.AsArray().Last(item => (string?)item![name] == id);
        return format switch
        {
            "openai-chat" => Text(Of(body["messages"], "tool_call_id", AgentVendor.CallId)!["content"]),
            "openai-responses" => Text(Of(body["input"], "call_id", AgentVendor.CallId)!["output"]),
            _ => Text(Of(body["messages"]!.AsArray().Last(message => (string?)message!["role"] == "user")!["content"], "tool_use_id", AgentVendor.CallId)!["content"]),
        };
    }
}
