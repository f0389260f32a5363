namespace Sommelier.Server.Tests.Edge;

/// <summary>Images by address for a model that takes only data, through a whole gateway.</summary>
public sealed class MediaTests
{
    [Fact]
    public async Task An_image_of_an_allowed_host_reaches_the_model_as_data()
    {
        await using var files = new FaultServer(new FaultReply { ContentType = "image/gif", Pieces = ["GIF89a"] });
        await using var provider = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var gateway = await StartAsync(provider, "media: { allow: 127.0.0.1 }");

        using var reply = await AskAsync(gateway, $"{files.Address}cat.gif");

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Contains("emulated", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
        Assert.Contains("data:image/gif;base64,R0lGODlh", Assert.Single(provider.Requests).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Assert.Single(files.Requests).Headers.Keys, name => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_own_network_is_refused_in_the_callers_dialect()
    {
        await using var files = new FaultServer(new FaultReply { ContentType = "image/gif", Pieces = ["GIF89a"] });
        await using var provider = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var gateway = await StartAsync(provider, "media: { allow: files.example }");

        using var reply = await AskAsync(gateway, "http://localhost/cat.gif");
        var error = (await Lab.JsonAsync(reply)).GetProperty("error");

        Assert.Equal(400, (int)reply.StatusCode);
        Assert.Equal("messages[0].content[1].image_url.url", error.GetProperty("param").GetString());
        Assert.Empty(files.Requests);
        Assert.Empty(provider.Requests);
    }

    private static Task<RunningGateway> StartAsync(FaultServer provider, string media) => RunningGateway.StartAsync(
        $"discover: false\n{media}\nproviders: {{ lab: {{ type: ollama, base_url: '{provider.Address}', models: [{{ id: m, context: 32768, capabilities: [vision, streaming, temperature] }}] }} }}");

    private static Task<HttpResponseMessage> AskAsync(RunningGateway gateway, string url) => Ask.SendAsync(
        gateway,
        HttpMethod.Post,
        Ask.Path("openai"),
        $$$"""{"model":"lab/m","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}""");
}
