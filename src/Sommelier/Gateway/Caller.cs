using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>Who calls.</summary>
/// <param name="Id">What stands for the caller's key in the ledger; never the key.</param>
internal sealed record Caller(string Id)
{
    /// <summary>Whoever uses a gateway without keys: somebody on this machine.</summary>
    public static Caller Local { get; } = new("local");

    /// <summary>Step (1): the caller of a shown key.</summary>
    /// <exception cref="GatewayException">Keys are set, and this is none of them.</exception>
    public static Caller Authenticate(CallerKeys keys, string? shown)
    {
        if (keys.IsEmpty)
        {
            return Local;
        }

        if (string.IsNullOrEmpty(shown))
        {
            throw Refused("No key was shown. Send one of server.keys as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.");
        }

        return keys.Find(shown) is { } id
            ? new(id)
            : throw Refused("The key is not known here. Send one of server.keys as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.");
    }

    private static GatewayException Refused(string message) =>
        new(new(GatewayErrorKind.Unauthenticated, message, 401, Code: "invalid_api_key"));
}
