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

    [Fact]
    public void Never_prints_its_key() => Assert.DoesNotContain("sk-upstream", Lab.ToString(), StringComparison.Ordinal);
}
