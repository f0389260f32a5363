using Sommelier.Accounts;
using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>Who calls.</summary>
/// <param name="Id">What stands for the caller's key in the ledger; never the key.</param>
/// <param name="Known">The key's account with those above it; null for a key of the configuration, which has no limits.</param>
internal sealed record Caller(string Id, KnownKey? Known = null)
{
    /// <summary>Whoever uses a gateway without keys: somebody on this machine.</summary>
    public static Caller Local { get; } = new("local");

    /// <summary>What policies may ask about the caller.</summary>
    public CallerFacts Facts => Known?.Facts ?? CallerFacts.Unknown;

    /// <summary>Step (1): the caller of a shown key.</summary>
    /// <exception cref="GatewayException">Keys are set, and this is none of them, or it may not call any more.</exception>
    public static Caller Authenticate(CallerKeys configured, AccountDirectory accounts, string? shown, DateTimeOffset now)
    {
        if (configured.IsEmpty && !accounts.HasCallers)
        {
            return Local;
        }

        if (string.IsNullOrEmpty(shown))
        {
            throw Refused("No key was shown. Send one of server.keys, or a key that 'sommelier key create' made, as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.");
        }

        if (accounts.FindKey(shown) is { } known)
        {
            return Checked(known, now);
        }

        return configured.Find(shown) is { } id
            ? new(id)
            : throw Refused("The key is not known here. Send one of server.keys, or a key that 'sommelier key create' made, as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.");
    }

    /// <summary>Refuses what the key was not made for.</summary>
    /// <param name="scope">One of <c>chat</c>, <c>embeddings</c>, <c>models</c>.</param>
    /// <exception cref="GatewayException">The key has scopes, and this is none of them.</exception>
    public void Require(string scope)
    {
        if (Known is { Key.Scopes: { Count: > 0 } scopes } && !scopes.Contains(scope, StringComparer.Ordinal))
        {
            throw new GatewayException(new(GatewayErrorKind.Forbidden, $"The key may not be used for {scope}, only for {string.Join(", ", scopes)}.", 403, Code: "scope_missing"));
        }
    }

    private static Caller Checked(KnownKey known, DateTimeOffset now)
    {
        if (known.Closed is { } closed)
        {
            throw Refused(closed.Kind == AccountKind.Key ? "The key was revoked." : $"The key's {(closed.Kind == AccountKind.Team ? "team" : "organisation")} was closed.");
        }

        if (known.Key.ExpiresAt <= now)
        {
            throw Refused("The key has expired. Ask an administrator for a new one.");
        }

        return known.Key.Role == KeyRole.Caller
            ? new(known.Key.Id, known)
            : throw new GatewayException(new(GatewayErrorKind.Forbidden, "This key opens /admin only. Make one for callers with 'sommelier key create' or POST /admin/keys.", 403, Code: "admin_key"));
    }

    private static GatewayException Refused(string message) =>
        new(new(GatewayErrorKind.Unauthenticated, message, 401, Code: "invalid_api_key"));
}
