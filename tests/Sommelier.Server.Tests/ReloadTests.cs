using System.Net.Http.Headers;
using System.Text;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;

namespace Sommelier.Server.Tests;

public sealed class ReloadTests
{
    private const string Request = """{"model":"lab/m","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task A_request_under_way_ends_under_the_configuration_that_it_began_with()
    {
        var gate = new TaskCompletionSource();
        await using var provider = new FaultServer(FaultReply.Events(ScriptedAnswer.OpenAI.StreamEvents) with { GateBefore = 2, Gate = gate.Task });
        var yaml = $"discover: false\nproviders: {{ lab: {{ type: openai-compatible, base_url: '{provider.Address}v1', models: [m] }} }}";
        await using var gateway = await RunningGateway.StartAsync(yaml);
        using var client = new HttpClient();

        using var underWay = await SendAsync(client, gateway);
        gateway.Gateway.Swap(GatewaySnapshotBuilder.Build(SommelierConfig.Default with { Discover = false }, _ => null, []).Snapshot);
        using var after = await SendAsync(client, gateway);
        gate.SetResult();
        var answer = await underWay.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(underWay.IsSuccessStatusCode);
        Assert.Contains("world", answer, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", answer, StringComparison.Ordinal);
        Assert.Equal(503, (int)after.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, RunningGateway gateway)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{gateway.Url}/v1/chat/completions")
        {
            Content = new StringContent(Request, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
