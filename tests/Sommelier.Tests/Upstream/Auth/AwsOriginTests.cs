using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Configuration.Building;
using Sommelier.Tests.Configuration;
using Sommelier.Upstream;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Upstream.Auth;

/// <summary>Keys by AWS STS, IAM Identity Center and programs, found as the SDKs find them. The answers have the shapes of AWS's API references.</summary>
public sealed class AwsOriginTests : IDisposable
{
    private const string Arn = "arn:aws:iam::123456789012:role/gateway";

    private readonly UpstreamHttp http = AuthLab.Http();
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, string> files = [];

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_web_identity_shows_its_token_as_it_is_now_and_is_lent_the_role()
    {
        await using var sts = new FaultServer(Lent("AssumeRoleWithWebIdentity", "ONE", 1), Lent("AssumeRoleWithWebIdentity", "TWO", 2));
        files["/var/token"] = "eyJ.first-token\n";
        var auth = Auth($"AWS_ENDPOINT_URL_STS={sts.Address}", "AWS_WEB_IDENTITY_TOKEN_FILE=/var/token", $"AWS_ROLE_ARN={Arn}", "AWS_ROLE_SESSION_NAME=pod-7");

        var headers = await AuthLab.HeadersAsync(auth);

        Assert.Contains("Credential=ASIAONE/20260101/eu-west-1/bedrock/", headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("session/ONE+==", headers["X-Amz-Security-Token"]);
        var asked = Assert.Single(sts.Requests);
        Assert.Equal(("POST", "/"), (asked.Method, asked.Path));
        Assert.False(asked.Headers.ContainsKey("Authorization"));
        Assert.Equal(
            new() { ["Action"] = "AssumeRoleWithWebIdentity", ["Version"] = "2011-06-15", ["RoleArn"] = Arn, ["RoleSessionName"] = "pod-7", ["WebIdentityToken"] = "eyJ.first-token" },
            AuthLab.Form(asked.Body));

        files["/var/token"] = "eyJ.second-token";
        time.Advance(TimeSpan.FromHours(1));
        Assert.Contains("Credential=ASIATWO/", (await AuthLab.HeadersAsync(auth))["Authorization"], StringComparison.Ordinal);
        Assert.Equal("eyJ.second-token", AuthLab.Form(sts.Requests[1].Body)["WebIdentityToken"]);
        Assert.Equal("[token] [key] [token]", auth.WithoutSecrets("eyJ.second-token secret/TWO+ session/ONE+=="));
    }

    [Fact]
    public async Task A_refusal_of_STS_is_told_with_code_words_and_remedy_and_without_the_token()
    {
        await using var sts = new FaultServer(FaultReply.Error(
            400,
            """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ExpiredTokenException</Code><Message>Token eyJ.first-token expired: current date/time &gt; expiry</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"""));
        files["/var/token"] = "eyJ.first-token";

        var failure = await AuthLab.FailureAsync(Auth($"AWS_ENDPOINT_URL_STS={sts.Address}", "AWS_WEB_IDENTITY_TOKEN_FILE=/var/token", $"AWS_ROLE_ARN={Arn}"), "eyJ.first");

        Assert.Equal((UpstreamFailureKind.AuthenticationFailed, "ExpiredTokenException"), (failure.Kind, failure.Code));
        Assert.Equal(
            $"AWS STS answered with 400. ExpiredTokenException: Token [token] expired: current date/time > expiry Check that {Arn} exists and trusts the token of AWS_WEB_IDENTITY_TOKEN_FILE.",
            failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Welcome</body></html>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>")]
    [InlineData("{}")]
    public async Task An_answer_that_is_none_is_a_failure(string body)
    {
        await using var sts = new FaultServer(new FaultReply { ContentType = "text/xml", Pieces = [body] });
        files["/var/token"] = "eyJ";

        var failure = await AuthLab.FailureAsync(Auth($"AWS_ENDPOINT_URL_STS={sts.Address}", "AWS_WEB_IDENTITY_TOKEN_FILE=/var/token", $"AWS_ROLE_ARN={Arn}"));

        Assert.Equal(UpstreamFailureKind.ProtocolError, failure.Kind);
    }

    [Fact]
    public async Task A_profile_assumes_its_role_with_the_key_of_another_profile()
    {
        await using var sts = new FaultServer(Lent("AssumeRole", "ONE", 1));
        files["/home/me/.aws/config"] = $"[profile work]\nrole_arn = {Arn}\nsource_profile = base\nexternal_id = deal-9\nduration_seconds = 900\nrole_session_name = me\n";
        files["/home/me/.aws/credentials"] = "[base]\naws_access_key_id = AKBASE\naws_secret_access_key = base-secret\n";

        var auth = Auth($"AWS_ENDPOINT_URL_STS={sts.Address}", "AWS_PROFILE=work");

        Assert.Contains("Credential=ASIAONE/20260101/eu-west-1/bedrock/", (await AuthLab.HeadersAsync(auth))["Authorization"], StringComparison.Ordinal);
        var asked = Assert.Single(sts.Requests);
        Assert.Contains("Credential=AKBASE/20260101/eu-west-1/sts/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,", asked.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked.Body))), asked.Headers["X-Amz-Content-Sha256"]);
        Assert.Equal(
            new() { ["Action"] = "AssumeRole", ["Version"] = "2011-06-15", ["RoleArn"] = Arn, ["RoleSessionName"] = "me", ["ExternalId"] = "deal-9", ["DurationSeconds"] = "900" },
            AuthLab.Form(asked.Body));
        Assert.Equal("[key] [key]", auth.WithoutSecrets("base-secret secret/ONE+"));
    }

    [Fact]
    public async Task A_role_may_be_lent_to_a_role_and_to_the_key_beside_it()
    {
        await using var sts = new FaultServer(Lent("AssumeRole", "ONE", 1), Lent("AssumeRole", "TWO", 1));
        files["/home/me/.aws/config"] = $"[default]\nrole_arn = {Arn}2\nsource_profile = middle\n[profile middle]\nrole_arn = {Arn}1\nsource_profile = middle\naws_access_key_id = AKMIDDLE\naws_secret_access_key = s\n";

        Assert.Contains("Credential=ASIATWO/", (await AuthLab.HeadersAsync(Auth($"AWS_ENDPOINT_URL={sts.Address}")))["Authorization"], StringComparison.Ordinal);

        Assert.Contains("Credential=AKMIDDLE/", sts.Requests[0].Headers["Authorization"], StringComparison.Ordinal);
        Assert.Contains("Credential=ASIAONE/", sts.Requests[1].Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("session/ONE+==", sts.Requests[1].Headers["X-Amz-Security-Token"]);
    }

    [Fact]
    public async Task A_sign_in_is_shown_to_the_portal()
    {
        await using var portal = new FaultServer(RoleCredentials("ONE"));
        SignIn("my-sso", "2026-01-01T08:00:00Z");

        var headers = await AuthLab.HeadersAsync(Auth($"AWS_ENDPOINT_URL_SSO={portal.Address}", "AWS_PROFILE=sso"));

        Assert.Contains("Credential=ASIAONE/", headers["Authorization"], StringComparison.Ordinal);
        var asked = Assert.Single(portal.Requests);
        Assert.Equal(("GET", "/federation/credentials?role_name=Reader%20Role&account_id=123456789012", "access-token-1"), (asked.Method, asked.Path, asked.Headers["x-amz-sso_bearer_token"]));
    }

    [Fact]
    public async Task A_sign_in_of_the_profile_itself_is_found_by_its_address()
    {
        await using var portal = new FaultServer(RoleCredentials("ONE"));
        SignIn("https://old.awsapps.com/start", "2026-01-01T08:00:00UTC", more: "");

        Assert.Contains("Credential=ASIAONE/", (await AuthLab.HeadersAsync(Auth($"AWS_ENDPOINT_URL_SSO={portal.Address}", "AWS_PROFILE=legacy")))["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_that_ends_is_made_longer_and_left_for_other_programs()
    {
        await using var portal = new FaultServer(RoleCredentials("ONE"));
        await using var oidc = new FaultServer(FaultReply.Json("""{"accessToken":"access-token-2","expiresIn":28800,"refreshToken":"refresh-token-2","tokenType":"Bearer"}"""));
        var file = SignIn("my-sso", "2026-01-01T00:04:00Z");

        await AuthLab.HeadersAsync(Auth($"AWS_ENDPOINT_URL_SSO={portal.Address}", $"AWS_ENDPOINT_URL_SSO_OIDC={oidc.Address}", "AWS_PROFILE=sso"));

        Assert.Equal("access-token-2", Assert.Single(portal.Requests).Headers["x-amz-sso_bearer_token"]);
        var asked = Assert.Single(oidc.Requests);
        Assert.Equal(("POST", "/token", "application/json"), (asked.Method, asked.Path, asked.Headers["Content-Type"]));
        Assert.Equal("""{"clientId":"client-1","clientSecret":"client-secret-1","grantType":"refresh_token","refreshToken":"refresh-token-1"}""", asked.Body);
        var left = JsonSerializer.Deserialize<Dictionary<string, string>>(files[file])!;
        Assert.Equal(("access-token-2", "refresh-token-2", "2026-01-01T08:00:00Z", "client-1"), (left["accessToken"], left["refreshToken"], left["expiresAt"], left["clientId"]));
    }

    [Fact]
    public async Task A_sign_in_that_cannot_be_made_longer_is_used_to_its_end()
    {
        await using var portal = new FaultServer(RoleCredentials("ONE"));
        await using var oidc = new FaultServer(FaultReply.Error(400, """{"error":"invalid_grant","error_description":"refresh-token-1 is gone"}"""));
        SignIn("my-sso", "2026-01-01T00:04:00Z");

        await AuthLab.HeadersAsync(Auth($"AWS_ENDPOINT_URL_SSO={portal.Address}", $"AWS_ENDPOINT_URL_SSO_OIDC={oidc.Address}", "AWS_PROFILE=sso"));

        Assert.Equal("access-token-1", Assert.Single(portal.Requests).Headers["x-amz-sso_bearer_token"]);
    }

    [Theory]
    [InlineData("2025-12-31T23:00:00Z", "", "The sign-in to AWS IAM Identity Center has ended. Sign in again with 'aws sso login --profile sso'.")]
    [InlineData("2025-12-31T23:00:00Z", Refreshable, "AWS IAM Identity Center answered with 400. invalid_grant: [token] is gone Sign in again with 'aws sso login --profile sso'.")]
    [InlineData("soon", "", "There is no sign-in to AWS IAM Identity Center. Sign in again with 'aws sso login --profile sso'.")]
    public async Task A_sign_in_that_has_ended_says_how_to_sign_in(string expires, string more, string message)
    {
        await using var oidc = new FaultServer(FaultReply.Error(400, """{"error":"invalid_grant","error_description":"refresh-token-1 is gone"}"""));
        SignIn("my-sso", expires, more);

        var failure = await AuthLab.FailureAsync(Auth($"AWS_ENDPOINT_URL_SSO_OIDC={oidc.Address}", "AWS_PROFILE=sso"), "access-token-1", "refresh-token-1", "client-secret-1");

        Assert.Equal(UpstreamFailureKind.AuthenticationFailed, failure.Kind);
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_prints_a_key()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is written for a shell of Unix.");
        files["/home/me/.aws/config"] = """
            [default]
            credential_process = printf '%s' '{"Version":1,"AccessKeyId":"ASIAPROGRAM","SecretAccessKey":"program-secret","SessionToken":"program-token","Expiration":"2026-01-01T01:00:00Z"}'
            """;
        var auth = Auth();

        var headers = await AuthLab.HeadersAsync(auth);

        Assert.Contains("Credential=ASIAPROGRAM/", headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("program-token", headers["X-Amz-Security-Token"]);
        Assert.DoesNotContain("printf", auth.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo my-password >&2; exit 3", "The credential_process of profile default ended with code 3. Run it by hand to see why.")]
    [InlineData("echo hello my-password", "The credential_process of profile default answered with something that is not a JSON object.")]
    [InlineData("head -c 300000 /dev/zero", "The credential_process of profile default printed more than 256 KB.")]
    public async Task A_program_that_prints_none_says_so_and_nothing_of_what_it_said(string command, string message)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is written for a shell of Unix.");
        files["/home/me/.aws/config"] = $"[default]\ncredential_process = {command}\n";

        Assert.Equal(message, (await AuthLab.FailureAsync(Auth(), "my-password")).Message);
    }

    private const string Refreshable = ""","refreshToken":"refresh-token-1","clientId":"client-1","clientSecret":"client-secret-1","registrationExpiresAt":"2026-03-01T00:00:00Z" """;

    private string SignIn(string key, string expires, string more = Refreshable)
    {
        files["/home/me/.aws/config"] = """
            [profile sso]
            sso_session = my-sso
            sso_account_id = 123456789012
            sso_role_name = Reader Role
            [sso-session my-sso]
            sso_start_url = https://new.awsapps.com/start
            sso_region = eu-central-1
            [profile legacy]
            sso_start_url = https://old.awsapps.com/start
            sso_region = eu-central-1
            sso_account_id = 123456789012
            sso_role_name = Reader
            """;
#pragma warning disable CA5350
        var file = $"/home/me/.aws/sso/cache/{Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(key)))}.json";
#pragma warning restore CA5350
        files[file] = $$"""{"startUrl":"https://new.awsapps.com/start","region":"eu-central-1","accessToken":"access-token-1","expiresAt":"{{expires}}"{{more}}}""";
        return file;
    }

    private AwsSigV4Auth Auth(params string[] variables)
    {
        var found = new CloudCredentials(Given.Environment([.. variables, "HOME=/home/me"]), path => files.GetValueOrDefault(path), (path, text) => files[path] = text).Aws("eu-west-1");
        Assert.Null(found.Problem);
        return new(found.Options!, http.SendAsync, time);
    }

    private static FaultReply Lent(string action, string name, int hours) => new()
    {
        ContentType = "text/xml",
        Pieces =
        [
            $"""
            <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <{action}Result>
                <AssumedRoleUser><Arn>{Arn}/x</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>
                <Credentials>
                  <AccessKeyId>ASIA{name}</AccessKeyId>
                  <SecretAccessKey>secret/{name}+</SecretAccessKey>
                  <SessionToken>session/{name}+==</SessionToken>
                  <Expiration>2026-01-01T0{hours}:00:00Z</Expiration>
                </Credentials>
                <PackedPolicySize>6</PackedPolicySize>
              </{action}Result>
              <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
            </{action}Response>
            """,
        ],
    };

    private static FaultReply RoleCredentials(string name) => FaultReply.Json(
        $$$"""{"roleCredentials":{"accessKeyId":"ASIA{{{name}}}","secretAccessKey":"secret/{{{name}}}","sessionToken":"session-{{{name}}}","expiration":1767229200000}}""");
}
