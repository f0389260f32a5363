using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Upstream.Auth;

namespace Sommelier.Tests.Upstream.Auth;

public sealed class EntraAuthTests : IDisposable
{
    private readonly UpstreamHttp http = AuthLab.Http();
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task An_application_shows_its_secret()
    {
        await using var server = new FaultServer(FaultReply.Json("""{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"eyJ.app.token"}"""));

        Assert.Equal("Bearer eyJ.app.token", (await AuthLab.HeadersAsync(Auth(Application(server.Address))))["Authorization"]);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/contoso.example/oauth2/v2.0/token"), (request.Method, request.Path));
        Assert.Equal(
            new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "app-1", ["scope"] = "https://ai.azure.com/.default", ["client_secret"] = "s3cr~t/value" },
            AuthLab.Form(request.Body));
    }

    [Fact]
    public async Task An_application_shows_the_statement_of_somebody_it_trusts_as_it_is_now()
    {
        await using var server = new FaultServer(FaultReply.Json("""{"expires_in":600,"access_token":"one"}"""), FaultReply.Json("""{"expires_in":600,"access_token":"two"}"""));
        var statements = new Queue<string>(["eyJ.k8s.one\n", "eyJ.k8s.two\n"]);
        var auth = Auth(Application(server.Address) with { ClientSecret = null, ClientAssertion = statements.Dequeue });

        await AuthLab.HeadersAsync(auth);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Bearer two", (await AuthLab.HeadersAsync(auth))["Authorization"]);

        var forms = server.Requests.Select(request => AuthLab.Form(request.Body)).ToArray();
        Assert.Equal(["eyJ.k8s.one", "eyJ.k8s.two"], forms.Select(form => form["client_assertion"]));
        Assert.All(forms, form => Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]));
        Assert.All(forms, form => Assert.False(form.ContainsKey("client_secret")));
        Assert.Equal("[token]", auth.WithoutSecrets("eyJ.k8s.two"));
    }

    [Fact]
    public async Task A_machine_asks_its_metadata_service_and_reads_numbers_that_are_texts()
    {
        await using var server = new FaultServer(FaultReply.Json("""{"access_token":"vm","client_id":"x","expires_in":"600","expires_on":"1767226200","resource":"https://ai.azure.com","token_type":"Bearer"}"""));
        var auth = Auth(new() { MetadataAddress = server.Address, ClientId = "of mine" });

        Assert.Equal("Bearer vm", (await AuthLab.HeadersAsync(auth))["Authorization"]);

        var request = Assert.Single(server.Requests);
        Assert.Equal(
            ("GET", "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fai.azure.com&client_id=of%20mine", "true"),
            (request.Method, request.Path, request.Headers["Metadata"]));
        time.Advance(TimeSpan.FromSeconds(479));
        await AuthLab.HeadersAsync(auth);
        Assert.Single(server.Requests);
        time.Advance(TimeSpan.FromSeconds(1));
        await AuthLab.HeadersAsync(auth);
        await server.RequestAsync(1);
    }

    [Fact]
    public async Task An_app_service_asks_its_endpoint()
    {
        // It says when the token ends, not how long it lives.
        await using var server = new FaultServer(FaultReply.Json("""{"access_token":"app","expires_on":"1767226200","resource":"r","token_type":"Bearer","client_id":"x"}"""));
        var auth = Auth(new() { IdentityEndpoint = new(server.Address, "msi/token"), IdentityHeader = "header-secret-1", Scope = "https://cognitiveservices.azure.com/.default" });

        Assert.Equal("Bearer app", (await AuthLab.HeadersAsync(auth))["Authorization"]);

        var request = Assert.Single(server.Requests);
        Assert.Equal(
            ("GET", "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fcognitiveservices.azure.com", "header-secret-1"),
            (request.Method, request.Path, request.Headers["X-IDENTITY-HEADER"]));
        time.Advance(TimeSpan.FromSeconds(479));
        await AuthLab.HeadersAsync(auth);
        Assert.Single(server.Requests);
        Assert.Equal("[secret]", auth.WithoutSecrets("header-secret-1"));
    }

    [Fact]
    public async Task A_refusal_names_source_and_remedy_and_no_secret()
    {
        await using var server = new FaultServer(FaultReply.Error(
            401, """{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret s3cr~t/value provided.\r\nTrace ID: 1","error_codes":[7000215]}"""));

        var failure = await AuthLab.FailureAsync(Auth(Application(server.Address)), "s3cr~t");

        Assert.Equal((UpstreamFailureKind.AuthenticationFailed, "invalid_client"), (failure.Kind, failure.Code));
        Assert.Equal(
            "Microsoft Entra answered with 401. invalid_client: AADSTS7000215: Invalid client secret [secret] provided.  Trace ID: 1 Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and whether the secret has expired.",
            failure.Message);
    }

    [Fact]
    public async Task A_statement_that_cannot_be_read_asks_nobody()
    {
        await using var server = new FaultServer(FaultReply.Json("{}"));

        var failure = await AuthLab.FailureAsync(Auth(Application(server.Address) with { ClientSecret = null, ClientAssertion = () => null }));

        Assert.Equal((UpstreamFailureKind.AuthenticationFailed, "The federated token cannot be read. Check AZURE_FEDERATED_TOKEN_FILE."), (failure.Kind, failure.Message));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Options_never_print_secrets()
    {
        var printed = $"{Application(new("http://127.0.0.1:9/")) with { IdentityHeader = "header-secret" }}{new BearerToken("tok-secret", null)}{new AwsCredentials("AK", "aws-secret", "aws-token")}"
            + $"{new AwsAuthOptions { Region = "r", Credentials = new("AK", "aws-secret", "aws-token") }}{new SigV4Headers("sig-secret", "d", "h", "aws-token")}";

        Assert.DoesNotContain("secret", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("aws-token", printed, StringComparison.Ordinal);
    }

    private EntraAuth Auth(EntraAuthOptions options) => new(options, http.SendAsync, time);

    private static EntraAuthOptions Application(Uri server) =>
        new() { TenantId = "contoso.example", ClientId = "app-1", ClientSecret = "s3cr~t/value", AuthorityAddress = server };
}
