using System.Text;
using Microsoft.IdentityModel.Tokens;
using Sommelier.Canonical;
using Sommelier.Configuration;
using Sommelier.Upstream.Auth;
using Sommelier.Wire;

namespace Sommelier.Server.Edge.Admin;

/// <summary>What an issuer signs with, for a while.</summary>
/// <param name="Issuer">How its tokens name it.</param>
/// <param name="Keys">Its public keys for RS256 and ES256.</param>
/// <param name="Secret">What tells two sets apart: the text that they were read from. It is public.</param>
/// <param name="ExpiresAt">Until when they are believed.</param>
internal sealed record OidcKeys(string Issuer, IReadOnlyList<JsonWebKey> Keys, string Secret, DateTimeOffset? ExpiresAt) : IShortLived
{
    /// <summary>How long keys are believed: one that an issuer withdraws signs no longer than this.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private const string DiscoveryPath = ".well-known/openid-configuration";
    private const string Remedy = "Check server.admin.oidc.authority.";

    // NIST SP 800-131A: shorter ones are not to be trusted any more.
    private const int LeastRsaBits = 2048;

    /// <summary>Asks an issuer for its keys (OpenID Connect Discovery 1.0, section 4).</summary>
    /// <exception cref="UpstreamException">It cannot be asked, or what it says cannot be used.</exception>
    public static async Task<OidcKeys> FetchAsync(OidcConfig config, SendRequest send, TimeProvider time, CancellationToken cancellationToken)
    {
        var endpoint = new CredentialEndpoint(send, "The OpenID Connect issuer", Remedy, static text => text);
        var authority = config.Authority.OriginalString.TrimEnd('/');
        var about = FlatJson.Read(await endpoint.AskAsync(new(HttpMethod.Get, $"{authority}/{DiscoveryPath}"), cancellationToken))
            ?? throw Unusable($"its {DiscoveryPath} is no JSON object");
        if (about.GetValueOrDefault("issuer") is not { } issuer || !string.Equals(issuer.TrimEnd('/'), authority, StringComparison.Ordinal))
        {
            throw Unusable("it calls itself by another name than server.admin.oidc.authority");
        }

        if (!Uri.TryCreate(about.GetValueOrDefault("jwks_uri"), UriKind.Absolute, out var address) || !IsSafe(address))
        {
            throw Unusable("its jwks_uri is no https address");
        }

        var text = Encoding.UTF8.GetString(await endpoint.AskAsync(new(HttpMethod.Get, address), cancellationToken));
        return new(issuer, Read(text), text, time.GetUtcNow() + Life);
    }

    /// <summary>Whether keys may be fetched from an address: nobody on the way may change them.</summary>
    private static bool IsSafe(Uri address) => address.Scheme is "https" || (address.Scheme is "http" && HostRule.IsLoopbackUrl(address.AbsoluteUri));

    private static List<JsonWebKey> Read(string text)
    {
        JsonWebKeySet set;
        try
        {
            set = new(text);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or System.Text.Json.JsonException)
        {
            throw Unusable("its key set cannot be read");
        }

        // A secret key that is published is no secret: never is one of kind oct used.
        var keys = set.Keys.Where(static key => key.Use is null or "" or "sig" && key switch
        {
            { Kty: "RSA" } => key.KeySize >= LeastRsaBits,
            { Kty: "EC" } => key.Crv is "P-256",
            _ => false,
        }).ToList();
        return keys.Count > 0 ? keys : throw Unusable("its key set has no key for RS256 or ES256");
    }

    private static UpstreamException Unusable(string what) =>
        new(new(UpstreamFailureKind.ProtocolError, $"The OpenID Connect issuer cannot be used: {what}. {Remedy}"));
}
