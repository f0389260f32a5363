using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Bad input gets the dialect's own error with the field and the remedy, and harms nothing.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string OpenAI = "/v1/chat/completions";
    private const string Anthropic = "/v1/messages";

    private readonly HttpClient http = new();
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(
        """
        discover: false
        server: { limits: { max_body_bytes: 2000000 } }
        providers:
          lab:
            type: openai-compatible
            base_url: "http://127.0.0.1:9/v1"
            models: [{ id: tiny, context: 8192, price: { input: 0, output: 0 } }]
        """);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await gateway.DisposeAsync();
    }

    public static TheoryData<string, string, int, string> Requests => new()
    {
        { OpenAI, "", 400, "JSON" },
        { OpenAI, "{", 400, "JSON" },
        { OpenAI, "{\"model\":\"auto\",}", 400, "JSON" },
        { OpenAI, "[]", 400, "object" },
        { OpenAI, "{\"model\":\"" + new string('m', 600) + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", 400, "512" },
        { OpenAI, "{\"model\":\"auto\"}", 400, "messages" },
        { OpenAI, "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "model" },
        { OpenAI, "{\"model\":7,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "model" },
        { OpenAI, "{\"model\":\"auto\",\"messages\":{}}", 400, "messages" },
        { OpenAI, "{\"model\":\"auto\",\"messages\":[]}", 400, "messages" },
        { OpenAI, "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":7}]}", 400, "messages" },
        { OpenAI, "{\"model\":\"auto\",\"messages\":[{\"role\":\"pirate\",\"content\":\"x\"}]}", 400, "role" },
        { OpenAI, "{\"model\":\"auto\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "stream" },
        { OpenAI, "{\"model\":\"auto\",\"max_tokens\":-1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "max_tokens" },
        { OpenAI, "{\"model\":\"no-such\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 404, "no-such" },
        { OpenAI, "{\"model\":\"lab/no-such\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 404, "no-such" },
        { OpenAI, "{\"model\":\"auto/no-such\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 404, "no-such" },
        { OpenAI, "{\"model\":\"auto\",\"sommelier\":{\"max_cost_usd\":\"free\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "max_cost_usd" },
        { OpenAI, "{\"model\":\"auto\",\"sommelier\":{\"colour\":\"red\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "colour" },
        { Anthropic, "{", 400, "JSON" },
        { Anthropic, "{\"model\":\"auto\",\"max_tokens\":10}", 400, "messages" },
        { Anthropic, "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "max_tokens" },
        { Anthropic, "{\"model\":\"auto\",\"max_tokens\":10,\"messages\":[]}", 400, "messages" },
        { Anthropic, "{\"model\":\"auto\",\"max_tokens\":\"many\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "max_tokens" },
        { Anthropic, "{\"model\":\"no-such\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 404, "no-such" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Wrong_request_is_refused_in_the_callers_dialect(string path, string body, int status, string names)
    {
        using var reply = await PostAsync(path, body);

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Contains(names, await MessageAsync(path, reply), StringComparison.Ordinal);
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task Huge_body_is_413(string path)
    {
        using var reply = await PostAsync(path, $"{{\"model\":\"auto\",\"max_tokens\":9,\"messages\":[{{\"role\":\"user\",\"content\":\"{new string('x', 2_100_000)}\"}}]}}");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.StatusCode);
        Assert.Contains("max_body_bytes", await MessageAsync(path, reply), StringComparison.Ordinal);
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task Huge_body_of_unknown_length_is_413(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url + path) { Content = new StreamContent(new EndlessStream()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;

        using var reply = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.StatusCode);
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task Deep_nesting_is_400(string path)
    {
        using var reply = await PostAsync(path, string.Concat("{\"model\":\"auto\",\"max_tokens\":9,\"metadata\":", new string('[', 100_000), new string(']', 100_000), "}"));

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData(OpenAI, "text/plain")]
    [InlineData(Anthropic, "application/x-www-form-urlencoded")]
    [InlineData(OpenAI, null)]
    public async Task Wrong_content_type_is_415(string path, string? type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        using var reply = await http.PostAsync(new Uri(gateway.Url + path), content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
        Assert.Contains("application/json", await MessageAsync(path, reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_paths_and_methods_are_told_in_the_callers_dialect()
    {
        using var nowhere = await http.GetAsync(new Uri(gateway.Url + "/v1/nowhere"));
        using var method = await http.GetAsync(new Uri(gateway.Url + Anthropic));

        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Contains("/v1/nowhere", await MessageAsync(OpenAI, nowhere), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.Contains("POST", await MessageAsync(Anthropic, method), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_sommelier_header_is_named()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url + OpenAI)
        {
            Content = new StringContent("{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-sommelier-max-cost", "1");

        using var reply = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains("x-sommelier-max-cost", await MessageAsync(OpenAI, reply), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Keyless_gateway_answers_to_loopback_names_only(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Url + "/v1/models");
        request.Headers.Host = host;

        using var reply = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Fact]
    public async Task Keyless_gateway_refuses_pages_of_other_origins()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Url + "/v1/models");
        request.Headers.Add("Origin", "https://evil.example");

        using var reply = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        http.PostAsync(new Uri(gateway.Url + path), new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task AssertAliveAsync()
    {
        using var reply = await http.GetAsync(new Uri(gateway.Url + "/health/live"));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    // Reads the message from where the dialect's own clients look for it.
    private static async Task<string> MessageAsync(string path, HttpResponseMessage reply)
    {
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        var root = json.RootElement;
        var error = root.GetProperty("error");
        if (path == Anthropic)
        {
            Assert.Equal("error", root.GetProperty("type").GetString());
        }
        else
        {
            Assert.True(error.TryGetProperty("code", out _) && error.TryGetProperty("param", out _));
        }

        Assert.False(string.IsNullOrEmpty(error.GetProperty("type").GetString()));
        return error.GetProperty("message").GetString()!;
    }

    private sealed class EndlessStream : MemoryStream
    {
        private long left = 2_300_000;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var count = (int)Math.Min(left, buffer.Length);
            buffer.Span[..count].Fill((byte)' ');
            left -= count;
            return count;
        }
    }
}
