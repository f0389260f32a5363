using System.Net;
using System.Text.Json.Nodes;
using Sommelier.TestKit;

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
        using var deleted = await Ask.SendAsync(lab.Gateway, HttpMethod.Delete, path);
        using var gone = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path);
        using var wrong = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, path, "{}");

        Assert.True(JsonNode.DeepEquals(answer, JsonNode.Parse(await fetched.Content.ReadAsStringAsync())));
        Assert.Equal("b", answer["metadata"]!["a"]!.GetValue<string>());
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
