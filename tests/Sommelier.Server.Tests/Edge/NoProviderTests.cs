namespace Sommelier.Server.Tests.Edge;

/// <summary>A gateway without any provider runs, says so, and never invents an answer.</summary>
public sealed class NoProviderTests
{
    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Requests_are_told_the_remedy(string dialect)
    {
        await using var gateway = await RunningGateway.StartAsync("discover: false");

        using var ready = await Ask.SendAsync(gateway, HttpMethod.Get, "/health/ready");
        using var live = await Ask.SendAsync(gateway, HttpMethod.Get, "/health/live");
        using var reply = await Ask.ChatAsync(gateway, dialect);
        var told = await Lab.JsonAsync(reply);

        Assert.Equal((503, 200, 503), ((int)ready.StatusCode, (int)live.StatusCode, (int)reply.StatusCode));
        Assert.Contains("ANTHROPIC_API_KEY", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("ANTHROPIC_API_KEY", told.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        if (dialect == "openai")
        {
            Assert.Equal("no_provider", told.GetProperty("error").GetProperty("code").GetString());
        }
        else
        {
            Assert.Equal("error", told.GetProperty("type").GetString());
        }
    }
}
