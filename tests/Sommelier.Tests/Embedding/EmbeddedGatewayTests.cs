using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sommelier.Canonical;
using Sommelier.Embedding;
using Sommelier.Tests.Ledger;
using Sommelier.Tests.Wire;
using Sommelier.Tests.Wire.OpenAIChat;
using Sommelier.Wire;

namespace Sommelier.Tests.Embedding;

public sealed class EmbeddedGatewayTests
{
#pragma warning disable MEAI001 // the interface may still rename the counts of audio
    private static readonly UsageContent Counts = new(new UsageDetails { InputTokenCount = 12, OutputTokenCount = 5, CachedInputTokenCount = 4, ReasoningTokenCount = 2, InputAudioTokenCount = 3, OutputAudioTokenCount = 1 });
#pragma warning restore MEAI001

    [Theory]
    [InlineData("openai-chat", false)]
    [InlineData("openai-chat", true)]
    [InlineData("anthropic-messages", false)]
    [InlineData("anthropic-messages", true)]
    public async Task A_chat_client_of_the_program_answers_callers_of_every_dialect(string caller, bool streamed)
    {
        using var client = new ScriptedChatClient(new TextReasoningContent("Hm."), new TextContent("Hel"), new TextContent("lo"), Counts);

        var reply = await AskAsync(client, caller, $$"""{"model":"in-process/mine","max_tokens":50,"stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("in-process/mine", reply.Model);
        var read = streamed ? Transcript.Of(Upstreams.Decode(WireFormats.Get(caller), reply.Text).Steps) : Transcript.Of(Upstreams.Read(WireFormats.Get(caller), reply.Text));
        Assert.Equal(("Hello", "Hm.", FinishReasonKind.Stop, "scripted-1", true), (read.Text, read.Thinking, read.Finish, read.Model, read.Ended));
        Assert.EndsWith("r-1", read.Id, StringComparison.Ordinal);
        Assert.Equal(50, client.Options.MaxOutputTokens);
        Assert.Equal("Hi", Assert.Single(client.Messages).Text);
    }

    [Fact]
    public async Task Token_counts_reach_the_caller()
    {
        using var client = new ScriptedChatClient(new TextContent("Hello"), Counts);

        var whole = await AskAsync(client, "openai-chat", """{"model":"in-process/mine","messages":[{"role":"user","content":"Hi"}]}""");
        var streamed = await AskAsync(client, "openai-chat", """{"model":"in-process/mine","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}]}""");

        var expected = new Usage { InputTokens = 12, OutputTokens = 5, CacheReadInputTokens = 4, ReasoningOutputTokens = 2, InputAudioTokens = 3, OutputAudioTokens = 1 };
        Assert.Equal(expected, Upstreams.Read(WireFormats.Get("openai-chat"), whole.Text).Usage);
        Assert.Equal(expected, Transcript.Of(Upstreams.Decode(WireFormats.Get("openai-chat"), streamed.Text).Steps).Usage);
    }

    [Fact]
    public async Task Everything_that_the_interface_has_a_word_for_reaches_the_client()
    {
        using var client = new ScriptedChatClient(new TextContent("Hello"));

        await AskAsync(
            client,
            "openai-chat",
            """
            {"model":"in-process/mine","temperature":0.5,"top_p":0.25,"frequency_penalty":1,"presence_penalty":0.5,"seed":7,"stop":["x"],"reasoning_effort":"high","user":"u1",
             "parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"f"}},"verbosity":"low",
             "tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,"parameters":{"type":"object","properties":{"x":{"type":"integer"}}}}}],
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},
             "messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"https://example.org/a.jpg"}}]},
              {"role":"assistant","content":"Wait.","reasoning_content":"Hm.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"42"}]}
            """);

        var options = client.Options;
        Assert.Equal((0.5f, 0.25f, 1f, 0.5f, 7L), (options.Temperature, options.TopP, options.FrequencyPenalty, options.PresencePenalty, options.Seed));
        Assert.Equal(["x"], options.StopSequences);
        Assert.Equal(Microsoft.Extensions.AI.ReasoningEffort.High, options.Reasoning!.Effort);
        Assert.False(options.AllowMultipleToolCalls);
        Assert.Equal(ChatToolMode.RequireSpecific("f"), options.ToolMode);
        Assert.Equal("u1", options.AdditionalProperties!["user"]);
        Assert.Equal("low", ((JsonElement)options.AdditionalProperties["verbosity"]!).GetString());
        var tool = Assert.IsType<AIFunctionDeclaration>(Assert.Single(options.Tools!), exactMatch: false);
        Assert.Equal(("f", "d", "integer"), (tool.Name, tool.Description, tool.JsonSchema.GetProperty("properties").GetProperty("x").GetProperty("type").GetString()));
        Assert.Equal("n", Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat).SchemaName);
        Assert.Null(options.ModelId);

        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool], client.Messages.Select(message => message.Role));
        Assert.Equal("AAAA", Assert.IsType<DataContent>(client.Messages[1].Contents[1]).Base64Data.ToString());
        Assert.Equal("image/jpeg", Assert.IsType<UriContent>(client.Messages[1].Contents[2]).MediaType);
        Assert.Equal("Hm.", client.Messages[2].Contents.OfType<TextReasoningContent>().Single().Text);
        var call = client.Messages[2].Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(("c1", "f", 1), (call.CallId, call.Name, ((JsonElement)call.Arguments!["x"]!).GetInt32()));
        Assert.Equal("42", Assert.IsType<FunctionResultContent>(Assert.Single(client.Messages[3].Contents)).Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_calls_that_nobody_has_answered_are_the_callers(bool streamed)
    {
        using var client = new ScriptedChatClient(
            new FunctionCallContent("own", "inner", new Dictionary<string, object?> { ["a"] = 1 }),
            new FunctionResultContent("own", "done"),
            new TextContent("Now you: "),
            new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["x"] = 1, ["y"] = "ü", ["z"] = new List<object?> { true, null } }))
        {
            Reason = ChatFinishReason.ToolCalls,
        };

        var reply = await AskAsync(client, "openai-chat", $$"""{"model":"in-process/mine","stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""");

        var read = streamed ? Transcript.Of(Upstreams.Decode(WireFormats.Get("openai-chat"), reply.Text).Steps) : Transcript.Of(Upstreams.Read(WireFormats.Get("openai-chat"), reply.Text));
        Assert.Equal(("Now you: ", FinishReasonKind.ToolCalls), (read.Text, read.Finish));
        Assert.StartsWith("c1 f ", read.Calls, StringComparison.Ordinal);
        Assert.Equal("""{"x":1,"y":"ü","z":[true,null]}""", JsonNode.Parse(read.Calls["c1 f ".Length..])!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_that_the_model_has_drawn_are_handed_out(bool streamed)
    {
        using var client = new ScriptedChatClient(new TextContent("Here: "), new DataContent("data:image/png;base64,AAAA", "image/png"), new UriContent("https://example.org/b.png", "image/png"));

        var reply = await AskAsync(client, "openai-chat", $$"""{"model":"in-process/mine","stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"Draw"}]}""");

        Assert.Contains("Here: ", reply.Text, StringComparison.Ordinal);
        Assert.Contains("""{"url":"data:image/png;base64,AAAA"}""", reply.Text, StringComparison.Ordinal);
        Assert.Contains("""{"url":"https://example.org/b.png"}""", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_tools_that_the_caller_allows_are_offered()
    {
        using var client = new ScriptedChatClient(new TextContent("Hello"));

        await AskAsync(client, "openai-chat", """{"model":"in-process/mine","tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"g"}}]}},"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal("g", Assert.Single(client.Options.Tools!).Name);
    }

    [Theory]
    [InlineData("HTTP 429 (rate_limit: slow down)", 429)]
    [InlineData("Service request failed. Status: 400 (Bad Request)", 400)]
    [InlineData("something else", 503)]
    public async Task An_exception_before_the_first_word_is_an_error_of_the_status_that_it_tells_of(string message, int status)
    {
        using var client = new ScriptedChatClient { Refusal = new InvalidOperationException(message) };
        foreach (var streamed in new[] { "true", "false" })
        {
            var reply = await AskAsync(
                client,
                "openai-chat",
                $$"""{"model":"in-process/mine","stream":{{streamed}},"sommelier":{"fallback":false},"messages":[{"role":"user","content":"Hi"}]}""",
                "resilience: { max_attempts: 1 }");

            Assert.Equal(status, (int)reply.Status);
            Assert.Contains("\"error\"", reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_exception_after_the_first_word_is_told_in_the_stream()
    {
        var heard = new TaskCompletionSource();
        using var client = new ScriptedChatClient(new TextContent("Hel")) { Gate = heard.Task, Break = new InvalidOperationException("HTTP 500 (broke)") };
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(client, folder, "");
        using var http = new HttpClient(gateway.CreateHandler());

        var reply = await ReadAsync(http, Request("openai-chat", """{"model":"in-process/mine","stream":true,"messages":[{"role":"user","content":"Hi"}]}"""), heard);

        Assert.Contains("Hel", reply.Text, StringComparison.Ordinal);
        Assert.Contains("\"error\"", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", reply.Text, StringComparison.Ordinal);
        Assert.True(reply.Broken);
    }

    [Fact]
    public async Task An_answer_with_nothing_in_it_is_a_failure()
    {
        using var client = new ScriptedChatClient { Reason = null };
        foreach (var streamed in new[] { "true", "false" })
        {
            Assert.Equal(502, (int)(await AskAsync(client, "openai-chat", $$"""{"model":"in-process/mine","stream":{{streamed}},"messages":[{"role":"user","content":"Hi"}]}""")).Status);
        }
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_clients_work()
    {
        using var client = new ScriptedChatClient(new TextContent("Hel")) { Gate = new TaskCompletionSource().Task };
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(client, folder, "");
        using var http = new HttpClient(gateway.CreateHandler());
        using var request = Request("openai-chat", """{"model":"in-process/mine","stream":true,"messages":[{"role":"user","content":"Hi"}]}""");

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.Dispose();

        await client.GivenUp.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_the_interface_has_no_word_for_is_refused_by_name()
    {
        using var client = new ScriptedChatClient(new TextContent("Hello"));

        var reply = await AskAsync(client, "openai-chat", """{"model":"in-process/mine","tools":[{"type":"web_search","web_search":{"name":"c"}}],"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("web_search", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_can_say_what_a_client_costs_and_others_answer_for_one_that_fails()
    {
        using var broken = new ScriptedChatClient { Refusal = new InvalidOperationException("HTTP 401 (bad key)") };
        using var sound = new ScriptedChatClient(new TextContent("I am well."));
        using var folder = new TemporaryFolder();
        await using var gateway = await EmbeddedGateway.StartAsync(
            new()
            {
                Configuration = """
                    discover: false
                    providers:
                      in-process:
                        models: [{ id: broken, price: { input: 0, output: 0 } }, { id: sound, price: { input: 1, output: 1 } }]
                    aliases: { best: in-process/broken }
                    """,
                DataFolder = folder.Path,
                Environment = _ => null,
                ChatClients = new Dictionary<string, IChatClient> { ["broken"] = broken, ["sound"] = sound },
            },
            TestContext.Current.CancellationToken);
        using var http = new HttpClient(gateway.CreateHandler());

        var reply = await ReadAsync(http, Request("openai-chat", """{"model":"auto/frugal","messages":[{"role":"user","content":"Hi"}]}"""));

        Assert.Equal("in-process/sound", reply.Model);
        Assert.Contains("I am well.", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_are_served_too()
    {
        await using var server = new FaultServer([FaultReply.Json("""{"data":[{"index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":2,"total_tokens":2}}""")]);
        using var folder = new TemporaryFolder();
        await using var gateway = await EmbeddedGateway.StartAsync(
            new()
            {
                Configuration = $$"""
                    discover: false
                    providers: { lab: { type: openai-compatible, base_url: "{{server.Address}}v1", models: [{ id: vectors, kind: embedding }] } }
                    """,
                DataFolder = folder.Path,
                Environment = _ => null,
            },
            TestContext.Current.CancellationToken);
        using var http = new HttpClient(gateway.CreateHandler());

        using var request = new HttpRequestMessage(HttpMethod.Post, "http://sommelier/v1/embeddings") { Content = new StringContent("""{"model":"lab/vectors","input":"Hi"}""", Encoding.UTF8, "application/json") };
        var reply = await ReadAsync(http, request);

        Assert.Equal((HttpStatusCode.OK, "lab/vectors"), (reply.Status, reply.Model));
        Assert.Contains("[0.5]", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problems_of_the_configuration_are_all_told()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedGateway.StartAsync(new() { Configuration = "provders: {}\nserver: { data: 5, url: x }", Environment = _ => null }, TestContext.Current.CancellationToken));

        Assert.Contains("provders", error.Message, StringComparison.Ordinal);
        Assert.Contains("server.url", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "http://x/v1/other", 404)]
    [InlineData("GET", "http://x/v1/chat/completions", 405)]
    public async Task Other_addresses_and_methods_are_refused(string method, string address, int status)
    {
        using var client = new ScriptedChatClient();
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(client, folder, "");
        using var http = new HttpClient(gateway.CreateHandler());

        using var response = await http.SendAsync(new(new(method), address), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Controls_in_headers_are_refused_rather_than_overlooked()
    {
        using var client = new ScriptedChatClient(new TextContent("Hello"));
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(client, folder, "");
        using var http = new HttpClient(gateway.CreateHandler());
        using var request = Request("openai-chat", """{"model":"auto","messages":[{"role":"user","content":"Hi"}]}""");
        request.Headers.Add("x-sommelier-max-cost-usd", "0.01");

        Assert.Equal(HttpStatusCode.BadRequest, (await ReadAsync(http, request)).Status);
    }

    private static async Task<Reply> AskAsync(IChatClient client, string caller, string body, string more = "")
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(client, folder, more);
        using var http = new HttpClient(gateway.CreateHandler());
        return await ReadAsync(http, Request(caller, body));
    }

    private static Task<EmbeddedGateway> StartAsync(IChatClient client, TemporaryFolder folder, string more) => EmbeddedGateway.StartAsync(
        new()
        {
            Configuration = $"discover: false\n{more}\nproviders: {{ in-process: {{ models: [{{ id: mine, capabilities: [tools, parallel_tools, vision, reasoning, json_schema, json_object, temperature, streaming] }}] }} }}",
            DataFolder = folder.Path,
            Environment = _ => null,
            ChatClients = new Dictionary<string, IChatClient> { ["mine"] = client },
        },
        TestContext.Current.CancellationToken);

    private static HttpRequestMessage Request(string caller, string body) => new(HttpMethod.Post, caller == "openai-chat" ? "http://sommelier/v1/chat/completions" : "http://sommelier/v1/messages")
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };

    private static async Task<Reply> ReadAsync(HttpClient http, HttpRequestMessage request, TaskCompletionSource? heard = null)
    {
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var model = response.Headers.TryGetValues("x-sommelier-model", out var values) ? values.Single() : null;
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await body.ReadAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                heard?.TrySetResult();
            }

            return new(response.StatusCode, text.ToString(), model, false);
        }
        catch (IOException)
        {
            return new(response.StatusCode, text.ToString(), model, true);
        }
    }

    private sealed record Reply(HttpStatusCode Status, string Text, string? Model, bool Broken);
}
