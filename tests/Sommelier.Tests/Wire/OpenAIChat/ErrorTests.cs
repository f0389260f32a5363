using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.TestKit;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.OpenAIChat;

public sealed class ErrorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(400, """{"error":{"message":"Unsupported parameter","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}""", UpstreamFailureKind.InvalidRequest, "Unsupported parameter", "unsupported_parameter")]
    [InlineData(401, """{"error":{"message":"Incorrect API key","code":"invalid_api_key"}}""", UpstreamFailureKind.AuthenticationFailed, "Incorrect API key", "invalid_api_key")]
    [InlineData(403, """{"error":{"message":"no access","type":"permission_denied"}}""", UpstreamFailureKind.AuthenticationFailed, "no access", "permission_denied")]
    [InlineData(404, """{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}""", UpstreamFailureKind.ModelNotFound, "The model `x` does not exist", "model_not_found")]
    [InlineData(404, """{"error":{"code":"DeploymentNotFound","message":"none"}}""", UpstreamFailureKind.ModelNotFound, "none", "DeploymentNotFound")]
    [InlineData(429, """{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}""", UpstreamFailureKind.RateLimited, "Rate limit reached", "rate_limit_exceeded")]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""", UpstreamFailureKind.QuotaExhausted, "You exceeded your current quota", "insufficient_quota")]
    [InlineData(402, """{"error":{"message":"Insufficient Balance","type":"unknown_error"}}""", UpstreamFailureKind.QuotaExhausted, "Insufficient Balance", "unknown_error")]
    // Z.ai hides everything behind 429.
    [InlineData(429, """{"error":{"code":"1302","message":"concurrency"}}""", UpstreamFailureKind.RateLimited, "concurrency", "1302")]
    [InlineData(429, """{"error":{"code":"1308","message":"plan limit"}}""", UpstreamFailureKind.QuotaExhausted, "plan limit", "1308")]
    [InlineData(429, """{"error":{"code":"1113","message":"arrears"}}""", UpstreamFailureKind.QuotaExhausted, "arrears", "1113")]
    [InlineData(429, """{"error":{"code":"1312","message":"busy"}}""", UpstreamFailureKind.Unavailable, "busy", "1312")]
    [InlineData(400, """{"error":{"code":"1261","message":"too long"}}""", UpstreamFailureKind.ContextLengthExceeded, "too long", "1261")]
    // Mistral is flat, and lists details.
    [InlineData(429, """{"object":"error","message":"Requests rate limit exceeded","type":"rate_limited","param":null,"code":"1300"}""", UpstreamFailureKind.RateLimited, "Requests rate limit exceeded", "1300")]
    [InlineData(422, """{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}""", UpstreamFailureKind.InvalidRequest, "messages: Field required", "invalid_request_error")]
    // xAI's three shapes.
    [InlineData(400, """{"code":"Client specified an invalid argument","error":"Incorrect argument"}""", UpstreamFailureKind.InvalidRequest, "Incorrect argument", "Client specified an invalid argument")]
    [InlineData(503, """{"error":"overloaded"}""", UpstreamFailureKind.Unavailable, "overloaded", null)]
    [InlineData(429, """{"success":false,"errors":[{"code":10000,"message":"Too many"}]}""", UpstreamFailureKind.RateLimited, "Too many", "10000")]
    [InlineData(400, """[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}]""", UpstreamFailureKind.InvalidRequest, "bad", "400")]
    [InlineData(502, "<html><head><title>502 Bad Gateway</title></head></html>", UpstreamFailureKind.Unavailable, "502 Bad Gateway", null)]
    [InlineData(500, "", UpstreamFailureKind.Unavailable, "The provider answered 500 and said nothing.", null)]
    [InlineData(529, "overloaded", UpstreamFailureKind.Unavailable, "overloaded", null)]
    [InlineData(408, "", UpstreamFailureKind.Unavailable, "The provider answered 408 and said nothing.", null)]
    [InlineData(409, "", UpstreamFailureKind.Unavailable, "The provider answered 409 and said nothing.", null)]
    [InlineData(413, "", UpstreamFailureKind.ContextLengthExceeded, "The provider answered 413 and said nothing.", null)]
    [InlineData(422, """{"error":{"message":"bad"}}""", UpstreamFailureKind.InvalidRequest, "bad", null)]
    // The words for a window that is too small.
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 128000 tokens."}}""", UpstreamFailureKind.ContextLengthExceeded, "This model's maximum context length is 128000 tokens.", null)]
    [InlineData(400, """{"error":{"message":"This model's maximum prompt length is 131072"}}""", UpstreamFailureKind.ContextLengthExceeded, "This model's maximum prompt length is 131072", null)]
    [InlineData(413, """{"error":{"message":"Please reduce the length of the messages"}}""", UpstreamFailureKind.ContextLengthExceeded, "Please reduce the length of the messages", null)]
    [InlineData(400, """{"error":{"message":"the request exceeds the available context size"}}""", UpstreamFailureKind.ContextLengthExceeded, "the request exceeds the available context size", null)]
    [InlineData(400, """{"error":{"message":"Range of input length should be [1, 98304]"}}""", UpstreamFailureKind.ContextLengthExceeded, "Range of input length should be [1, 98304]", null)]
    [InlineData(429, """{"error":{"message":"Too many tokens, please wait: maximum context length"}}""", UpstreamFailureKind.RateLimited, "Too many tokens, please wait: maximum context length", null)]
    // Azure's filter, and a moderated request.
    [InlineData(400, """{"error":{"message":"filtered","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", UpstreamFailureKind.ContentFiltered, "filtered", "content_filter")]
    [InlineData(400, """{"error":{"code":"data_inspection_failed","message":"inappropriate"}}""", UpstreamFailureKind.ContentFiltered, "inappropriate", "data_inspection_failed")]
    [InlineData(400, """{"error":{"message":"Model not found: grok-9"}}""", UpstreamFailureKind.ModelNotFound, "Model not found: grok-9", null)]
    public void Reads_every_vendors_words(int status, string body, UpstreamFailureKind kind, string message, string? code)
    {
        var failure = Read(status, body);
        Assert.Equal((kind, message, code, status), (failure.Kind, failure.Message, failure.Code, failure.Status));
    }

    [Theory]
    [InlineData("openai/openai-error.1.json", 429, UpstreamFailureKind.QuotaExhausted, null)]
    [InlineData("openai/reasoning-model-legacy-parameter-error.json", 400, UpstreamFailureKind.InvalidRequest, "max_tokens")]
    [InlineData("openai/reasoning-model-temperature-error.json", 400, UpstreamFailureKind.InvalidRequest, "temperature")]
    [InlineData("openai/gpt-image-response-format-error.json", 400, UpstreamFailureKind.InvalidRequest, "response_format")]
    public void Reads_recorded_errors(string name, int status, UpstreamFailureKind kind, string? parameter)
    {
        var failure = Read(status, File.ReadAllText(Shared.Path(["data", "wire", .. name.Split('/')])));
        Assert.Equal((kind, parameter), (failure.Kind, failure.Parameter));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Internal","type":"server_error"}}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"error":"Model grok-x is at capacity","code":"resource-exhausted"}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"error":{"code":401,"message":"No auth"}}""", UpstreamFailureKind.AuthenticationFailed)]
    [InlineData("""{"error":{"message":"bad","type":"invalid_request_error"}}""", UpstreamFailureKind.InvalidRequest)]
    [InlineData("""{"id":"r","choices":[]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"id":"r","choices":[{"message":{"role":"assistant","content":""}}]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("{}", UpstreamFailureKind.ProtocolError)]
    [InlineData("<html>", UpstreamFailureKind.ProtocolError)]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":"insufficient_system_resource"}]}""", UpstreamFailureKind.Unavailable)]
    public void An_error_in_the_disguise_of_an_answer_is_found(string body, UpstreamFailureKind kind)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Equal(kind, Assert.Throws<UpstreamException>(() => OpenAIChatFormat.Instance.Responses.Read(bytes, WireQuirks.Default)).Failure.Kind);
        Assert.Equal(kind, Assert.Throws<UpstreamException>(() => OpenAIChatFormat.Instance.Responses.Scan(bytes, WireQuirks.Default)).Failure.Kind);
    }

    [Theory]
    [InlineData("retry-after-ms=250;retry-after=9", 0.25)]
    [InlineData("retry-after=2.5", 2.5)]
    [InlineData("retry-after=Sun, 22 Nov 2026 12:00:30 GMT", 30.0)]
    [InlineData("retry-after=Sun, 22 Nov 2026 11:00:00 GMT", 0.0)]
    [InlineData("x-ratelimit-reset-requests=120ms;x-ratelimit-reset-tokens=6m0s", 0.12)]
    [InlineData("x-ratelimit-reset-requests=120ms;x-ratelimit-reset-tokens=6m0s;x-ratelimit-remaining-tokens=0", 360.0)]
    [InlineData("x-ratelimit-reset-requests=1h2m3.5s;x-ratelimit-remaining-requests=0", 3723.5)]
    [InlineData("x-ratelimit-reset-tokens=17.5", 17.5)]
    [InlineData("retry-after=soon", null)]
    [InlineData("", null)]
    public void Waits_as_long_as_the_vendor_asks(string headers, double? seconds)
    {
        var failure = Read(429, """{"error":{"message":"slow down"}}""", headers);
        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, failure.RetryAfter);
    }

    [Fact]
    public void The_vendors_explicit_word_on_trying_again_is_kept()
    {
        Assert.False(Read(500, "", "x-should-retry=false").ShouldRetry);
        Assert.True(Read(400, "", "x-should-retry=true").ShouldRetry);
        Assert.Null(Read(500, "").ShouldRetry);
    }

    [Fact]
    public void Writes_the_dialects_error()
    {
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatFormat.Instance.Errors.Write(GatewayError.Invalid("messages[0].role", "bad \"role\""), "req_1", output);
        Assert.Equal(
            """{"error":{"message":"bad \"role\"","type":"invalid_request_error","param":"messages[0].role","code":null},"request_id":"req_1"}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Every_kind_of_error_has_words_and_a_spent_budget_is_429_here()
    {
        foreach (var kind in Enum.GetValues<GatewayErrorKind>())
        {
            var output = new ArrayBufferWriter<byte>();
            OpenAIChatFormat.Instance.Errors.Write(new GatewayError(kind, "m", 503), null, output);
            Assert.Contains("\"type\":\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        }

        Assert.Equal(429, OpenAIChatFormat.Instance.Errors.Status(new GatewayError(GatewayErrorKind.BudgetExceeded, "m", 402)));
        Assert.Equal(503, OpenAIChatFormat.Instance.Errors.Status(new GatewayError(GatewayErrorKind.NoProvider, "m", 503)));
    }

    private static UpstreamFailure Read(int status, string body, string headers = "")
    {
        var map = headers.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return OpenAIChatFormat.Instance.Errors.Read(status, name => map.GetValueOrDefault(name), Encoding.UTF8.GetBytes(body), Now);
    }
}
