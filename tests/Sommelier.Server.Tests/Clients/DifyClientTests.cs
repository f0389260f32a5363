using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Clients;

/// <summary>
/// What Dify's provider for OpenAI-compatible servers sends (langgenius/dify-official-plugins, models/openai_api_compatible): its
/// check of the credentials, chats with everything that it adds to them, and how it reads the answers.
/// </summary>
public sealed class DifyClientTests
{
    private static readonly (string, string)[] Headers = [("Accept-Charset", "utf-8"), ("Authorization", "Bearer sk-caller")];

    // What a workflow's model node with a tool sends; "extended" thinking adds the last four.
    private const string Chat = """
        {"model":"vendor/model","stream":STREAM,"temperature":0.7,"top_p":0.9,"max_tokens":512,"user":"4c1e0a52-5d3b-4a77-9f0e-6f2f0a3b9d10","stop":["Observation:"],
         "messages":[{"role":"system","content":"Answer as a host."},{"role":"user","content":"Read it."}],
         "tools":[{"type":"function","function":{"name":"read","description":"Reads a file","parameters":{"type":"object","properties":{"path":{"type":"string","description":"Where"}},"required":["path"]}}}],
         "tool_choice":"auto",MORE}
        """;

    private const string Extended = """
        "chat_template_kwargs":{"enable_thinking":false,"thinking":false},"thinking":{"type":"disabled"},"enable_thinking":false,"reasoning_format":"none"
        """;

    public static TheoryData<string> Formats => ["openai-chat", "anthropic-messages"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_check_of_the_credentials_passes(string format)
    {
        await using var vendor = new FaultServer(Whole(format), Answer(format).Reply(streamed: true));
        await using var gateway = await RunningGateway.StartAsync(AgentVendor.Configuration(format, vendor.Address));

        using var whole = await PostAsync(gateway, """{"model":"vendor/model","max_tokens":5,"messages":[{"role":"user","content":"ping"}]}""");
        using var streamed = await PostAsync(gateway, """{"model":"vendor/model","max_tokens":5,"messages":[{"role":"user","content":"ping"}],"stream":true}""");

        var answer = JsonNode.Parse(await whole.Content.ReadAsStringAsync())!;
        Assert.Equal((200, "chat.completion"), ((int)whole.StatusCode, (string?)answer["object"]));
        Assert.Equal(200, (int)streamed.StatusCode);
        Assert.Equal(ScriptedAnswer.Text, (await ReadAsync(streamed)).Text);
        var limits = vendor.Requests.Select(request => JsonNode.Parse(request.Body)!).Select(body => (int)(body["max_tokens"] ?? body["max_completion_tokens"])!);
        Assert.Equal([5, 5], limits);
    }

    [Fact]
    public async Task The_models_to_choose_from_are_listed()
    {
        await using var vendor = new FaultServer(Whole("openai-chat"));
        await using var gateway = await RunningGateway.StartAsync(AgentVendor.Configuration("openai-chat", vendor.Address));

        using var reply = await Ask.SendAsync(gateway, HttpMethod.Get, "/v1/models", null, Headers);
        var ids = JsonNode.Parse(await reply.Content.ReadAsStringAsync())!["data"]!.AsArray().Select(model => (string?)model!["id"]);

        Assert.Contains("vendor/model", ids);
        Assert.Contains("auto", ids);
    }

    [Theory]
    [InlineData("openai-chat", "")]
    [InlineData("anthropic-messages", "dropped:top_p, dropped:chat_template_kwargs, dropped:thinking, dropped:enable_thinking, dropped:reasoning_format")]
    public async Task A_streamed_chat_calls_a_tool_and_takes_its_result(string format, string lost)
    {
        var call = new JsonObject { ["name"] = "read", ["arguments"] = new JsonObject { ["path"] = "hello.txt" } };
        await using var vendor = AgentVendor.Start(format, call);
        await using var gateway = await RunningGateway.StartAsync(AgentVendor.Configuration(format, vendor.Address));
        var body = JsonNode.Parse(Chat.Replace("STREAM", "true", StringComparison.Ordinal).Replace("MORE", Extended + ""","stream_options":{"include_usage":true}""", StringComparison.Ordinal))!;

        using var first = await PostAsync(gateway, body.ToJsonString());
        var asked = await ReadAsync(first);

        Assert.Equal(lost, Ask.Header(first, "x-sommelier-warnings") ?? "");
        Assert.Equal(("tool_calls", "read", """{"path":"hello.txt"}"""), (asked.Finish, asked.Name, asked.Arguments));

        var messages = body["messages"]!.AsArray();
        messages.Add(JsonNode.Parse($$$"""{"role":"assistant","content":"","tool_calls":[{"id":"{{{asked.Id}}}","type":"function","function":{"name":"read","arguments":{{{JsonSerializer.Serialize(asked.Arguments)}}}}}]}"""));
        messages.Add(JsonNode.Parse($$"""{"role":"tool","content":"hello from the cellar","tool_call_id":"{{asked.Id}}"}"""));
        using var second = await PostAsync(gateway, body.ToJsonString());
        var told = await ReadAsync(second);

        Assert.Equal((AgentVendor.Text, "stop"), (told.Text, told.Finish));
        Assert.Contains("hello from the cellar", vendor.Requests[1].Body, StringComparison.Ordinal);
        Assert.Contains("Observation:", vendor.Requests[1].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-caller", string.Concat(vendor.Requests[1].Headers.Values), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_whole_chat_has_text_and_token_counts(string format)
    {
        await using var vendor = new FaultServer(Whole(format));
        await using var gateway = await RunningGateway.StartAsync(AgentVendor.Configuration(format, vendor.Address));

        using var reply = await PostAsync(gateway, Chat.Replace("STREAM", "false", StringComparison.Ordinal).Replace("MORE", Extended, StringComparison.Ordinal));
        var answer = JsonNode.Parse(await reply.Content.ReadAsStringAsync())!;

        Assert.Equal(ScriptedAnswer.Text, (string?)answer["choices"]![0]!["message"]!["content"]);
        Assert.Equal((ScriptedAnswer.InputTokens, ScriptedAnswer.OutputTokens), ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["completion_tokens"]!));
    }

    [Fact]
    public async Task A_search_that_the_vendor_would_run_is_named_when_it_is_lost()
    {
        await using var vendor = new FaultServer(Whole("anthropic-messages"));
        await using var gateway = await RunningGateway.StartAsync(AgentVendor.Configuration("anthropic-messages", vendor.Address));

        using var reply = await PostAsync(gateway, """{"model":"vendor/model","max_tokens":64,"messages":[{"role":"user","content":"Search."}],"tools":[{"type":"web_search"}]}""");

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Equal("dropped:tools[0]", Ask.Header(reply, "x-sommelier-warnings"));
    }

    [Fact]
    public async Task Newer_models_are_given_their_limit_under_its_newer_name()
    {
        await using var vendor = new FaultServer(Whole("anthropic-messages"));
        await using var gateway = await RunningGateway.StartAsync(AgentVendor.Configuration("anthropic-messages", vendor.Address));

        using var reply = await PostAsync(gateway, """{"model":"vendor/model","max_completion_tokens":64,"messages":[{"role":"user","content":"Hi"}],"stream":false,"user":"u"}""");

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Equal(64, (int)JsonNode.Parse(vendor.Requests[0].Body)!["max_tokens"]!);
    }

    private static ScriptedAnswer Answer(string format) => ScriptedAnswer.Of(format);

    private static FaultReply Whole(string format) => Answer(format).Reply(streamed: false);

    private static Task<HttpResponseMessage> PostAsync(RunningGateway gateway, string body) =>
        Ask.SendAsync(gateway, HttpMethod.Post, "/v1/chat/completions", body, Headers);

    // As Dify reads: events apart by empty lines, a choice in each unless it carries the counts, calls gathered by their index.
    private static async Task<(string Text, string? Finish, string? Id, string? Name, string Arguments)> ReadAsync(HttpResponseMessage reply)
    {
        Assert.Equal(200, (int)reply.StatusCode);
        var (text, finish, id, name, arguments) = ("", default(string), default(string), default(string), "");
        var events = (await reply.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        foreach (var chunk in events[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!))
        {
            var choices = chunk["choices"]!.AsArray();
            Assert.True(choices.Count == 1 || chunk["usage"] is not null, chunk.ToJsonString());
            var delta = choices.Count > 0 ? choices[0]!["delta"] : null;
            text += (string?)delta?["content"];
            finish = (choices.Count > 0 ? (string?)choices[0]!["finish_reason"] : null) ?? finish;
            foreach (var piece in delta?["tool_calls"]?.AsArray() ?? [])
            {
                Assert.Equal(0, (int)piece!["index"]!);
                id = (string?)piece["id"] ?? id;
                name = (string?)piece["function"]!["name"] ?? name;
                arguments += (string?)piece["function"]!["arguments"];
            }
        }

        return (text, finish, id, name, arguments);
    }
}
