using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.AnthropicMessages;

public sealed class AnthropicErrorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(400, "invalid_request_error", "messages.0.content: Input should be a valid list", UpstreamFailureKind.InvalidRequest)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", UpstreamFailureKind.ContextLengthExceeded)]
    [InlineData(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 1 + 2 > 2", UpstreamFailureKind.ContextLengthExceeded)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the API.", UpstreamFailureKind.QuotaExhausted)]
    [InlineData(400, "invalid_request_error", "Output blocked by content filtering policy", UpstreamFailureKind.ContentFiltered)]
    [InlineData(401, "authentication_error", "invalid x-api-key", UpstreamFailureKind.AuthenticationFailed)]
    [InlineData(402, "billing_error", "pay", UpstreamFailureKind.QuotaExhausted)]
    [InlineData(403, "permission_error", "no", UpstreamFailureKind.AuthenticationFailed)]
    [InlineData(404, "not_found_error", "model: claude-0", UpstreamFailureKind.ModelNotFound)]
    [InlineData(409, null, "conflict", UpstreamFailureKind.Unavailable)]
    [InlineData(413, "request_too_large", "big", UpstreamFailureKind.ContextLengthExceeded)]
    [InlineData(422, null, "odd", UpstreamFailureKind.InvalidRequest)]
    [InlineData(429, "rate_limit_error", "This request would exceed your organization's rate limit of 10 input tokens per minute", UpstreamFailureKind.RateLimited)]
    [InlineData(429, "rate_limit_error", "You have reached your specified API usage limits: monthly spend limit", UpstreamFailureKind.QuotaExhausted)]
    [InlineData(500, "api_error", "Internal server error", UpstreamFailureKind.Unavailable)]
    [InlineData(504, "timeout_error", "slow", UpstreamFailureKind.Unavailable)]
    [InlineData(529, "overloaded_error", "Overloaded", UpstreamFailureKind.Unavailable)]
    [InlineData(200, "overloaded_error", "Overloaded", UpstreamFailureKind.Unavailable)]
    public void Reads_what_the_vendor_says(int status, string? type, string message, UpstreamFailureKind expected)
    {
        var body = type is null ? $"{{\"error\":{{\"message\":\"{message}\"}}}}" : $$"""{"type":"error","error":{"type":"{{type}}","message":"{{message}}" },"request_id":"r"}""";

        var failure = Wire.Format.Errors.Read(status, _ => null, Wire.Utf8(body), Now);

        Assert.Equal(expected, failure.Kind);
        Assert.Equal(message, failure.Message);
        Assert.Equal(status, failure.Status);
        Assert.Equal(type, failure.Code);
        Assert.Equal(message.StartsWith("messages.0", StringComparison.Ordinal) ? "messages.0.content" : null, failure.Parameter);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>", "<html>Bad gateway</html>")]
    [InlineData("", "The upstream answered 502 without words.")]
    [InlineData("{\"error\":\"plain\"}", "plain")]
    [InlineData("{\"detail\":\"flat\"}", "flat")]
    [InlineData("[1]", "[1]")]
    public void Reads_whatever_else_comes(string body, string message)
    {
        var failure = Wire.Format.Errors.Read(502, _ => null, Wire.Utf8(body), Now);

        Assert.Equal((UpstreamFailureKind.Unavailable, message), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData(429, "retry-after-ms=1500;retry-after=9", 1.5)]
    [InlineData(429, "retry-after=9", 9d)]
    [InlineData(503, "retry-after=Mon, 23 Nov 2026 12:00:30 GMT", 30d)]
    [InlineData(429, "anthropic-ratelimit-requests-remaining=0;anthropic-ratelimit-requests-reset=2026-11-23T12:00:20Z;anthropic-ratelimit-tokens-remaining=0;anthropic-ratelimit-tokens-reset=2026-11-23T12:01:00Z;anthropic-ratelimit-input-tokens-remaining=50;anthropic-ratelimit-input-tokens-reset=2026-11-23T13:00:00Z", 60d)]
    [InlineData(500, "anthropic-ratelimit-requests-remaining=0;anthropic-ratelimit-requests-reset=2026-11-23T12:00:20Z", null)]
    [InlineData(429, "retry-after=soon", null)]
    public void Hears_when_to_come_back(int status, string headers, double? seconds)
    {
        var sent = headers.Split(';').Select(header => header.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        var failure = Wire.Format.Errors.Read(status, name => sent.GetValueOrDefault(name), Wire.Utf8("{}"), Now);

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public void Hears_whether_to_try_again()
    {
        Assert.False(Wire.Format.Errors.Read(500, name => name is "x-should-retry" ? "false" : null, [], Now).ShouldRetry);
        Assert.True(Wire.Format.Errors.Read(400, name => name is "x-should-retry" ? "true" : null, [], Now).ShouldRetry);
        Assert.Null(Wire.Format.Errors.Read(500, _ => null, [], Now).ShouldRetry);
    }

    [Theory]
    [InlineData(GatewayErrorKind.InvalidRequest, 400, 400, "invalid_request_error")]
    [InlineData(GatewayErrorKind.Unauthenticated, 401, 401, "authentication_error")]
    [InlineData(GatewayErrorKind.Forbidden, 403, 403, "permission_error")]
    [InlineData(GatewayErrorKind.ModelNotFound, 404, 404, "not_found_error")]
    [InlineData(GatewayErrorKind.MethodNotAllowed, 405, 405, "invalid_request_error")]
    [InlineData(GatewayErrorKind.RequestTooLarge, 413, 413, "request_too_large")]
    [InlineData(GatewayErrorKind.BudgetExceeded, 429, 402, "billing_error")]
    [InlineData(GatewayErrorKind.NoCandidate, 400, 400, "invalid_request_error")]
    [InlineData(GatewayErrorKind.NoCandidate, 503, 503, "api_error")]
    [InlineData(GatewayErrorKind.NoProvider, 503, 503, "api_error")]
    [InlineData(GatewayErrorKind.RateLimited, 429, 429, "rate_limit_error")]
    [InlineData(GatewayErrorKind.UpstreamTimeout, 504, 504, "timeout_error")]
    [InlineData(GatewayErrorKind.UpstreamUnavailable, 502, 502, "api_error")]
    [InlineData(GatewayErrorKind.UpstreamUnavailable, 529, 529, "overloaded_error")]
    [InlineData(GatewayErrorKind.UpstreamRejected, 422, 422, "invalid_request_error")]
    [InlineData(GatewayErrorKind.Internal, 500, 500, "api_error")]
    public void Writes_the_vendors_own_shape(GatewayErrorKind kind, int given, int status, string type)
    {
        var error = new GatewayError(kind, "words", given);
        var output = new ArrayBufferWriter<byte>();
        Wire.Format.Errors.Write(error, "req_1", output);

        Assert.Equal(status, Wire.Format.Errors.Status(error));
        Assert.Equal($$"""{"type":"error","error":{"type":"{{type}}","message":"words"},"request_id":"req_1"}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Writes_the_code()
    {
        var output = new ArrayBufferWriter<byte>();
        Wire.Format.Errors.Write(new(GatewayErrorKind.NoProvider, "none", 503, Code: "no_provider"), null, output);

        Assert.Equal("""{"type":"error","error":{"type":"api_error","message":"none","details":{"error_code":"no_provider"}}}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("  \n", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("nope", UpstreamFailureKind.ProtocolError)]
    [InlineData("[]", UpstreamFailureKind.ProtocolError)]
    [InlineData("{}", UpstreamFailureKind.ProtocolError)]
    [InlineData("{\"content\":[]}", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}", UpstreamFailureKind.Unavailable)]
    [InlineData("{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"},\"content\":[]}", UpstreamFailureKind.RateLimited)]
    public void Sees_that_a_200_is_no_answer(string body, UpstreamFailureKind expected)
    {
        Assert.Equal(expected, Assert.Throws<UpstreamException>(() => Wire.ReadAnswer(body)).Failure.Kind);
        Assert.Equal(expected, Assert.Throws<UpstreamException>(() => Wire.Format.Responses.Scan(Wire.Utf8(body), WireQuirks.Default)).Failure.Kind);
    }
}
