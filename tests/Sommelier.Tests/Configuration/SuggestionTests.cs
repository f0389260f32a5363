using Sommelier.Configuration.Reading;

namespace Sommelier.Tests.Configuration;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("provider", "providers")]
    [InlineData("maxBodyBytes", "max_body_bytes")]
    [InlineData("alaises", "aliases")]
    [InlineData("poilcies", "policies")]
    [InlineData("stor", "storage")]
    public void Finds_what_was_meant(string typed, string meant) =>
        Assert.Equal(meant, Suggestion.Nearest(typed, ["providers", "max_body_bytes", "aliases", "policies", "storage"]));

    [Theory]
    [InlineData("zebra")]
    [InlineData("x")]
    [InlineData("")]
    public void Guesses_nothing_from_afar(string typed) =>
        Assert.Null(Suggestion.Nearest(typed, ["providers", "max_body_bytes", "aliases", "policies", "storage"]));
}
