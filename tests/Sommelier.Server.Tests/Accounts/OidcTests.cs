using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>Tokens of an OpenID Connect issuer open <c>/admin</c> by their role, and forged ones do not.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private LocalIssuer issuer = null!;
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await LocalIssuer.StartAsync();
        gateway = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_role_opens_what_it_should_and_the_audit_log_names_the_subject()
    {
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(issuer.Token(), HttpMethod.Post, "organisations", """{"name":"o"}"""));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(issuer.Token(("role", "sommeliers")), HttpMethod.Post, "keys", """{"name":"k"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(issuer.Token(("role", "sommeliers")), HttpMethod.Post, "keys", """{"name":"k","role":"viewer"}"""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Token(("role", new[] { "guests", "waiters" })), HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(issuer.Token(("role", "waiters")), HttpMethod.Post, "organisations", """{"name":"x"}"""));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(issuer.Token(("role", new[] { "waiters", "cellar-master" })), HttpMethod.Post, "organisations", """{"name":"p"}"""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.EcToken(), HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Token(("aud", new[] { "other", "sommelier" })), HttpMethod.Get, "keys"));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(issuer.Token(("role", "guests")), HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Forge("expired"), HttpMethod.Get, "keys"));

        using var audit = await Ask.SendAsync(gateway, HttpMethod.Get, "/admin/audit", headers: ("Authorization", $"Bearer {issuer.Token()}"));
        var acts = (await Lab.JsonAsync(audit)).GetProperty("data").EnumerateArray().Select(act => $"{act.GetProperty("actor").GetString()} {act.GetProperty("action").GetString()}");
        Assert.Equal(
            ["unknown key.read.refused", "oidc:anna key.read.refused", "oidc:anna organisation.create", "oidc:anna organisation.create.refused", "oidc:anna key.create.refused", "oidc:anna key.create", "oidc:anna organisation.create"],
            acts);
        Assert.Equal(1, issuer.Asked);
    }

    public static TheoryData<string, HttpStatusCode, string> Wrong => new()
    {
        { "another key", HttpStatusCode.Unauthorized, "not signed" },
        { "changed claims", HttpStatusCode.Unauthorized, "not signed" },
        { "no signature", HttpStatusCode.Unauthorized, "not signed" },
        { "alg none", HttpStatusCode.Unauthorized, "not signed" },
        { "alg None with a signature", HttpStatusCode.Unauthorized, "not signed" },
        { "HS256 with the public key in PEM", HttpStatusCode.Unauthorized, "not signed" },
        { "HS256 with the modulus", HttpStatusCode.Unauthorized, "not signed" },
        { "HS256 with a secret that was published", HttpStatusCode.Unauthorized, "not signed" },
        { "RS512", HttpStatusCode.Unauthorized, "not signed" },
        { "PS256", HttpStatusCode.Unauthorized, "not signed" },
        { "ES256 said, RS256 made", HttpStatusCode.Unauthorized, "not signed" },
        { "another audience", HttpStatusCode.Unauthorized, "audience" },
        { "no audience", HttpStatusCode.Unauthorized, "audience" },
        { "another issuer", HttpStatusCode.Unauthorized, "issuer" },
        { "expired", HttpStatusCode.Unauthorized, "expired" },
        { "no end", HttpStatusCode.Unauthorized, "no end" },
        { "not yet", HttpStatusCode.Unauthorized, "not valid yet" },
        { "no subject", HttpStatusCode.Unauthorized, "subject" },
        { "critical header", HttpStatusCode.Unauthorized, "critical" },
        { "garbage", HttpStatusCode.Unauthorized, "not signed" },
        { "unknown role", HttpStatusCode.Forbidden, "server.admin.oidc.roles" },
        { "no role", HttpStatusCode.Forbidden, "server.admin.oidc.roles" },
        { "role of another kind", HttpStatusCode.Forbidden, "server.admin.oidc.roles" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_token_that_is_wrong_opens_nothing(string what, HttpStatusCode status, string why)
    {
        var token = Forge(what);
        using var reply = await Ask.SendAsync(gateway, HttpMethod.Get, "/admin/keys", headers: ("Authorization", $"Bearer {token}"));
        Assert.Equal(status, reply.StatusCode);
        var message = (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("message").GetString()!;
        Assert.Contains(why, message, StringComparison.Ordinal);
        await gateway.DisposeAsync();
        Assert.All(token.Split('.').Where(part => part.Length > 20), part => Assert.DoesNotContain(part, message + gateway.Log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changed_keys_are_noticed_and_the_old_ones_are_worth_nothing()
    {
        var old = issuer.Token();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(old, HttpMethod.Get, "keys"));
        issuer.Rotate();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Token(), HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old, HttpMethod.Get, "keys"));

        // However many wrong tokens come, the issuer is not asked for each.
        for (var at = 0; at < 5; at++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Forge("another key"), HttpMethod.Get, "keys"));
        }

        Assert.Equal(2, issuer.Asked);
    }

    [Fact]
    public async Task An_issuer_that_is_down_or_another_is_said_to_be()
    {
        issuer.Down = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(issuer.Token(), HttpMethod.Get, "keys"));
        issuer.Down = false;
        issuer.Name = "https://mallory.example";
        await using var other = await StartAsync();
        using var reply = await Ask.SendAsync(other, HttpMethod.Get, "/admin/keys", headers: ("Authorization", $"Bearer {issuer.Token()}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        Assert.Contains("another name", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claims_inside_claims_and_claims_named_like_addresses_hold_roles_too()
    {
        await using var nested = await StartAsync("realm_access.roles");
        await using var named = await StartAsync("https://cellar.example/roles");
        (string, object?)[] claims =
        [
            ("realm_access", new Dictionary<string, object> { ["roles"] = new[] { "waiters" } }), ("https://cellar.example/roles", "waiters"), ("role", null),
        ];
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Token(claims), HttpMethod.Get, "keys", on: nested));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(issuer.Token(claims), HttpMethod.Get, "keys", on: named));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(issuer.Token(("realm_access", "waiters"), ("role", null)), HttpMethod.Get, "keys", on: nested));
    }

    [Fact]
    public async Task Keys_open_what_they_did_and_a_token_calls_no_model()
    {
        var (_, key) = await gateway.Gateway.Accounts.CreateKeyAsync(made => made with { Name = "k", Role = Sommelier.Accounts.KeyRole.Admin }, "test", default);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(key, HttpMethod.Get, "keys"));
        await gateway.Gateway.Accounts.CreateKeyAsync(made => made with { Name = "c" }, "test", default);
        using var reply = await Ask.ChatAsync(gateway, "openai", headers: ("Authorization", $"Bearer {issuer.Token()}"));
        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
    }

    private string Forge(string what)
    {
        using var other = RSA.Create(2048);
        byte[] Hmac(byte[] key, byte[] bytes) => HMACSHA256.HashData(key, bytes);
        var good = issuer.Token().Split('.');
        return what switch
        {
            "another key" => LocalIssuer.Sign("RS256", issuer.Kid, issuer.Claims(), bytes => other.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            "changed claims" => $"{good[0]}.{System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(issuer.Claims(("sub", "mallory"))))}.{good[2]}",
            "no signature" => $"{good[0]}.{good[1]}.",
            "alg none" => LocalIssuer.Sign("none", null, issuer.Claims(), _ => []),
            "alg None with a signature" => LocalIssuer.Sign("None", issuer.Kid, issuer.Claims(), issuer.Rs256),
            "HS256 with the public key in PEM" => LocalIssuer.Sign("HS256", issuer.Kid, issuer.Claims(), bytes => Hmac(Encoding.ASCII.GetBytes(issuer.Rsa.ExportSubjectPublicKeyInfoPem()), bytes)),
            "HS256 with the modulus" => LocalIssuer.Sign("HS256", issuer.Kid, issuer.Claims(), bytes => Hmac(issuer.Rsa.ExportParameters(false).Modulus!, bytes)),
            "HS256 with a secret that was published" => LocalIssuer.Sign("HS256", "shared", issuer.Claims(), bytes => Hmac(LocalIssuer.SharedKey, bytes)),
            "RS512" => LocalIssuer.Sign("RS512", issuer.Kid, issuer.Claims(), bytes => issuer.Rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)),
            "PS256" => LocalIssuer.Sign("PS256", issuer.Kid, issuer.Claims(), bytes => issuer.Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            "ES256 said, RS256 made" => LocalIssuer.Sign("ES256", issuer.Kid, issuer.Claims(), issuer.Rs256),
            "another audience" => issuer.Token(("aud", "other")),
            "no audience" => issuer.Token(("aud", null)),
            "another issuer" => issuer.Token(("iss", "https://mallory.example")),
            "expired" => issuer.Token(("exp", LocalIssuer.Seconds(-120))),
            "no end" => issuer.Token(("exp", null)),
            "not yet" => issuer.Token(("nbf", LocalIssuer.Seconds(120))),
            "no subject" => issuer.Token(("sub", null)),
            "critical header" => LocalIssuer.Sign("RS256", issuer.Kid, issuer.Claims(), issuer.Rs256, ",\"crit\":[\"b64\"],\"b64\":true"),
            "garbage" => "a.b.c",
            "unknown role" => issuer.Token(("role", "guests")),
            "no role" => issuer.Token(("role", null)),
            "role of another kind" => issuer.Token(("role", 7)),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "Not a forgery."),
        };
    }

    private Task<RunningGateway> StartAsync(string claim = "role") => RunningGateway.StartAsync(
        $$"""
        discover: false
        server:
          admin:
            oidc:
              authority: "{{issuer.Url}}"
              audience: sommelier
              role_claim: "{{claim}}"
              roles: { admin: cellar-master, editor: [sommeliers], viewer: [waiters] }
        """);

    private async Task<HttpStatusCode> StatusAsync(string token, HttpMethod method, string path, string? body = null, RunningGateway? on = null)
    {
        using var reply = await Ask.SendAsync(on ?? gateway, method, $"/admin/{path}", body, ("Authorization", $"Bearer {token}"));
        return reply.StatusCode;
    }
}
