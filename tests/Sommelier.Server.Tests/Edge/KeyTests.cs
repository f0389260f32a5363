using System.Net;
using System.Text;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Caller keys: every client's own place for them, and nothing without one.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private const string Key = "sk-sommelier-test-3b1f";

    private readonly HttpClient http = new();
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(
        $$"""
        discover: false
        server: { keys: ["{{Key}}"] }
        providers:
          lab:
            type: openai-compatible
            base_url: "http://127.0.0.1:9/v1"
            api_key: sk-upstream-secret-77
            models: [{ id: tiny, context: 8192, price: { input: 0, output: 0 } }]
        """);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + Key)]
    [InlineData("x-api-key", Key)]
    [InlineData("api-key", Key)]
    [InlineData("x-goog-api-key", Key)]
    public async Task Key_is_read_where_each_client_puts_it(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Url + "/v1/models");
        request.Headers.TryAddWithoutValidation(header, value);

        using var reply = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task Key_is_read_from_the_query()
    {
        using var reply = await http.GetAsync(new Uri($"{gateway.Url}/v1/models?key={Key}"));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Theory]
    [InlineData("/v1/chat/completions", null)]
    [InlineData("/v1/chat/completions", "Bearer wrong")]
    [InlineData("/v1/messages", null)]
    [InlineData("/v1/messages", "Bearer " + Key + "x")]
    public async Task Missing_or_wrong_key_is_401(string path, string? shown)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url + path) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        if (shown is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", shown);
        }

        using var reply = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Contains("server.keys", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/v1/models")]
    [InlineData("/v1/decisions/01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    public async Task What_tells_of_others_needs_a_key(string path)
    {
        using var reply = await http.GetAsync(new Uri(gateway.Url + path));

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
    }

    [Fact]
    public async Task Health_needs_none()
    {
        using var reply = await http.GetAsync(new Uri(gateway.Url + "/health/ready"));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task No_key_stands_in_log_or_ledger()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url + "/v1/chat/completions")
        {
            Content = new StringContent("{\"model\":\"lab/tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"a-private-prompt-41\"}]}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Key);
        using var reply = await http.SendAsync(request);
        var body = await reply.Content.ReadAsStringAsync();
        var id = reply.Headers.GetValues("x-sommelier-request-id").Single();
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"{gateway.Url}/v1/decisions/{id}");
        asked.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Key);
        using var decision = await http.SendAsync(asked);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        Assert.Equal(HttpStatusCode.OK, decision.StatusCode);
        await gateway.DisposeAsync();
        var everything = string.Join('\n', body, await decision.Content.ReadAsStringAsync(), gateway.Log, gateway.ReadDataFolder());
        Assert.DoesNotContain(Key, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-upstream-secret-77", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("a-private-prompt-41", everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task A_providers_key_in_the_query_reaches_the_provider_and_nothing_else(int status)
    {
        const string Secret = "AIza/secret+77";
        const string Escaped = "AIza%2Fsecret%2B77";
        var reply = status == 200
            ? FaultReply.Json("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi."}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":3,"totalTokenCount":8}}""")
            : FaultReply.Error(status, $$$"""{"error":{"code":{{{status}}},"message":"Bad call of /v1beta/models/tiny:generateContent?key={{{Escaped}}} with {{{Secret}}}.","status":"INVALID_ARGUMENT"}}""");
        await using var provider = new FaultServer(reply);
        await using var queried = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              lab:
                type: gemini
                base_url: "{{provider.Address}}v1beta"
                api_key: {{Secret}}
                key_parameter: key
                models: [{ id: tiny, context: 8192, price: { input: 0, output: 0 } }]
            """);
        using var activities = new System.Diagnostics.ActivityListener { ShouldListenTo = _ => true, Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded };
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        activities.ActivityStopped = activity => told.Enqueue(string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
        System.Diagnostics.ActivitySource.AddActivityListener(activities);

        using var answer = await Ask.SendAsync(queried, HttpMethod.Post, "/v1/chat/completions", """{"model":"lab/tiny","messages":[{"role":"user","content":"Hi"}]}""");
        var body = await answer.Content.ReadAsStringAsync();
        var id = answer.Headers.GetValues("x-sommelier-request-id").Single();
        var decision = await http.GetStringAsync(new Uri($"{queried.Url}/v1/decisions/{id}"));
        var metrics = await http.GetStringAsync(new Uri($"{queried.Url}/metrics"));
        await queried.DisposeAsync();

        Assert.Equal(status == 200, answer.IsSuccessStatusCode);
        Assert.All(provider.Requests, request =>
        {
            Assert.Equal($"/v1beta/models/tiny:generateContent?key={Escaped}", request.Path);
            Assert.False(request.Headers.ContainsKey("x-goog-api-key"));
        });
        var everything = string.Join('\n', [body, answer.Headers.ToString(), decision, metrics, queried.Log, queried.ReadDataFolder(), .. told]);
        Assert.Contains("lab/tiny", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Escaped, everything, StringComparison.Ordinal);
    }
}
