using Sommelier.Configuration.Building;
using Sommelier.Providers;
using Sommelier.Upstream;

namespace Sommelier.Tests.Configuration;

public sealed class ProviderProbeTests
{
    [Theory]
    [InlineData(200, "key", true, "answers")]
    [InlineData(401, "key", false, "refuses the key (401); check it")]
    [InlineData(401, null, false, "wants a key (401); set api_key")]
    [InlineData(404, "key", false, "no list there (404); check base_url")]
    [InlineData(503, "key", false, "answers with 503")]
    public async Task Tells_what_the_provider_says(int status, string? key, bool accepted, string detail)
    {
        await using var server = new FaultServer(FaultReply.Error(status, "{\"data\":[]}"));

        var result = await AskAsync(server.Address, key);

        Assert.Equal((true, accepted, key is not null), (result.Reached, result.Accepted, result.HasKey));
        Assert.Contains(detail, result.Detail, StringComparison.Ordinal);
        Assert.Equal("/v1/models", server.Requests[0].Path);
        Assert.Equal(key, server.Requests[0].Headers.GetValueOrDefault("x-api-key"));
    }

    [Fact]
    public async Task A_key_in_the_query_is_shown_there_and_not_told()
    {
        await using var server = new FaultServer(FaultReply.Error(403, "{}"));

        var result = await AskAsync(server.Address, "a-secret-key", parameter: "key");

        Assert.Equal("/v1/models?key=a-secret-key", Assert.Single(server.Requests).Path);
        Assert.False(server.Requests[0].Headers.ContainsKey("x-api-key"));
        Assert.DoesNotContain("a-secret-key", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_told()
    {
        var result = await AskAsync(FaultServer.Refused(), "key");

        Assert.Equal((false, false), (result.Reached, result.Accepted));
        Assert.Contains("cannot be reached", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_ends_after_the_timeout()
    {
        await using var server = new FaultServer(FaultReply.Nothing);

        Assert.Contains("does not answer within", (await AskAsync(server.Address, "key", TimeSpan.FromMilliseconds(50))).Detail, StringComparison.Ordinal);
    }

    private static async Task<ProviderProbeResult> AskAsync(Uri address, string? key, TimeSpan? timeout = null, string? parameter = null)
    {
        using var http = new UpstreamHttp();
        var binding = new ProviderBinding { Name = "anthropic", Provider = ProviderRegistry.Find("anthropic")!, BaseAddress = address, ApiKey = key, KeyParameter = parameter };
        var probe = new ProviderProbe(http, TimeProvider.System) { Timeout = timeout ?? TimeSpan.FromSeconds(30) };
        return Assert.Single(await probe.AskAsync([binding], TestContext.Current.CancellationToken));
    }
}
