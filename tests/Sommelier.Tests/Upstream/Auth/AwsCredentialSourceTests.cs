using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Upstream.Auth;

public sealed class AwsCredentialSourceTests : IDisposable
{
    private const string Keys = """{"Code":"Success","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC","AccessKeyId":"ASIAFETCHED0000","SecretAccessKey":"fetched/secret","Token":"fetched-token==","Expiration":"2026-01-01T06:00:00Z"}""";

    private readonly UpstreamHttp http = AuthLab.Http();
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_container_shows_its_token_as_it_is_now_and_gets_keys_that_end()
    {
        await using var server = new FaultServer(FaultReply.Json(Keys), FaultReply.Json(Keys.Replace("FETCHED0000", "RENEWED0000", StringComparison.Ordinal).Replace("06:00", "12:00", StringComparison.Ordinal)));
        var rotating = new Queue<string>(["pod-token-one\n", "pod-token-two"]);
        var auth = Auth(new() { Region = "eu-west-1", ContainerAddress = new(server.Address, "v2/credentials/7"), ContainerToken = rotating.Dequeue });

        var headers = await AuthLab.HeadersAsync(auth);
        Assert.Contains("Credential=ASIAFETCHED0000/20260101/eu-west-1/bedrock/aws4_request", headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("fetched-token==", headers["X-Amz-Security-Token"]);
        Assert.Equal(("GET", "/v2/credentials/7", "pod-token-one"), (server.Requests[0].Method, server.Requests[0].Path, server.Requests[0].Headers["Authorization"]));
        Assert.Equal("[token] [key] [token] [key id]", auth.WithoutSecrets("pod-token-one fetched/secret fetched-token== ASIAFETCHED0000"));

        await AuthLab.HeadersAsync(auth);
        Assert.Single(server.Requests);

        time.Advance(TimeSpan.FromHours(6));
        Assert.Contains("Credential=ASIARENEWED0000/", (await AuthLab.HeadersAsync(auth))["Authorization"], StringComparison.Ordinal);
        Assert.Equal("pod-token-two", server.Requests[1].Headers["Authorization"]);

        // A request with the key before may still be under way.
        Assert.Equal("[key id] [key id]", auth.WithoutSecrets("ASIAFETCHED0000 ASIARENEWED0000"));
    }

    [Fact]
    public async Task An_instance_opens_a_session_asks_for_its_role_and_then_for_its_keys()
    {
        await using var server = new FaultServer(Plain("session-token-123=="), Plain("gateway role\n"), FaultReply.Json(Keys));
        var auth = Auth(new() { Region = "us-east-1", MetadataAddress = server.Address });

        Assert.Contains("Credential=ASIAFETCHED0000/", (await AuthLab.HeadersAsync(auth))["Authorization"], StringComparison.Ordinal);
        Assert.Equal(
            ["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/", "GET /latest/meta-data/iam/security-credentials/gateway%20role"],
            server.Requests.Select(request => $"{request.Method} {request.Path}"));
        Assert.Equal("300", server.Requests[0].Headers["X-aws-ec2-metadata-token-ttl-seconds"]);
        Assert.All(server.Requests.Skip(1), request => Assert.Equal("session-token-123==", request.Headers["X-aws-ec2-metadata-token"]));
    }

    [Fact]
    public async Task An_instance_without_a_role_says_what_to_do()
    {
        await using var server = new FaultServer(Plain("session-token-123=="), FaultReply.Error(404, "<html>session-token-123==</html>"));

        var failure = await AuthLab.FailureAsync(Auth(new() { Region = "us-east-1", MetadataAddress = server.Address }), "session-token-123");

        Assert.Equal(UpstreamFailureKind.AuthenticationFailed, failure.Kind);
        Assert.Equal("The EC2 instance metadata service answered with 404. Attach a role to the instance, or give a key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.", failure.Message);
    }

    [Theory]
    [InlineData(200, """{"Code":"AssumeRoleUnauthorizedAccess","Message":"no"}""", UpstreamFailureKind.AuthenticationFailed, "AssumeRoleUnauthorizedAccess")]
    [InlineData(200, """{"AccessKeyId":"ASIA"}""", UpstreamFailureKind.ProtocolError, "without AccessKeyId or SecretAccessKey")]
    [InlineData(200, "[1]", UpstreamFailureKind.ProtocolError, "not a JSON object")]
    [InlineData(200, "", UpstreamFailureKind.ProtocolError, "not a JSON object")]
    [InlineData(403, """{"code":"AccessDenied","message":"pod-token-one is not yours"}""", UpstreamFailureKind.AuthenticationFailed, "AccessDenied: [token] is not yours")]
    [InlineData(429, "{}", UpstreamFailureKind.RateLimited, "429")]
    [InlineData(503, "down", UpstreamFailureKind.Unavailable, "503")]
    [InlineData(302, "", UpstreamFailureKind.ProtocolError, "302")]
    public async Task A_container_that_gets_no_keys_says_why(int status, string body, UpstreamFailureKind kind, string words)
    {
        await using var server = new FaultServer(FaultReply.Error(status, body));
        var auth = Auth(new() { Region = "us-east-1", ContainerAddress = server.Address, ContainerToken = () => "pod-token-one" });

        var failure = await AuthLab.FailureAsync(auth, "pod-token-one");

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two\nlines")]
    public async Task A_container_without_its_token_asks_nobody(string? token)
    {
        await using var server = new FaultServer(FaultReply.Json(Keys));
        var auth = Auth(new() { Region = "us-east-1", ContainerAddress = server.Address, ContainerToken = () => token });

        Assert.Equal(UpstreamFailureKind.AuthenticationFailed, (await AuthLab.FailureAsync(auth)).Kind);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Nobody_there_is_told_with_the_remedy()
    {
        var failure = await AuthLab.FailureAsync(Auth(new() { Region = "us-east-1", MetadataAddress = FaultServer.Refused() }));

        Assert.Equal(UpstreamFailureKind.ConnectFailed, failure.Kind);
        Assert.StartsWith("The EC2 instance metadata service at 127.0.0.1 cannot be reached:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Attach a role", failure.Message, StringComparison.Ordinal);
    }

    private AwsSigV4Auth Auth(AwsAuthOptions options) => new(options, http.SendAsync, time);

    private static FaultReply Plain(string text) => new() { ContentType = "text/plain", Pieces = [text] };
}
