using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>A model that a local server does not have says nothing of its endpoints; an endpoint that it does not have says nothing of its models.</summary>
public sealed class MissingEndpointTests
{
    private const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}],";

    public static TheoryData<string, string, string> UnknownModels => new()
    {
        { "ollama", """{"error":"model 'm1' not found"}""", "/v1/chat/completions" },
        { "vllm", """{"error":{"message":"The model `m1` does not exist.","type":"NotFoundError","param":null,"code":404}}""", "/chat/completions" },
        { "lmstudio", """{"error":{"message":"Model \"m1\" not found.","type":"invalid_request_error","param":"model","code":null}}""", "/chat/completions" },
    };

    [Theory]
    [MemberData(nameof(UnknownModels))]
    public async Task A_model_that_is_not_there_leaves_the_servers_other_models_as_they_are(string provider, string error, string path)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(ProviderRegistry.Find(provider)!, Model("m1", provider), FaultReply.Error(404, error), ScriptedAnswer.OpenAI.Reply(streamed: false));
        rig.AddAt("openai-chat", server.Address, provider: provider);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, more: Tools));

        DialectAsserts.IsWhole("openai-chat", streamed: false, received.Text);
        Assert.Equal([path, path], server.Requests.Select(request => request.Path));
        Assert.Contains("\"tools\"", server.Requests[1].Body, StringComparison.Ordinal);
        Assert.Equal(UpstreamFailureKind.ModelNotFound, rig.Log[0].Failure!.Kind);
    }

    [Theory]
    [InlineData(404, "404 page not found")]
    [InlineData(404, """{"detail":"Not Found"}""")]
    [InlineData(405, """{"detail":"Method Not Allowed"}""")]
    [InlineData(200, """{"error":"Unexpected endpoint or method. (POST /v1/messages)"}""")]
    public async Task An_endpoint_that_is_not_there_leaves_the_model_to_another(int status, string router)
    {
        await using var rig = new AttemptRig();
        var missing = status == 200 ? FaultReply.Json(router) : FaultReply.Error(status, router);
        var server = rig.Serve(new LmStudio(), Model("m1", "lmstudio"), missing, ScriptedAnswer.OpenAI.Reply(streamed: false));

        var received = await rig.ReceiveAsync(AttemptRig.Call("anthropic-messages", streamed: false));

        DialectAsserts.IsWhole("anthropic-messages", streamed: false, received.Text);
        Assert.Equal(["/messages", "/chat/completions"], server.Requests.Select(request => request.Path));
        Assert.Single(rig.Log);
    }

    [Theory]
    [InlineData("", 0, "/messages")]
    [InlineData("", 6, "/chat/completions")]
    [InlineData("{}", 0, "/messages")]
    [InlineData("{}", 6, "/chat/completions")]
    [InlineData("""{"error":{}}""", 0, "/messages")]
    public async Task A_404_without_a_word_is_about_the_model_where_the_endpoint_has_answered_lately(string body, int minutesLater, string next)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(
            new LmStudio(), Model("m1", "lmstudio"), ScriptedAnswer.Anthropic.Reply(streamed: false), FaultReply.Error(404, body),
            (next == "/messages" ? ScriptedAnswer.Anthropic : ScriptedAnswer.OpenAI).Reply(streamed: false));

        rig.AddAt("anthropic-messages", server.Address, provider: "lmstudio");
        for (var call = 0; call < 2; call++)
        {
            DialectAsserts.IsWhole("anthropic-messages", streamed: false, (await rig.ReceiveAsync(AttemptRig.Call("anthropic-messages", streamed: false))).Text);
            rig.Time.Advance(TimeSpan.FromMinutes(minutesLater));
        }

        Assert.Equal(["/messages", "/messages", next], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task A_conversation_never_becomes_one_prompt()
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Sommelier.Providers.Ollama(), Model("m1", "ollama"), [.. Enumerable.Repeat(FaultReply.Error(404, "404 page not found"), 5)]);

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: false, more: Tools));

        Assert.Equal("model_not_found", result.Error!.Code);
        Assert.DoesNotContain(server.Requests, request => request.Path.Contains("generate", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_endpoint_is_asked_again_after_some_minutes()
    {
        var time = new FakeTimeProvider();
        var bound = new BoundProvider(new() { Name = "p", Provider = new VLlm(), BaseAddress = new("http://127.0.0.1:1/v1/") });
        string Spoken() => bound.EndpointFor(WireFormats.Get("anthropic-messages"), Model("m1", "p"), time)!.Format.Name;
        bound.EndpointFor(WireFormats.Get("anthropic-messages"), Model("m1", "p"), time)!.Miss(time);

        Assert.Equal("openai-chat", Spoken());
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("openai-chat", Spoken());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("anthropic-messages", Spoken());
    }

    private static Deployment Model(string name, string provider) =>
        new() { Id = $"{provider}/{name}", Provider = provider, Model = name, CanonicalModel = name, Capabilities = Capabilities.Streaming | Capabilities.Tools };
}
