using System.Text.Json;

namespace Sommelier.Server.Edge.Admin;

/// <summary>Finds what a token says.</summary>
internal static class OidcClaims
{
    /// <summary>A claim that is a text; null when it is none.</summary>
    public static string? Text(JsonElement claims, string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The texts of a claim that is one or a list of them.</summary>
    /// <param name="claims">All claims.</param>
    /// <param name="name">The claim's name as it is (some issuers name claims like addresses), else its path with dots: <c>realm_access.roles</c>.</param>
    public static IEnumerable<string> Values(JsonElement claims, string name)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (!claims.TryGetProperty(name, out var value))
        {
            value = claims;
            foreach (var step in name.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value))
                {
                    return [];
                }
            }
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => value.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!),
            _ => [],
        };
    }
}
