using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;

namespace Sommelier.Tests.Resilience;

/// <summary>A cloud that serves another maker's format tells limits, rights and broken models in its own shape, and the maker's server the rest in the format's.</summary>
public sealed class HostErrorTests
{
    private const string Quota = "Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model with base model: x. Please submit a quota increase request.";

    [Theory]
    [InlineData(424, "ModelErrorException", "The model failed", UpstreamFailureKind.Unavailable)]
    [InlineData(400, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account.", UpstreamFailureKind.QuotaExhausted)]
    [InlineData(429, "ModelNotReadyException", "Model is not ready for inference. Wait and try again.", UpstreamFailureKind.RateLimited)]
    [InlineData(400, "ThrottlingException", "Too many tokens, please wait before trying again.", UpstreamFailureKind.RateLimited)]
    [InlineData(408, "ModelTimeoutException", "timed out", UpstreamFailureKind.Timeout)]
    [InlineData(404, "ResourceNotFoundException", "Could not resolve the foundation model", UpstreamFailureKind.ModelNotFound)]
    [InlineData(400, "ValidationException", "Input is too long for requested model.", UpstreamFailureKind.ContextLengthExceeded)]
    public async Task InvokeModel_is_read_as_Converse_is(int status, string type, string message, UpstreamFailureKind kind)
    {
        var body = $$"""{"message":"{{message}}"}""";
        foreach (var caller in (string[])["anthropic-messages", "openai-chat"])
        {
            var (attempt, path) = await FailAsync(new Bedrock(), "us.anthropic.claude-x", "", caller, FaultReply.Error(status, body, ("x-amzn-errortype", $"{type}:http://internal.amazon.com/")));

            Assert.Equal((kind, type), (attempt.Failure!.Kind, attempt.Failure.Code));
            Assert.EndsWith(caller == "anthropic-messages" ? "/invoke" : "/converse", path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_Claude_says_at_Bedrock_in_its_own_words_is_read_in_those()
    {
        var (attempt, _) = await FailAsync(
            new Bedrock(), "us.anthropic.claude-x", "", "anthropic-messages", FaultReply.Error(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""));

        Assert.Equal((UpstreamFailureKind.Unavailable, "overloaded_error"), (attempt.Failure!.Kind, attempt.Failure.Code));
    }

    [Theory]
    [InlineData("anthropic-messages", ":rawPredict")]
    [InlineData("openai-chat", "chat/completions")]
    public async Task Claude_and_the_partners_models_at_Vertex_are_limited_as_Gemini_is(string format, string end)
    {
        var error = $$$"""{"error":{"code":429,"message":"{{{Quota}}}","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}""";
        foreach (var body in (string[])[error, $"[{error}]"])
        {
            var (attempt, path) = await FailAsync(new VertexAI(), "model-x", format, format, FaultReply.Error(429, body));

            Assert.Equal((UpstreamFailureKind.RateLimited, TimeSpan.FromSeconds(34.4)), (attempt.Failure!.Kind, attempt.Failure.RetryAfter));
            Assert.EndsWith(end, path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_Claude_says_at_Vertex_in_its_own_words_is_read_in_those()
    {
        var (attempt, _) = await FailAsync(
            new VertexAI(), "claude-x", "anthropic-messages", "anthropic-messages",
            FaultReply.Error(400, """{"type":"error","error":{"type":"invalid_request_error","message":"messages.0.content: Input should be a valid list"}}"""));

        Assert.Equal((UpstreamFailureKind.InvalidRequest, "messages.0.content"), (attempt.Failure!.Kind, attempt.Failure.Parameter));
    }

    private static async Task<(Attempt Attempt, string Path)> FailAsync(Provider provider, string model, string format, string caller, FaultReply reply)
    {
        await using var rig = new AttemptRig();
        rig.Limits = rig.Limits with { MaxAttempts = 1 };
        var server = rig.Serve(
            provider, new() { Id = $"p/{model}", Provider = "p", Model = model, CanonicalModel = model, WireFormat = format, Capabilities = Capabilities.Streaming }, reply);
        await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: false));
        return (Assert.Single(rig.Log), server.Requests[0].Path);
    }
}
