using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>An OpenID Connect issuer on a free port of this machine, with keys of its own, that signs whatever it is told to.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    private readonly WebApplication application;
    private int number;

    private LocalIssuer(WebApplication application) => this.application = application;

    /// <summary>Where it is, without a slash at the end: its name.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Its RSA key.</summary>
    public RSA Rsa { get; private set; } = RSA.Create(2048);

    /// <summary>Its key on P-256.</summary>
    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The id of the RSA key.</summary>
    public string Kid => $"rsa-{number}";

    /// <summary>How often its keys were asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>What it calls itself, where that is not its address.</summary>
    public string? Name { get; set; }

    /// <summary>Whether it answers.</summary>
    public bool Down { get; set; }

    /// <summary>Starts one.</summary>
    public static async Task<LocalIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var issuer = new LocalIssuer(builder.Build());
        issuer.application.Run(issuer.ServeAsync);
        await issuer.application.StartAsync();
        issuer.Url = issuer.application.Urls.Single();
        return issuer;
    }

    /// <summary>Signs with another RSA key from now on, and forgets the one before.</summary>
    public void Rotate()
    {
        Rsa = RSA.Create(2048);
        number++;
    }

    /// <summary>A token's claims: of an admin for <c>sommelier</c> for the next five minutes, with some changed; null takes one away.</summary>
    public Dictionary<string, object?> Claims(params (string Name, object? Value)[] changed)
    {
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Url, ["aud"] = "sommelier", ["sub"] = "anna", ["role"] = "cellar-master", ["exp"] = Seconds(300), ["iat"] = Seconds(0),
        };
        foreach (var (name, value) in changed)
        {
            claims[name] = value;
        }

        return claims.Where(claim => claim.Value is not null).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>So many seconds from now, as tokens tell time.</summary>
    public static long Seconds(int fromNow) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + fromNow;

    /// <summary>A token that its RSA key signs.</summary>
    public string Token(params (string Name, object? Value)[] changed) => Sign("RS256", Kid, Claims(changed), Rs256);

    /// <summary>A token that its key on P-256 signs.</summary>
    public string EcToken() => Sign("ES256", "ec", Claims(), bytes => Ec.SignData(bytes, HashAlgorithmName.SHA256));

    /// <summary>Signs with RS256.</summary>
    public byte[] Rs256(byte[] bytes) => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>A token of any make.</summary>
    public static string Sign(string algorithm, string? kid, Dictionary<string, object?> claims, Func<byte[], byte[]> sign, string more = "")
    {
        var head = $$"""{"alg":"{{algorithm}}","typ":"JWT"{{(kid is null ? "" : $",\"kid\":\"{kid}\"")}}{{more}}}""";
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(head))}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        Rsa.Dispose();
        Ec.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (Down)
        {
            context.Response.StatusCode = 500;
            return;
        }

        var text = context.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => $$"""{"issuer":"{{Name ?? Url}}","jwks_uri":"{{Url}}/keys","response_types_supported":["code"]}""",
            "/keys" => Keys(),
            _ => "{}",
        };
        await context.Response.WriteAsync(text);
    }

    private string Keys()
    {
        Asked++;
        var rsa = Rsa.ExportParameters(false);
        var ec = Ec.ExportParameters(false);
        return $$"""
            {"keys":[
              {"kty":"RSA","use":"sig","kid":"{{Kid}}","n":"{{Base64Url.EncodeToString(rsa.Modulus)}}","e":"{{Base64Url.EncodeToString(rsa.Exponent)}}"},
              {"kty":"EC","use":"sig","kid":"ec","crv":"P-256","x":"{{Base64Url.EncodeToString(ec.Q.X)}}","y":"{{Base64Url.EncodeToString(ec.Q.Y)}}"},
              {"kty":"oct","kid":"shared","k":"{{Base64Url.EncodeToString(SharedKey)}}"}]}
            """;
    }

    /// <summary>A secret key that it publishes by mistake.</summary>
    public static byte[] SharedKey { get; } = [.. Enumerable.Range(0, 64).Select(at => (byte)at)];
}
