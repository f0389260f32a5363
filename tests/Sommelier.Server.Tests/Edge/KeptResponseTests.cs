using System.Net;
using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Callers of /v1/responses who continue an earlier answer by its id, at a provider that knows no such thing.</summary>
public sealed class KeptResponseTests
{
    private const string Off = "server: { responses: { store: off } }";
    private const string Path = "/v1/responses";

    [Fact]
    public async Task Continuing_is_refused_while_nothing_is_kept()
    {
        await using var lab = await Lab.StartAsync(more: Off);

        using var reply = await PostAsync(lab, """{"model":"one","input":"x","previous_response_id":"resp_1"}""");

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        var error = (await Lab.JsonAsync(reply)).GetProperty("error");
        Assert.Equal("previous_response_id", error.GetProperty("param").GetString());
        Assert.Equal("previous_response_not_found", error.GetProperty("code").GetString());
        Assert.Contains("server.responses.store", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(lab.Provider.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_goes_on_at_any_provider(bool streamed)
    {
        await using var lab = await Lab.StartAsync(streamed: streamed);
        var first = await AskAsync(lab, """{"model":"one","instructions":"Be brief.","input":"First"}""", streamed);
        var second = await AskAsync(lab, $$"""{"model":"one","input":[{"role":"user","content":"Second"}],"previous_response_id":"{{Id(first)}}"}""", streamed);
        var third = await AskAsync(lab, $$"""{"model":"one","input":"Third","previous_response_id":"{{Id(second)}}"}""", streamed);

        Assert.Equal(Id(second), third["previous_response_id"]!.GetValue<string>());
        var sent = JsonNode.Parse(lab.Provider.Requests[^1].Body)!["messages"]!.AsArray();
        Assert.Equal(
            ["user: First", $"assistant: {ScriptedAnswer.Text}", "user: Second", $"assistant: {ScriptedAnswer.Text}", "user: Third"],
            sent.Select(message => $"{message!["role"]}: {message["content"]}"));
    }

    [Fact]
    public async Task A_named_item_is_written_out()
    {
        await using var lab = await Lab.StartAsync();
        var first = await AskAsync(lab, """{"model":"one","input":"First"}""");
        var item = first["output"]![0]!["id"]!.GetValue<string>();

        await AskAsync(lab, $$"""{"model":"one","input":[{"role":"user","content":"First"},{"type":"item_reference","id":"{{item}}"},{"role":"user","content":"Second"}]}""");

        var sent = JsonNode.Parse(lab.Provider.Requests[^1].Body)!["messages"]!.AsArray();
        Assert.Equal(["user", "assistant", "user"], sent.Select(message => message!["role"]!.GetValue<string>()));
        Assert.Equal(ScriptedAnswer.Text, sent[1]!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_item_that_nobody_kept_is_refused_with_the_remedy()
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await PostAsync(lab, """{"model":"one","input":[{"type":"item_reference","id":"msg_1"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal("input[0]", (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task An_answer_can_be_fetched_and_deleted()
    {
        await using var lab = await Lab.StartAsync();
        var answer = await AskAsync(lab, """{"model":"one","input":"First","metadata":{"a":"b"}}""");
        var path = $"{Path}/{Id(answer)}";

        using var fetched = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path);
        using var events = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path + "?stream=true");
        using var deleted = await Ask.SendAsync(lab.Gateway, HttpMethod.Delete, path);
        using var gone = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path);
        using var wrong = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, path, "{}");

        Assert.True(JsonNode.DeepEquals(answer, JsonNode.Parse(await fetched.Content.ReadAsStringAsync())));
        Assert.Equal("b", answer["metadata"]!["a"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, events.StatusCode);
        Assert.Equal("stream", (await Lab.JsonAsync(events)).GetProperty("error").GetProperty("param").GetString());
        Assert.True((await Lab.JsonAsync(deleted)).GetProperty("deleted").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("response_not_found", (await Lab.JsonAsync(gone)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
    }

    [Theory]
    [InlineData(",\"store\":false")]
    [InlineData("")]
    public async Task What_the_caller_does_not_want_kept_is_not(string store)
    {
        await using var lab = await Lab.StartAsync();
        var answer = await AskAsync(lab, $$"""{"model":"one","input":"First"{{store}}}""");

        using var fetched = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"{Path}/{Id(answer)}");

        Assert.Equal(store.Length == 0 ? HttpStatusCode.OK : HttpStatusCode.NotFound, fetched.StatusCode);
    }

    [Fact]
    public async Task A_broken_stream_is_not_kept()
    {
        await using var lab = await Lab.StartAsync(script: ScriptedAnswer.OpenAI.Cut(2));
        using var reply = await PostAsync(lab, """{"model":"one","input":"First","stream":true,"sommelier":{"fallback":false}}""");
        var text = "";
        try
        {
            text = await reply.Content.ReadAsStringAsync();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // Cut, as it must be.
        }

        Assert.DoesNotContain("response.completed", text, StringComparison.Ordinal);
        using var fetched = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"{Path}/resp_chatcmpl-1");
        Assert.Equal(HttpStatusCode.NotFound, fetched.StatusCode);
    }

    [Fact]
    public async Task Nobody_sees_the_answers_of_another_key()
    {
        await using var lab = await Lab.StartAsync(more: "server: { keys: [key-one, key-two] }");
        using var first = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, """{"model":"one","input":"First"}""", ("Authorization", "Bearer key-one"));
        var id = (await Lab.JsonAsync(first)).GetProperty("id").GetString();

        using var own = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"{Path}/{id}", null, ("Authorization", "Bearer key-one"));
        using var others = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"{Path}/{id}", null, ("Authorization", "Bearer key-two"));
        using var nobody = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"{Path}/{id}");
        using var stolen = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, $$"""{"model":"one","input":"x","previous_response_id":"{{id}}"}""", ("Authorization", "Bearer key-two"));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest],
            [own.StatusCode, others.StatusCode, nobody.StatusCode, stolen.StatusCode]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vendor_of_the_same_dialect_is_not_told_and_its_answer_names_what_is_continued(bool streamed)
    {
        const string Answer = """{"id":"resp_v","object":"response","created_at":1,"status":"completed","error":null,"incomplete_details":null,"model":"one","output":[{"id":"msg_v","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello world!","annotations":[]}]}],"previous_response_id":null,"usage":{"input_tokens":12,"output_tokens":5,"total_tokens":17},"x_unknown":1}""";
        await using var vendor = new FaultServer(streamed
            ? FaultReply.Events([
                "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_v\",\"status\":\"in_progress\",\"model\":\"one\",\"output\":[],\"previous_response_id\":null}}\n\n",
                $"event: response.completed\ndata: {{\"type\":\"response.completed\",\"sequence_number\":1,\"response\":{Answer}}}\n\n"])
            : FaultReply.Json(Answer));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers: { openai: { base_url: "{{vendor.Address}}v1", api_key: sk-up, only: [one], models: [{ id: one, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }] } }
            """);
        var more = streamed ? ",\"stream\":true" : "";

        using var first = await Ask.SendAsync(gateway, HttpMethod.Post, Path, $$"""{"model":"openai/one","input":"First"{{more}}}""");
        Assert.DoesNotContain("\"previous_response_id\":\"", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var second = await Ask.SendAsync(gateway, HttpMethod.Post, Path, $$"""{"model":"openai/one","input":"Second","previous_response_id":"resp_v"{{more}}}""");
        var text = await second.Content.ReadAsStringAsync();

        Assert.Equal(streamed ? 2 : 1, text.Split("\"previous_response_id\":\"resp_v\"").Length - 1);
        Assert.DoesNotContain("\"previous_response_id\":null", text, StringComparison.Ordinal);
        Assert.Contains("x_unknown", text, StringComparison.Ordinal);
        Assert.DoesNotContain("previous_response_id", vendor.Requests[^1].Body, StringComparison.Ordinal);
        Assert.Contains("First", vendor.Requests[^1].Body, StringComparison.Ordinal);
        using var kept = await Ask.SendAsync(gateway, HttpMethod.Get, $"{Path}/resp_v");
        Assert.Equal("resp_v", (await Lab.JsonAsync(kept)).GetProperty("previous_response_id").GetString());
    }

    [Fact]
    public async Task What_led_to_an_answer_can_be_paged_through()
    {
        await using var lab = await Lab.StartAsync(more: "server: { keys: [key-one, key-two] }");
        (string, string) key = ("Authorization", "Bearer key-one");
        using var first = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, """{"model":"one","input":"First"}""", key);
        var before = (await Lab.JsonAsync(first)).GetProperty("id").GetString();
        using var second = await Ask.SendAsync(
            lab.Gateway, HttpMethod.Post, Path, $$"""{"model":"one","input":[{"role":"user","content":[{"type":"input_text","text":"Second"}]},{"type":"message","id":"msg_own","role":"user","content":"Third"}],"previous_response_id":"{{before}}"}""", key);
        var list = $"{Path}/{(await Lab.JsonAsync(second)).GetProperty("id").GetString()}/input_items";

        var all = await ListAsync(list);
        var oldest = await ListAsync(list + "?order=asc&limit=3");
        var rest = await ListAsync($"{list}?order=asc&limit=3&after={oldest["last_id"]}");
        var none = await ListAsync($"{list}?order=asc&after={rest["last_id"]}");

        Assert.Equal(["Third", "Second", ScriptedAnswer.Text, "First"], Texts(all));
        Assert.Equal(("list", "msg_own", false), (all["object"]!.GetValue<string>(), all["first_id"]!.GetValue<string>(), all["has_more"]!.GetValue<bool>()));
        Assert.All(all["data"]!.AsArray(), item => Assert.Equal(("message", "completed"), (item!["type"]!.GetValue<string>(), item["status"]!.GetValue<string>())));
        Assert.Equal(4, all["data"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(["First", ScriptedAnswer.Text, "Second"], Texts(oldest));
        Assert.Equal((all["last_id"]!.GetValue<string>(), true), (oldest["first_id"]!.GetValue<string>(), oldest["has_more"]!.GetValue<bool>()));
        Assert.Equal(["Third"], Texts(rest));
        Assert.False(rest["has_more"]!.GetValue<bool>());
        Assert.Empty(none["data"]!.AsArray());
        Assert.Null(none["first_id"]);

        foreach (var (path, status, field) in new[]
        {
            (list + "?limit=0", 400, "limit"), (list + "?limit=101", 400, "limit"), (list + "?limit=x", 400, "limit"), (list + "?order=up", 400, "order"),
            (list + "?after=msg_none", 400, "after"), ($"{Path}/resp_none/input_items", 404, "response_id"), ($"{Path}/a/b/input_items", 404, null),
        })
        {
            using var wrong = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path, null, key);
            Assert.Equal((status, field), ((int)wrong.StatusCode, (await Lab.JsonAsync(wrong)).GetProperty("error").GetProperty("param").GetString()));
        }

        using var others = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, list, null, ("Authorization", "Bearer key-two"));
        using var nobody = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, list);
        using var written = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, list, "{}", key);
        Assert.Equal((404, 401, 405), ((int)others.StatusCode, (int)nobody.StatusCode, (int)written.StatusCode));

        async Task<JsonNode> ListAsync(string path)
        {
            using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path, null, key);
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            return JsonNode.Parse(await reply.Content.ReadAsStringAsync())!;
        }

        static string[] Texts(JsonNode list) => [.. list["data"]!.AsArray().Select(item => item!["content"]![0]!["text"]!.GetValue<string>())];
    }

    private static string Id(JsonNode answer) => answer["id"]!.GetValue<string>();

    private static Task<HttpResponseMessage> PostAsync(Lab lab, string body) => Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, body);

    private static async Task<JsonNode> AskAsync(Lab lab, string body, bool streamed = false)
    {
        using var reply = await PostAsync(lab, streamed ? body.Insert(body.Length - 1, ",\"stream\":true") : body);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode == HttpStatusCode.OK, text);
        if (!streamed)
        {
            return JsonNode.Parse(text)!;
        }

        var last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonNode.Parse(last[(last.IndexOf("data: ", StringComparison.Ordinal) + 6)..])!["response"]!.DeepClone();
    }
}
