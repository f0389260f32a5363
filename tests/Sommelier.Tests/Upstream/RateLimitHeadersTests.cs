using Sommelier.Upstream;

namespace Sommelier.Tests.Upstream;

public sealed class RateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("6m0s", 360)]
    [InlineData("120ms", 0.12)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("17", 17)]
    [InlineData("2026-11-23T12:00:30Z", 30)]
    public void Reads_the_moment_of_a_reset(string text, double seconds) =>
        Assert.Equal(seconds, (RateLimitHeaders.Moment(text, Now)!.Value - Now).TotalSeconds, 6);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("5 parsecs")]
    [InlineData("-3s")]
    public void Leaves_alone_what_it_does_not_know(string text) => Assert.Null(RateLimitHeaders.Moment(text, Now));

    [Theory]
    [InlineData("x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens", "6m0s")]
    [InlineData("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset", "2026-11-23T12:06:00Z")]
    public void Reads_both_spellings(string requests, string tokens, string reset, string moment)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(requests, "9");
        response.Headers.TryAddWithoutValidation(tokens, "12345");
        response.Headers.TryAddWithoutValidation(reset, moment);
        using var reply = new UpstreamReply(response);

        Assert.Equal(new RateLimitHeadroom(9, 12345, Now + TimeSpan.FromMinutes(6)), RateLimitHeaders.Read(reply, Now));
    }

    [Fact]
    public void Says_nothing_when_the_provider_does_not()
    {
        using var reply = new UpstreamReply(new());
        Assert.Null(RateLimitHeaders.Read(reply, Now));
    }
}
