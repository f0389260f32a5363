using Sommelier.Wire.Json;

namespace Sommelier.Tests.Wire.Json;

public sealed class RetryHintsTests
{
    [Theory]
    [InlineData("Rate limit reached for gpt on tokens per min (TPM). Please try again in 1.5s. Visit the site.", 1_500)]
    [InlineData("Please try again in 350ms.", 350)]
    [InlineData("Try again in 1m3s", 63_000)]
    [InlineData("try again in 20 seconds", 20_000)]
    [InlineData("try again in 5 minutes.", 300_000)]
    [InlineData("try again in 20", null)]
    [InlineData("try again in a while", null)]
    [InlineData("try again in ", null)]
    [InlineData("Too many requests", null)]
    [InlineData(null, null)]
    public void A_wait_stands_in_words_where_no_header_can_tell_it(string? message, int? milliseconds) =>
        Assert.Equal(milliseconds, RetryHints.InWords(message)?.TotalMilliseconds);
}
