using System.Net.Sockets;
using System.Text;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Methods and paths that no client sends, as raw bytes where a client would repair them.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData("GET //v1/models", 404)]
    [InlineData("GET /v1/models/", 404)]
    [InlineData("GET /v1/../v1/models", 200)]
    [InlineData("GET /v1/%2e%2e/v1/models", 200)]
    [InlineData("GET /V1/MODELS", 404)]
    [InlineData("GET /v1/models%00", 400)]
    [InlineData("GET /v1/decisions/../../etc/passwd", 404)]
    [InlineData("GET /v1/decisions/..%2f..%2fetc%2fpasswd", 404)]
    [InlineData("HEAD /v1/models", 200)]
    [InlineData("HEAD /health/live", 200)]
    [InlineData("HEAD /", 200)]
    [InlineData("GET /", 200)]
    [InlineData("POST /", 405)]
    [InlineData("HEAD /v1/nowhere", 404)]
    [InlineData("OPTIONS /v1/messages", 405)]
    [InlineData("BREW /v1/messages", 405)]
    [InlineData("DELETE /v1/models", 405)]
    public async Task Are_answered_plainly(string line, int status)
    {
        await using var lab = await Lab.StartAsync();

        var (head, body) = await RawAsync(lab.Gateway, $"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.True(!line.StartsWith("HEAD", StringComparison.Ordinal) || body.Length == 0, body);
        Assert.True(status != 405 || head.Contains("\r\nAllow: ", StringComparison.OrdinalIgnoreCase), head);
    }

    [Fact]
    public async Task Who_wants_a_web_socket_is_told_at_once_to_go_on_without()
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/responses", null, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="));

        Assert.Equal((426, "HTTP/1.1"), ((int)reply.StatusCode, Ask.Header(reply, "Upgrade")));
        Assert.Contains("POST the request to /v1/responses", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/cachedContents", "x-goog-api-key")]
    [InlineData("/v1/files", "x-goog-api-client")]
    [InlineData("/v1beta/cachedContents", "accept")]
    public async Task Googles_client_is_refused_in_its_own_dialect_wherever_it_asks(string path, string header)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, path, "{}", (header, "x"));

        Assert.Equal(404, (int)reply.StatusCode);
        Assert.Equal("NOT_FOUND", (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("/v1beta/nowhere", "/error/status")]
    [InlineData("/v1/messages/nowhere", "/type")]
    [InlineData("/v1/nowhere", "/error/type")]
    [InlineData("/api/nowhere", "/error")]
    [InlineData("/model/nowhere", "/message")]
    public async Task An_unknown_one_is_refused_in_the_dialect_that_it_belongs_to(string path, string member)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path);

        Assert.Equal(404, (int)reply.StatusCode);
        var found = await Lab.JsonAsync(reply);
        foreach (var name in member.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = found.GetProperty(name);
        }

        Assert.Equal(System.Text.Json.JsonValueKind.String, found.ValueKind);
    }

    [Fact]
    public async Task A_very_long_path_is_refused()
    {
        await using var lab = await Lab.StartAsync();

        var (head, _) = await RawAsync(lab.Gateway, $"GET /v1/models/{new string('x', 7000)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        var (longer, _) = await RawAsync(lab.Gateway, $"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404 ", head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", longer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(150, 10)]
    public async Task Too_large_or_too_many_headers_are_431(int count, int length)
    {
        await using var lab = await Lab.StartAsync();
        var headers = string.Concat(Enumerable.Range(0, count).Select(number => $"x-h{number}: {new string('y', length)}\r\n"));

        var (head, _) = await RawAsync(lab.Gateway, $"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Connection: close\r\n\r\n");
        using var after = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/health/live");

        Assert.StartsWith("HTTP/1.1 431 ", head, StringComparison.Ordinal);
        Assert.Equal(200, (int)after.StatusCode);
    }

    [Fact]
    public async Task Tokens_are_counted_with_a_word_of_caution()
    {
        await using var lab = await Lab.StartAsync("anthropic");

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/messages/count_tokens", Ask.Body());
        using var wrong = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/messages/count_tokens", "{\"model\":\"auto\"}");

        Assert.InRange((await Lab.JsonAsync(reply)).GetProperty("input_tokens").GetInt32(), 3, 60);
        Assert.Contains("input_tokens", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
        Assert.Equal(400, (int)wrong.StatusCode);
        Assert.Equal("error", (await Lab.JsonAsync(wrong)).GetProperty("type").GetString());
        Assert.Empty(lab.Provider.Requests);
    }

    [Theory]
    [InlineData("""{"type":"continue","previous_message_id":"msg_1"}""", 400)]
    [InlineData("""{"type":"create"}""", 200)]
    [InlineData("null", 200)]
    public async Task Tokens_of_a_conversation_that_the_vendor_keeps_are_not_counted_as_if_there_were_no_more_than_the_last_turn(string thread, int status)
    {
        await using var lab = await Lab.StartAsync("anthropic");

        using var reply = await Ask.SendAsync(
            lab.Gateway, HttpMethod.Post, "/v1/messages/count_tokens", $$"""{"model":"auto","thread":{{thread}},"messages":[{"role":"user","content":"And now?"}]}""");

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(status == 400, (await reply.Content.ReadAsStringAsync()).Contains("Send the whole conversation without 'thread'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_of_a_responses_request_are_counted_with_a_word_of_caution()
    {
        const string Path = "/v1/responses/input_tokens";
        await using var lab = await Lab.StartAsync("openai");

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, """{"model":"auto","instructions":"Be brief.","input":"How many are we?"}""");
        using var continued = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, """{"model":"auto","previous_response_id":"resp_1","input":"And now?"}""");
        using var got = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, Path);

        var count = await Lab.JsonAsync(reply);
        Assert.Equal("response.input_tokens", count.GetProperty("object").GetString());
        Assert.InRange(count.GetProperty("input_tokens").GetInt32(), 3, 60);
        Assert.Contains("input_tokens", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
        Assert.Equal((400, "previous_response_id"), ((int)continued.StatusCode, (await Lab.JsonAsync(continued)).GetProperty("error").GetProperty("param").GetString()));
        Assert.Equal(405, (int)got.StatusCode);
        Assert.Empty(lab.Provider.Requests);
    }

    internal static async Task<(string Head, string Body)> RawAsync(RunningGateway gateway, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(gateway.Url).Port);
        var text = new StringBuilder();
        try
        {
            await client.Client.SendAsync(Encoding.Latin1.GetBytes(request));
            var buffer = new byte[4096];
            while (await client.Client.ReceiveAsync(buffer) is var read and > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Refused before everything was read: what was said until then counts.
        }

        var parts = text.ToString().Split("\r\n\r\n", 2);
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }
}
