using System.Net;
using System.Text;

namespace Sommelier.Server.Tests.Edge;

/// <summary>The commands of Ollama's documentation name no content type; a page in a browser must not use that.</summary>
public sealed class OllamaContentTypeTests
{
    private const string Chat = """{"model":"echo/m","stream":false,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData("/api/chat", Form, null, null, 200)]
    [InlineData("/api/chat", null, null, null, 200)]
    [InlineData("/api/chat", "text/plain", null, null, 200)]
    [InlineData("/api/show", Form, null, null, 200)]
    [InlineData("/api/chat", Form, "SELF", "same-origin", 200)]
    [InlineData("/api/chat", Form, "http://localhost:3999", null, 403)]
    [InlineData("/api/chat", Form, "https://evil.example", null, 403)]
    [InlineData("/api/chat", "text/plain", "null", null, 403)]
    [InlineData("/api/chat", "text/plain", null, "cross-site", 403)]
    [InlineData("/v1/chat/completions", Form, null, null, 415)]
    public async Task The_type_is_asked_of_pages_and_of_other_dialects(string path, string? type, string? origin, string? site, int status)
    {
        await using var server = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var gateway = await RunningGateway.StartAsync($"providers: {{ echo: {{ type: openai-compatible, base_url: '{server.Address}v1', models: [m] }} }}");

        using var reply = await PostAsync(gateway, path, type, origin == "SELF" ? gateway.Url : origin, site);

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(status == 200 && path == "/api/chat" ? 1 : 0, server.Requests.Count);
    }

    [Fact]
    public async Task A_page_of_a_configured_origin_may_leave_it_out()
    {
        await using var server = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var gateway = await RunningGateway.StartAsync(
            $"server: {{ keys: [k], cors: {{ origins: ['https://app.example'] }} }}\nproviders: {{ echo: {{ type: openai-compatible, base_url: '{server.Address}v1', models: [m] }} }}");

        using var known = await PostAsync(gateway, "/api/chat", Form, "https://app.example", "cross-site");
        using var other = await PostAsync(gateway, "/api/chat", Form, "https://evil.example", "cross-site");

        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningGateway gateway, string path, string? type, string? origin, string? site)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url + path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Chat)) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer k");
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var (name, value) in new[] { ("Origin", origin), ("Sec-Fetch-Site", site) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
