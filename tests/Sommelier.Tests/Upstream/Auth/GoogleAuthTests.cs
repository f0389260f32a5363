using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.TestKit;
using Sommelier.Upstream;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Upstream.Auth;

public sealed class GoogleAuthTests : IDisposable
{
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly string Pem = Rsa.ExportPkcs8PrivateKeyPem();

    private readonly UpstreamHttp http = AuthLab.Http();
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CapturedLog log = new();

    public void Dispose()
    {
        http.Dispose();
        log.Dispose();
    }

    [Fact]
    public async Task A_service_account_signs_for_its_token()
    {
        await using var server = new FaultServer(Token("ya29.first-token"));
        var auth = Auth(ServiceAccount(server.Address));

        Assert.Equal("Bearer ya29.first-token", (await AuthLab.HeadersAsync(auth))["Authorization"]);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/token", "application/x-www-form-urlencoded"), (request.Method, request.Path, request.Headers["Content-Type"]));
        var form = AuthLab.Form(request.Body);
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var parts = form["assertion"].Split('.');
        Assert.True(Rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("""{"alg":"RS256","typ":"JWT","kid":"key-7"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        Assert.Equal(
            $$"""{"iss":"gateway@project.iam.gserviceaccount.com","scope":"https://www.googleapis.com/auth/cloud-platform","aud":"{{server.Address}}token","iat":1767225600,"exp":1767229200}""",
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
    }

    [Fact]
    public async Task A_hundred_callers_make_one_request_and_later_ones_none_until_the_token_is_due()
    {
        var gate = new TaskCompletionSource();
        await using var server = new FaultServer(
            Token("ya29.first-token") with { GateBefore = 0, Gate = gate.Task }, Token("ya29.second-token"), Token("ya29.third-token"));
        var auth = Auth(ServiceAccount(server.Address));

        var waiting = Enumerable.Range(0, 100).Select(_ => Task.Run(() => AuthLab.HeadersAsync(auth))).ToArray();
        await server.RequestAsync(0);
        gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), headers => Assert.Equal("Bearer ya29.first-token", headers["Authorization"]));
        time.Advance(TimeSpan.FromMinutes(54));
        await AuthLab.HeadersAsync(auth);
        Assert.Single(server.Requests);

        // 3599 s of life less five minutes are over: the next caller still gets the old token, and soon there is a new one.
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Bearer ya29.first-token", (await AuthLab.HeadersAsync(auth))["Authorization"]);
        await server.RequestAsync(1);
        for (var i = 0; (await AuthLab.HeadersAsync(auth))["Authorization"] != "Bearer ya29.second-token"; i++)
        {
            Assert.True(i < 6000, "The new token never came.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("[token] [token]", auth.WithoutSecrets("ya29.first-token ya29.second-token"));
        Assert.Empty(log.Text);
    }

    [Fact]
    public async Task A_user_refreshes_and_says_who_pays()
    {
        await using var server = new FaultServer(Token("ya29.user-token"));
        var auth = Auth(User(server.Address));

        var headers = await AuthLab.HeadersAsync(auth);

        Assert.Equal(("Bearer ya29.user-token", "payer-1"), (headers["Authorization"], headers["x-goog-user-project"]));
        Assert.Equal(
            new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["client_id"] = "id.apps", ["client_secret"] = "d-secret/1", ["refresh_token"] = "1//refresh" },
            AuthLab.Form(server.Requests[0].Body));
    }

    [Fact]
    public async Task A_machine_asks_its_metadata_server()
    {
        await using var server = new FaultServer(Token("ya29.machine-token"));

        var headers = await AuthLab.HeadersAsync(new GoogleAuth(new() { MetadataAddress = server.Address }, http.SendAsync, time, log));

        Assert.Equal("Bearer ya29.machine-token", headers["Authorization"]);
        Assert.False(headers.ContainsKey("x-goog-user-project"));
        var request = Assert.Single(server.Requests);
        Assert.Equal(
            ("GET", "/computeMetadata/v1/instance/service-accounts/default/token", "Google"), (request.Method, request.Path, request.Headers["Metadata-Flavor"]));
    }

    [Fact]
    public async Task A_refusal_names_source_and_remedy_and_no_secret()
    {
        await using var server = new FaultServer(FaultReply.Error(
            400, """{"error":"invalid_grant","error_description":"Token 1//refresh of d-secret/1, d-secret%2F1 has been expired or revoked."}"""));
        var auth = Auth(User(server.Address));

        var failure = await AuthLab.FailureAsync(auth, "1//refresh", "d-secret");

        Assert.Equal((UpstreamFailureKind.AuthenticationFailed, "invalid_grant"), (failure.Kind, failure.Code));
        Assert.False(failure.IsMessageSafe);
        Assert.Equal(
            "Google's token endpoint answered with 400. invalid_grant: Token [token] of [secret], [secret] has been expired or revoked. Sign in again with 'gcloud auth application-default login'.",
            failure.Message);
        Assert.Empty(log.Text);
    }

    [Fact]
    public async Task A_renewal_that_is_refused_is_logged_without_secrets_and_the_old_token_goes_on()
    {
        await using var server = new FaultServer(
            Token("ya29.user-token"), FaultReply.Error(400, """{"error":"invalid_grant","error_description":"No 1//refresh, no d-secret/1, no ya29.user-token."}"""));
        var auth = Auth(User(server.Address));
        await AuthLab.HeadersAsync(auth);
        time.Advance(TimeSpan.FromMinutes(56));

        Assert.Equal("Bearer ya29.user-token", (await AuthLab.HeadersAsync(auth))["Authorization"]);
        for (var i = 0; log.Text.Length == 0; i++)
        {
            Assert.True(i < 6000, "The refusal was never logged.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Contains("AuthenticationFailed. Google's token endpoint answered with 400. invalid_grant: No [token], no [secret], no [token].", log.Text, StringComparison.Ordinal);
        Assert.Equal("Bearer ya29.user-token", (await AuthLab.HeadersAsync(auth))["Authorization"]);
        time.Advance(TimeSpan.FromMinutes(4));
        await AuthLab.FailureAsync(auth, "1//refresh", "d-secret", "ya29.user");
    }

    [Theory]
    [InlineData("""{"expires_in":10}""")]
    [InlineData("""{"access_token":""}""")]
    [InlineData("""{"access_token":"a b"}""")]
    [InlineData("""{"access_token":"a\r\nX-Evil: 1"}""")]
    [InlineData("""{"access_token":"\ud800"}""")]
    [InlineData("ya29.plain-text-token")]
    [InlineData("")]
    public async Task An_answer_without_a_usable_token_is_a_failure(string body)
    {
        await using var server = new FaultServer(FaultReply.Json(body));

        Assert.Equal(UpstreamFailureKind.ProtocolError, (await AuthLab.FailureAsync(Auth(User(server.Address)), "ya29.plain")).Kind);
    }

    [Fact]
    public async Task An_answer_of_any_length_is_not_read()
    {
        await using var server = new FaultServer(FaultReply.Json($$"""{"access_token":"{{new string('a', 300_000)}}"}"""));

        Assert.Equal(UpstreamFailureKind.ProtocolError, (await AuthLab.FailureAsync(Auth(User(server.Address)))).Kind);
    }

    [Fact]
    public void Blots_out_the_lines_of_a_private_key()
    {
        var auth = Auth(ServiceAccount(new("http://127.0.0.1:9/")));
        var text = auth.WithoutSecrets($"bad key: {Pem} or {Pem.Replace("\n", "\\n", StringComparison.Ordinal)}");

        Assert.All(Pem.Split('\n')[1..^2], line => Assert.DoesNotContain(line, text, StringComparison.Ordinal));
        Assert.DoesNotContain(Pem.Split('\n')[1], auth + ServiceAccount(new("http://127.0.0.1:9/")).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json", "it is not a JSON object")]
    [InlineData("{}", "it has no type")]
    [InlineData("""{"type":"external_account"}""", "its type external_account is not supported; use service_account or authorized_user")]
    [InlineData("""{"type":"authorized_user","client_id":"x","client_secret":"y"}""", "its refresh_token is missing")]
    [InlineData("""{"type":"service_account","client_email":"x","private_key":"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"}""", "its private_key is not an RSA key in PEM")]
    [InlineData("""{"type":"service_account","client_email":"x","private_key":"k","token_uri":"file:///etc"}""", "its token_uri is not a web address")]
    public void A_file_that_is_none_says_what_is_wrong(string json, string expected) =>
        Assert.Equal(expected, Assert.Throws<FormatException>(() => Read(json)).Message);

    private GoogleAuth Auth(GoogleAccount account) => new(new() { Account = account }, http.SendAsync, time, log);

    private static GoogleAccount ServiceAccount(Uri server) => Read(JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = "service_account",
        ["project_id"] = "project",
        ["private_key_id"] = "key-7",
        ["private_key"] = Pem,
        ["client_email"] = "gateway@project.iam.gserviceaccount.com",
        ["token_uri"] = $"{server}token",
    }));

    private static GoogleAccount User(Uri server) => Read(
        $$"""{"type":"authorized_user","client_id":"id.apps","client_secret":"d-secret/1","refresh_token":"1//refresh","quota_project_id":"payer-1","token_uri":"{{server}}token"}""");

    private static FaultReply Token(string token) => FaultReply.Json($$"""{"access_token":"{{token}}","expires_in":3599,"token_type":"Bearer"}""");
}
