using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Tests.Resilience;

/// <summary>What a model wrote and nobody can read is its answer: somebody else is asked, and the deployment is no less healthy.</summary>
public sealed class ModelFaultTests
{
    private const string Answer = """{"candidates":[{"content":{"parts":[],"role":"model"},"finishReason":"MALFORMED_FUNCTION_CALL","index":0}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5},"responseId":"r1"}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_cannot_be_read_does_not_open_the_circuit(bool streamed)
    {
        await using var rig = new AttemptRig();
        var deployment = new Deployment { Id = "gemini/m", Provider = "gemini", Model = "gemini-2.5-flash", CanonicalModel = "gemini-2.5-flash", Capabilities = Capabilities.Streaming };
        var reply = streamed ? FaultReply.Events([$"data: {Answer}\n\n"]) : FaultReply.Json(Answer);
        var server = rig.Serve(new Sommelier.Providers.Gemini(), deployment, [.. Enumerable.Repeat(reply, 6)]);

        for (var i = 0; i < 6; i++)
        {
            var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed));

            Assert.Equal(502, received.Error!.Status);
            Assert.Contains("MALFORMED_FUNCTION_CALL", received.Error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("schema", received.Error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(6, server.Requests.Count);
        Assert.All(rig.Log, attempt => Assert.Equal(UpstreamFailureKind.InvalidAnswer, attempt.Failure!.Kind));
        Assert.Equal(0, rig.Health.Snapshot(rig.Time.GetUtcNow()).Get(deployment.Id).ErrorRate);
    }
}
