using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sommelier.Accounts;
using Sommelier.Canonical;
using Sommelier.Configuration;
using Sommelier.Gateway;
using Sommelier.Upstream.Auth;
using Sommelier.Wire;

namespace Sommelier.Server.Edge.Admin;

/// <summary>Administrators who show a token of an OpenID Connect issuer instead of a key.</summary>
/// <remarks>
/// The issuer's keys are fetched with the first token and then once an hour. A token that none of them fits has them fetched
/// again, at most once a minute: issuers change keys without notice.
/// </remarks>
internal sealed class OidcIssuer : IDisposable
{
    /// <summary>How far clocks may be apart.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // OpenID Connect Core 1.0, section 2.
    private const int LongestSubject = 255;

    private readonly OidcConfig config;
    private readonly TimeProvider time;
    private readonly HttpMessageInvoker http;
    private readonly Renewed<OidcKeys> keys;
    private readonly JsonWebTokenHandler handler = new();

    /// <summary>Asks nobody yet.</summary>
    public OidcIssuer(OidcConfig config, TimeProvider time, ILogger logger)
    {
        (this.config, this.time) = (config, time);
        http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) });
        keys = new("The OpenID Connect issuer", cancel => OidcKeys.FetchAsync(config, http.SendAsync, time, cancel), time, logger) { TimeLimit = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Whether what is shown is made like a signed token: three parts with dots between them. A key of ours has none.</summary>
    public static bool IsToken([NotNullWhen(true)] string? shown) => shown is not null && shown.AsSpan().Count('.') == 2;

    /// <summary>The administrator of a token.</summary>
    /// <exception cref="GatewayException">It is not valid, opens nothing here, or the issuer cannot be asked.</exception>
    public async ValueTask<Administrator> AuthenticateAsync(string token, CancellationToken cancellationToken)
    {
        JsonElement claims;
        try
        {
            claims = Claims(await ValidAsync(token, cancellationToken));
        }
        catch (UpstreamException unknown)
        {
            throw Administrator.Refused(GatewayErrorKind.UpstreamUnavailable, StatusCodes.Status503ServiceUnavailable, unknown.Failure.Message, "issuer_unavailable");
        }

        if (OidcClaims.Text(claims, "sub") is not { Length: > 0 and <= LongestSubject } subject)
        {
            throw Invalid("It names no subject.");
        }

        KeyRole? role = null;
        foreach (var value in OidcClaims.Values(claims, config.RoleClaim))
        {
            if (config.Roles.TryGetValue(value, out var opens) && !(opens < role))
            {
                role = opens;
            }
        }

        return role is { } found
            ? new($"oidc:{subject}", found)
            : throw Administrator.Refused(GatewayErrorKind.Forbidden, StatusCodes.Status403Forbidden, $"No value of the token's claim '{config.RoleClaim}' is among server.admin.oidc.roles.", "no_role", $"oidc:{subject}");
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async ValueTask<JsonWebToken> ValidAsync(string token, CancellationToken cancellationToken)
    {
        var known = await keys.GetAsync(cancellationToken);
        var result = await CheckAsync(token, known);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException && await keys.ReplaceAsync(known, cancellationToken))
        {
            result = await CheckAsync(token, await keys.GetAsync(cancellationToken));
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken { } valid } ? valid : throw Invalid(result.Exception switch
        {
            SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "It has expired, is not valid yet, or has no end.",
            SecurityTokenInvalidAudienceException => "It was made for another audience than server.admin.oidc.audience.",
            SecurityTokenInvalidIssuerException => "Another issuer than server.admin.oidc.authority made it.",
            _ => "It is not signed by the issuer with RS256 or ES256.",
        });
    }

    private Task<TokenValidationResult> CheckAsync(string token, OidcKeys known) => handler.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
        ValidIssuer = known.Issuer,
        ValidAudience = config.Audience,
        IssuerSigningKeys = known.Keys,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = IsNow,
    });

    private bool IsNow(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters rules)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return until is { } end && now - ClockSkew < end && !(now + ClockSkew < from);
    }

    private static JsonElement Claims(JsonWebToken token)
    {
        // RFC 7515, section 4.1.11: what an issuer calls critical must be understood, and none of it is.
        return token.TryGetHeaderValue<object>("crit", out _)
            ? throw Invalid("It has critical headers, which are not understood here.")
            : JsonElement.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
    }

    private static NotAdministratorException Invalid(string why) =>
        Administrator.Refused(GatewayErrorKind.Unauthenticated, StatusCodes.Status401Unauthorized, $"The token does not open /admin. {why}", "bad_token");
}
