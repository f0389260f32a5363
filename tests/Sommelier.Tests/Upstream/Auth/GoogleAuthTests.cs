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
    [InlineData("""{"type":"gdch_service_account"}""", "its type gdch_service_account is not supported; use service_account, authorized_user, external_account or impersonated_service_account")]
    [InlineData("""{"type":"external_account"}""", "its credential_source is missing")]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"https://sts/","credential_source":{"environment_id":"aws1","url":"http://169.254.169.254/x"}}""", "its credential_source names neither a file nor a url, and others are not supported")]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"https://sts/","credential_source":{"file":"/x","format":{"type":"json"}}}""", "the format's subject_token_field_name is missing")]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"t","credential_source":{"file":"/x"}}""", "its token_url is missing")]
    [InlineData("""{"type":"impersonated_service_account"}""", "its source_credentials are missing")]
    [InlineData("""{"type":"impersonated_service_account","source_credentials":{"type":"authorized_user"}}""", "its client_id is missing")]
    [InlineData("""{"type":"authorized_user","client_id":"x","client_secret":"y"}""", "its refresh_token is missing")]
    [InlineData("""{"type":"service_account","client_email":"x","private_key":"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"}""", "its private_key is not an RSA key in PEM")]
    [InlineData("""{"type":"service_account","client_email":"x","private_key":"k","token_uri":"file:///etc"}""", "its token_uri is not a web address")]
    public void A_file_that_is_none_says_what_is_wrong(string json, string expected) =>
        Assert.Equal(expected, Assert.Throws<FormatException>(() => Read(json)).Message);

    [Fact]
    public async Task A_federated_identity_exchanges_the_token_of_a_file_as_it_is_now()
    {
        await using var sts = new FaultServer(Token("ya29.federated-token"), Token("ya29.federated-two"));
        var files = new Dictionary<string, string> { ["/var/token"] = """{"id_token":"eyJ.subject-one"}""" };
        var auth = Auth(new GoogleAccountFile(path => files.GetValueOrDefault(path)).Read($$"""
            {"type":"external_account","audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k",
             "subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{{sts.Address}}v1/token","quota_project_id":"payer-2",
             "credential_source":{"file":"/var/token","format":{"type":"json","subject_token_field_name":"id_token"} } }
            """));

        var headers = await AuthLab.HeadersAsync(auth);

        Assert.Equal(("Bearer ya29.federated-token", "payer-2"), (headers["Authorization"], headers["x-goog-user-project"]));
        Assert.Equal("/v1/token", sts.Requests[0].Path);
        Assert.Equal(
            new()
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
                ["audience"] = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k",
                ["scope"] = "https://www.googleapis.com/auth/cloud-platform",
                ["requested_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
                ["subject_token"] = "eyJ.subject-one",
                ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            },
            AuthLab.Form(sts.Requests[0].Body));

        files["/var/token"] = """{"id_token":"eyJ.subject-two"}""";
        time.Advance(TimeSpan.FromHours(1));
        await AuthLab.HeadersAsync(auth);
        Assert.Equal("eyJ.subject-two", AuthLab.Form(sts.Requests[1].Body)["subject_token"]);
        Assert.Equal("[token] [token]", auth.WithoutSecrets("eyJ.subject-two ya29.federated-two"));
    }

    [Fact]
    public async Task A_federated_identity_with_the_token_of_an_address_takes_the_place_of_a_service_account()
    {
        await using var source = new FaultServer(new FaultReply { ContentType = "text/plain", Pieces = ["eyJ.subject\n"] });
        await using var sts = new FaultServer(Token("ya29.federated-token"));
        await using var iam = new FaultServer(FaultReply.Json("""{"accessToken":"ya29.account-token","expireTime":"2026-01-01T01:00:00Z"}"""));
        var auth = Auth(Read($$"""
            {"type":"external_account","audience":"a","subject_token_type":"t","token_url":"{{sts.Address}}","client_id":"i d","client_secret":"client/secret",
             "service_account_impersonation_url":"{{iam.Address}}v1/projects/-/serviceAccounts/gateway@p.iam.gserviceaccount.com:generateAccessToken",
             "credential_source":{"url":"{{source.Address}}identity","headers":{"X-Proof":"proof-of-me"} } }
            """));

        Assert.Equal("Bearer ya29.account-token", (await AuthLab.HeadersAsync(auth))["Authorization"]);

        Assert.Equal(("GET", "/identity", "proof-of-me"), (source.Requests[0].Method, source.Requests[0].Path, source.Requests[0].Headers["X-Proof"]));
        Assert.Equal("eyJ.subject", AuthLab.Form(sts.Requests[0].Body)["subject_token"]);
        Assert.Equal($"Basic {Convert.ToBase64String("i%20d:client%2Fsecret"u8)}", sts.Requests[0].Headers["Authorization"]);
        Assert.Equal(("POST", "Bearer ya29.federated-token"), (iam.Requests[0].Method, iam.Requests[0].Headers["Authorization"]));
        Assert.Equal("""{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"3600s"}""", iam.Requests[0].Body);
        Assert.Equal("[header] [token] [token] [secret] [token]", auth.WithoutSecrets("proof-of-me eyJ.subject ya29.federated-token client/secret ya29.account-token"));

        // An hour less five minutes later it is time for the next one.
        time.Advance(TimeSpan.FromMinutes(56));
        await AuthLab.HeadersAsync(auth);
        await iam.RequestAsync(1);
    }

    [Fact]
    public async Task A_user_takes_the_place_of_a_service_account_and_a_refusal_is_told_without_secrets()
    {
        await using var google = new FaultServer(Token("ya29.user-token"));
        await using var iam = new FaultServer(FaultReply.Error(403, """{"error":{"code":403,"message":"Permission 'iam.serviceAccounts.getAccessToken' denied for ya29.user-token.","status":"PERMISSION_DENIED"}}"""));
        var auth = Auth(Read($$"""
            {"type":"impersonated_service_account","service_account_impersonation_url":"{{iam.Address}}x:generateAccessToken","delegates":["projects/-/serviceAccounts/between"],
             "source_credentials":{"type":"authorized_user","client_id":"i","client_secret":"d-secret/1","refresh_token":"1//refresh","token_uri":"{{google.Address}}token"} }
            """));

        var failure = await AuthLab.FailureAsync(auth, "ya29.user-token", "d-secret", "1//refresh");

        Assert.Equal((UpstreamFailureKind.AuthenticationFailed, "PERMISSION_DENIED"), (failure.Kind, failure.Code));
        Assert.Contains("denied for [token]. Sign in again with", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Service Account Token Creator", failure.Message, StringComparison.Ordinal);
        Assert.Equal("""{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"3600s","delegates":["projects/-/serviceAccounts/between"]}""", iam.Requests[0].Body);
    }

    [Fact]
    public async Task A_subject_token_that_is_not_there_asks_nobody()
    {
        await using var sts = new FaultServer(Token("ya29.x"));

        var failure = await AuthLab.FailureAsync(Auth(Read(
            $$"""{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"{{sts.Address}}","credential_source":{"file":"/gone"} }""")));

        Assert.Equal("There is no subject token in /gone. Check the credential_source of the Google credentials file.", failure.Message);
        Assert.Empty(sts.Requests);
    }

    private static GoogleAccount Read(string json) => new GoogleAccountFile(_ => null).Read(json);

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
