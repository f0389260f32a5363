using Sommelier.Canonical;
using Sommelier.Resilience;

namespace Sommelier.Tests.Resilience;

public sealed class FailureReportTests
{
    [Theory]
    [InlineData(UpstreamFailureKind.InvalidRequest, true)]
    [InlineData(UpstreamFailureKind.ContextLengthExceeded, true)]
    [InlineData(UpstreamFailureKind.ContentFiltered, true)]
    [InlineData(UpstreamFailureKind.AuthenticationFailed, false)]
    [InlineData(UpstreamFailureKind.Unavailable, false)]
    public void Tells_the_vendors_words_only_when_they_are_about_the_request(UpstreamFailureKind kind, bool told) =>
        Assert.Equal(told, FailureReport.Of(new(kind, "host db-7.internal said so")).Message.Contains("db-7.internal", StringComparison.Ordinal));

    [Theory]
    [InlineData(UpstreamFailureKind.AuthenticationFailed, "invalid_api_key", GatewayErrorKind.UpstreamUnavailable, 502, null)]
    [InlineData(UpstreamFailureKind.QuotaExhausted, "insufficient_quota", GatewayErrorKind.UpstreamUnavailable, 502, null)]
    [InlineData(UpstreamFailureKind.RateLimited, "throttlingException", GatewayErrorKind.RateLimited, 429, "throttlingException")]
    [InlineData(UpstreamFailureKind.RateLimited, "slow down, sk-secret", GatewayErrorKind.RateLimited, 429, null)]
    [InlineData(UpstreamFailureKind.Unavailable, "overloaded_error", GatewayErrorKind.UpstreamUnavailable, 502, "overloaded_error")]
    [InlineData(UpstreamFailureKind.Unavailable, "modelStreamErrorException", GatewayErrorKind.UpstreamUnavailable, 502, "modelStreamErrorException")]
    [InlineData(UpstreamFailureKind.Unavailable, null, GatewayErrorKind.UpstreamUnavailable, 502, null)]
    [InlineData(UpstreamFailureKind.InvalidRequest, "bad", GatewayErrorKind.UpstreamRejected, 400, "bad")]
    [InlineData(UpstreamFailureKind.Timeout, null, GatewayErrorKind.UpstreamTimeout, 504, null)]
    [InlineData(UpstreamFailureKind.ConnectionLost, null, GatewayErrorKind.UpstreamUnavailable, 502, null)]
    public void A_broken_answer_is_told_as_the_vendor_called_it_where_that_is_the_callers_affair(
        UpstreamFailureKind kind, string? code, GatewayErrorKind told, int status, string? toldCode)
    {
        var wait = TimeSpan.FromSeconds(30);
        var error = FailureReport.Broken(new() { Id = "lab/m", Provider = "lab", Model = "m", CanonicalModel = "m" }, new(kind, "host db-7.internal said so", 200, code, wait));

        Assert.Equal((told, status, toldCode, wait), (error.Kind, error.Status, error.Code, error.RetryAfter));
        Assert.Contains("lab/m", error.Message, StringComparison.Ordinal);
        Assert.Contains("after 30 s", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("db-7.internal", error.Message, StringComparison.Ordinal);
    }
}
