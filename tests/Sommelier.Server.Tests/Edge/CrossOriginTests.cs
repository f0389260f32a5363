using System.Net;

namespace Sommelier.Server.Tests.Edge;

public sealed class CrossOriginTests
{
    private const string Yaml = "discover: false\nserver: { keys: [k], cors: { origins: ['https://app.example'], max_age: 1m } }";

    [Fact]
    public async Task A_page_of_a_configured_origin_may_call()
    {
        await using var gateway = await RunningGateway.StartAsync(Yaml);

        using var asked = await SendAsync(gateway, HttpMethod.Options, "https://app.example", ask: true);
        using var called = await SendAsync(gateway, HttpMethod.Get, "https://app.example", ask: false);

        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        Assert.Equal("https://app.example", asked.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("authorization, content-type", asked.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Equal("60", asked.Headers.GetValues("Access-Control-Max-Age").Single());
        Assert.Equal(HttpStatusCode.OK, called.StatusCode);
        Assert.Equal("https://app.example", called.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Another_page_may_not()
    {
        await using var gateway = await RunningGateway.StartAsync(Yaml);

        using var asked = await SendAsync(gateway, HttpMethod.Options, "https://evil.example", ask: true);

        Assert.False(asked.IsSuccessStatusCode);
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningGateway gateway, HttpMethod method, string origin, bool ask)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, $"{gateway.Url}/health/live");
        request.Headers.Add("Origin", origin);
        if (ask)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization, content-type");
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
