using System.Text.Json.Nodes;

namespace Sommelier.Tests.Resilience;

/// <summary>Where a vendor does not say which model answered, the answer names the one that was asked: never another one, nor <c>auto</c>.</summary>
public sealed class AnsweringModelTests
{
    private const string Answer = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}""";

    [Theory]
    [InlineData("openai-chat", false)]
    [InlineData("openai-chat", true)]
    [InlineData("anthropic-messages", false)]
    [InlineData("anthropic-messages", true)]
    public async Task It_is_the_model_that_was_asked_last(string caller, bool streamed)
    {
        await using var rig = new AttemptRig();
        _ = rig.Add("openai-chat", FaultReply.Error(500, "{}"));
        rig.Serve(
            new Sommelier.Providers.Gemini(), new() { Id = "p/gemini-x", Provider = "p", Model = "gemini-x", CanonicalModel = "google/gemini-x", MaxOutputTokens = 4096, Sources = ["test"] },
            streamed ? FaultReply.Events([$"data: {Answer}\n\n"]) : FaultReply.Json(Answer));

        var text = (await rig.ReceiveAsync(AttemptRig.Call(caller, streamed))).Text;

        Assert.Equal("gemini-x", Model(streamed ? text[(text.IndexOf("data: ", StringComparison.Ordinal) + 6)..text.IndexOf("\n\n", StringComparison.Ordinal)] : text));
    }

    [Theory]
    [InlineData("p/gemini-x")]
    [InlineData("gemini-x")]
    [InlineData("google/gemini-x")]
    public async Task A_name_that_the_caller_has_for_it_stays(string name)
    {
        await using var rig = new AttemptRig();
        rig.Serve(
            new Sommelier.Providers.Gemini(), new() { Id = "p/gemini-x", Provider = "p", Model = "gemini-x", CanonicalModel = "google/gemini-x", MaxOutputTokens = 4096, Sources = ["test"] },
            FaultReply.Json(Answer));
        var call = AttemptRig.Call("openai-chat", streamed: false);

        var text = (await rig.ReceiveAsync(new() { Format = call.Format, Body = call.Body, Outline = call.Outline, Reply = call.Reply with { Model = name } })).Text;

        Assert.Equal(name, Model(text));
    }

    private static string? Model(string json)
    {
        var root = JsonNode.Parse(json)!;
        return (string?)(root["model"] ?? root["message"]!["model"]);
    }
}
