using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Gemini;

/// <summary>Google says the same sentence of an account that is empty and of one that was too quick; which it was stands in the details.</summary>
public sealed class GeminiErrorTests
{
    private const string Sentence = "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to the documentation.";

    [Theory]
    [InlineData("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "3.4s", UpstreamFailureKind.RateLimited, 3.4)]
    [InlineData("GenerateContentInputTokensPerModelPerMinute-FreeTier", null, UpstreamFailureKind.RateLimited, null)]
    [InlineData(null, "34.4s", UpstreamFailureKind.RateLimited, 34.4)]
    [InlineData(null, "7200s", UpstreamFailureKind.QuotaExhausted, 7200.0)]
    [InlineData(null, null, UpstreamFailureKind.QuotaExhausted, null)]
    [InlineData("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "34.4s", UpstreamFailureKind.QuotaExhausted, 34.4)]
    public void A_limit_of_a_minute_is_a_rate_and_one_of_a_day_a_quota(string? quota, string? delay, UpstreamFailureKind kind, double? seconds)
    {
        var details = new List<string>();
        if (quota is not null)
        {
            details.Add($$"""{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"m","quotaId":"{{quota}}","quotaValue":"10"}]}""");
        }

        if (delay is not null)
        {
            details.Add($$"""{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{delay}}"}""");
        }

        var failure = Read($$$"""{"error":{"code":429,"message":"{{{Sentence}}}","status":"RESOURCE_EXHAUSTED","details":[{{{string.Join(',', details)}}}]}}""");

        Assert.Equal((kind, seconds), (failure.Kind, failure.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public void Where_several_limits_are_met_the_day_counts() => Assert.Equal(UpstreamFailureKind.QuotaExhausted, Read(
        $$$"""{"error":{"code":429,"message":"{{{Sentence}}}","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"},{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]},{"retryDelay":"3s"}]}}""").Kind);

    [Fact]
    public void The_wait_is_read_from_the_sentence_where_it_stands_there_alone()
    {
        var failure = Read($$$"""{"error":{"code":429,"message":"{{{Sentence}}}\n* Quota exceeded for metric: m, limit: 10\nPlease retry in 3.4s.","status":"RESOURCE_EXHAUSTED"}}""");

        Assert.Equal((UpstreamFailureKind.RateLimited, TimeSpan.FromSeconds(3.4)), (failure.Kind, failure.RetryAfter));
    }

    [Theory]
    [InlineData("Your prepayment credits are depleted.")]
    [InlineData("Quota exceeded for quota metric 'Generate requests' and limit 'GenerateRequestsPerDay'.")]
    public void An_empty_account_stays_one(string message) =>
        Assert.Equal(UpstreamFailureKind.QuotaExhausted, Read($$$"""{"error":{"code":429,"message":"{{{message}}}","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"30s"}]}}""").Kind);

    private static UpstreamFailure Read(string body) => WireFormats.Get("gemini").Errors.Read(429, static _ => null, Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
}
