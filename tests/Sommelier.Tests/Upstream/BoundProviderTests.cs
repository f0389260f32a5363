using Sommelier.Providers;
using Sommelier.Upstream;

namespace Sommelier.Tests.Upstream;

public sealed class BoundProviderTests
{
    private static readonly BoundProvider Lab = new(new ProviderBinding
    {
        Name = "lab",
        Provider = new OpenAICompatible(),
        BaseAddress = new Uri("http://127.0.0.1:9/v1/"),
        ApiKey = " sk-upstream-1234567890 ",
        Headers = [new("x-team-token", "team-token-abcdef"), new("x-version", "2")],
    });

    [Fact]
    public void Blots_out_the_key_and_secret_headers_that_a_vendor_repeats() =>
        Assert.Equal(
            "Key [key] and [header] are wrong for version 2.",
            Lab.WithoutKey("Key sk-upstream-1234567890 and team-token-abcdef are wrong for version 2."));

    [Theory]
    [InlineData("chat/completions", "chat/completions?api-key=sk%2Fup%2Bstream%261234567890")]
    [InlineData("m/x:stream?alt=sse", "m/x:stream?alt=sse&api-key=sk%2Fup%2Bstream%261234567890")]
    public void A_key_in_the_query_stands_behind_what_is_there(string path, string expected) =>
        Assert.Equal($"http://127.0.0.1:9/v1/{expected}", BoundProvider.WithKey(Queried, new(Queried.BaseAddress, path)).AbsoluteUri);

    [Fact]
    public void A_key_in_the_query_is_in_no_header_and_is_blotted_out_in_either_spelling()
    {
        var bound = new BoundProvider(Queried);
        using var request = new HttpRequestMessage();
        bound.SetHeaders(request);

        Assert.DoesNotContain("1234567890", request.Headers.ToString(), StringComparison.Ordinal);
        Assert.Equal("No such key: [key], http://x/?api-key=[key].", bound.WithoutKey("No such key: sk/up+stream&1234567890, http://x/?api-key=sk%2Fup%2Bstream%261234567890."));
        Assert.DoesNotContain("1234567890", bound.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_the_address_stays() =>
        Assert.Equal("http://127.0.0.1:9/v1/", BoundProvider.WithKey(Queried with { ApiKey = null }, Queried.BaseAddress).AbsoluteUri);

    private static ProviderBinding Queried => new()
    {
        Name = "lab",
        Provider = new OpenAICompatible(),
        BaseAddress = new Uri("http://127.0.0.1:9/v1/"),
        ApiKey = "sk/up+stream&1234567890",
        KeyParameter = "api-key",
    };

    [Fact]
    public void Never_prints_its_key() => Assert.DoesNotContain("sk-upstream", Lab.ToString(), StringComparison.Ordinal);
}
