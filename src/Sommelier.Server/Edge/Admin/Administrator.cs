using Sommelier.Accounts;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge.Admin;

/// <summary>Who calls <c>/admin</c>.</summary>
/// <param name="Id">What the audit log calls them.</param>
/// <param name="Role">What they may do.</param>
internal sealed record Administrator(string Id, KeyRole Role)
{
    /// <summary>The administrator of a shown key, or of a token of the issuer that is configured.</summary>
    /// <exception cref="GatewayException">It is none; a caller's key opens nothing here.</exception>
    public static async ValueTask<Administrator> AuthenticateAsync(GatewayHost gateway, OidcIssuer? issuer, string? shown, CancellationToken cancellationToken) =>
        issuer is not null && OidcIssuer.IsToken(shown) ? await issuer.AuthenticateAsync(shown, cancellationToken) : OfKey(gateway, shown);

    /// <summary>Why somebody does not open <c>/admin</c>.</summary>
    public static NotAdministratorException Refused(GatewayErrorKind kind, int status, string message, string reason, string? actor = null) =>
        new(new(kind, message, status, Code: "admin_only"), reason, actor);

    private static Administrator OfKey(GatewayHost gateway, string? shown)
    {
        if (string.IsNullOrEmpty(shown))
        {
            throw Refused(GatewayErrorKind.Unauthenticated, StatusCodes.Status401Unauthorized, "No admin key was shown. Send it as 'Authorization: Bearer KEY'; the first start printed it.", "no_key");
        }

        var known = gateway.Accounts.Directory.FindKey(shown);
        if (known is not { Closed: null } || known.Key.ExpiresAt <= gateway.Now)
        {
            throw Refused(
                GatewayErrorKind.Unauthenticated,
                StatusCodes.Status401Unauthorized,
                "The admin key is not known here, was revoked or has expired. 'sommelier key create --role admin' makes a new one.",
                known is null ? "unknown_key" : known.Closed is null ? "expired_key" : "revoked_key",
                known?.Key.Id);
        }

        return known.Key.Role != KeyRole.Caller
            ? new(known.Key.Id, known.Key.Role)
            : throw Refused(
                GatewayErrorKind.Forbidden, StatusCodes.Status403Forbidden, "A caller's key does not open /admin. Use a key with the role viewer, editor or admin.", "callers_key", known.Key.Id);
    }

    /// <summary>Refuses what the role does not allow.</summary>
    /// <exception cref="GatewayException">The role is too small.</exception>
    public void Require(KeyRole least)
    {
        if (Role < least)
        {
            throw Refused(
                GatewayErrorKind.Forbidden,
                StatusCodes.Status403Forbidden,
                $"This needs the role {EnumNames<KeyRole>.Of(least)}; you have {EnumNames<KeyRole>.Of(Role)}.",
                "role_too_small",
                Id);
        }
    }
}

