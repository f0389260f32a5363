using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Clients;

/// <summary>A Dify app behind the gateway, as its callers see it.</summary>
public sealed class DifyAppTests
{
    private const string Said = "data: {\"event\":\"message\",\"task_id\":\"t\",\"message_id\":\"m\",\"conversation_id\":\"c-1\",\"answer\":\"Hello\"}\n\n";
    private const string End = "data: {\"event\":\"message_end\",\"message_id\":\"m\",\"conversation_id\":\"c-1\",\"metadata\":{\"retriever_resources\":[{\"document_name\":\"doc.pdf\"}]}}\n\n";

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_conversation_that_the_app_began_is_named_and_can_be_gone_on_with(string stream)
    {
        await using var app = new FaultServer(FaultReply.Events([Said, End]));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              app: { type: dify, api_key: app-key-0123456789, base_url: "{{app.Address}}", models: [{ id: chat }] }
            """);

        using var first = await AskAsync("");
        Assert.Equal(("c-1", 200), (Ask.Header(first, "x-sommelier-conversation-id"), (int)first.StatusCode));
        if (stream == "false")
        {
            // The sources that have no address.
            Assert.Equal("dropped:retriever_resources", Ask.Header(first, "x-sommelier-warnings"));
        }

        using var second = await AskAsync(""","metadata":{"conversation_id":"c-1"}""");
        Assert.Equal(200, (int)second.StatusCode);
        Assert.Equal([null, "c-1"], app.Requests.Select(request => (string?)JsonNode.Parse(request.Body)!["conversation_id"]));

        Task<HttpResponseMessage> AskAsync(string more) => Ask.SendAsync(
            gateway, HttpMethod.Post, "/v1/chat/completions", $$"""{"model":"app/chat","stream":{{stream}},"messages":[{"role":"user","content":"Hi"}]{{more}}}""");
    }
}
