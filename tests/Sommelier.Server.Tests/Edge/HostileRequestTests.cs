using System.IO.Compression;
using System.Net;
using System.Text;
using Sommelier.Accounts;

namespace Sommelier.Server.Tests.Edge;

/// <summary>What somebody sends who wants more than an answer: smuggled requests, injected headers, ways around <c>/admin</c>, bombs.</summary>
public sealed class HostileRequestTests
{
    private const string Body = """{"model":"lab/one","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""";

    public static TheoryData<string, string> Smuggled => new()
    {
        { "two lengths", $"Content-Length: {Body.Length}\r\nContent-Length: 5\r\n\r\n{Body}" },
        { "length and chunks", $"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "unknown coding", $"Transfer-Encoding: xchunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "coding twice", $"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "space before the colon", $"Content-Length : {Body.Length}\r\n\r\n{Body}" },
        { "negative length", $"Content-Length: -1\r\n\r\n{Body}" },
        { "bad chunk size", $"Transfer-Encoding: chunked\r\n\r\nzz\r\n{Body}\r\n0\r\n\r\n" },
        { "obsolete folding", $"X-A: b\r\n c: d\r\nContent-Length: {Body.Length}\r\n\r\n{Body}" },
    };

    [Theory]
    [MemberData(nameof(Smuggled))]
    public async Task A_request_of_doubtful_length_is_refused_and_what_follows_it_is_not_read(string trick, string rest)
    {
        await using var lab = await Lab.StartAsync();

        var (head, _) = await PathTests.RawAsync(
            lab.Gateway,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{rest}GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 4", head, StringComparison.Ordinal);
        Assert.True(lab.Provider.Requests.Count == 0, trick);
    }

    [Theory]
    [InlineData("/admin/keys")]
    [InlineData("//admin/keys")]
    [InlineData("/v1/../admin/keys")]
    [InlineData("/v1/%2e%2e/admin/keys")]
    [InlineData("/admin%2Fkeys")]
    [InlineData("/Admin/keys")]
    [InlineData("/admin/./keys")]
    [InlineData("/admin/keys/")]
    [InlineData("/admin/keys?key=KEY")]
    [InlineData("/admin/keys%00")]
    [InlineData("http://127.0.0.1/admin/keys")]
    public async Task No_way_leads_a_callers_key_to_admin(string path)
    {
        await using var lab = await Lab.StartAsync();
        var (_, key) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Role = KeyRole.Caller }, "test", default);

        var (head, body) = await PathTests.RawAsync(
            lab.Gateway, $"GET {path.Replace("KEY", key, StringComparison.Ordinal)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 4", head, StringComparison.Ordinal);
        Assert.DoesNotContain("smlr_", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_field_cannot_break_out_of_the_warnings()
    {
        await using var lab = await Lab.StartAsync("anthropic");
        using var reply = await Ask.SendAsync(
            lab.Gateway, HttpMethod.Post, "/v1/chat/completions", Body[..^1] + ""","x\r\nset-cookie: a=b\r\n\r\n<script>":1,"logit_bias":{"1":1}}""");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.False(reply.Headers.Contains("set-cookie"));
        Assert.Contains("logit_bias", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task A_packed_request_is_refused_before_it_is_unpacked(string coding)
    {
        await using var lab = await Lab.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, lab.Gateway.Url + "/v1/chat/completions") { Content = new ByteArrayContent(Bomb()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        using var http = new HttpClient();
        using var reply = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
        Assert.Empty(lab.Provider.Requests);
    }

    [Fact]
    public async Task A_packed_answer_that_nobody_asked_for_is_a_failure_and_is_not_unpacked()
    {
        var packed = Encoding.Latin1.GetString(Bomb());
        await using var lab = await Lab.StartAsync(script: new FaultReply { Status = 200, ContentType = "application/json", Headers = [new("Content-Encoding", "gzip")], Pieces = [packed], Binary = true });

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one");

        Assert.Equal(HttpStatusCode.BadGateway, reply.StatusCode);
        Assert.DoesNotContain("\0\0", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // 50 MB of zeroes in 50 kB.
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeroes = new byte[1_000_000];
            for (var i = 0; i < 50; i++)
            {
                gzip.Write(zeroes);
            }
        }

        return packed.ToArray();
    }
}
