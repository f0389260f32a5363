namespace Sommelier.Server.Tests.Clients;

/// <summary>The recorded coding agents before every other kind of provider that the double plays: the turn is done.</summary>
public sealed class AgentDoubleTests(AgentDouble providers) : IClassFixture<AgentDouble>
{
    public static TheoryData<string, string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, string>();
            foreach (var model in (string[])["openai/gpt-6-luna", "gemini/gemini-3-flash-preview", "bedrock/amazon.nova-2-lite-v1:0", "ollama/llama"])
            {
                pairs.Add("claude-code", model, "Read");
                pairs.Add("claude-code-tool-search", model, "ToolSearch");
                pairs.Add("codex-other-model", model, "exec_command");
                if (model is not "openai/gpt-6-luna")
                {
                    // The double knows no tools that take text, as OpenAI does.
                    pairs.Add("codex", model, "exec");
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_tool_is_called_and_its_result_is_answered(string agent, string model, string tool)
    {
        await using var gateway = await RunningGateway.StartAsync(Configurations.EveryDouble(providers.Url));

        var lines = await Comparison.LinesAsync("agents/replay.mjs", gateway.Url, agent, model);

        var turns = lines.Where(line => line.TryGetProperty("calls", out _)).ToList();
        Assert.Equal(2, turns.Count);
        Assert.All(turns, turn => Assert.Equal((200, model), (turn.GetProperty("status").GetInt32(), turn.GetProperty("answered").GetString())));
        var call = Assert.Single(turns[0].GetProperty("calls").EnumerateArray());
        Assert.Equal(tool, call.GetProperty("name").GetString());
        Assert.Contains(tool is "ToolSearch" ? "select:TaskList" : AgentDouble.File, call.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("It says hello.", 0), (turns[1].GetProperty("text").GetString(), turns[1].GetProperty("calls").GetArrayLength()));
    }
}
