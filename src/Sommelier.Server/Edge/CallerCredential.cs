using Microsoft.Extensions.Primitives;

namespace Sommelier.Server.Edge;

/// <summary>Where callers of each dialect put their key.</summary>
internal static class CallerCredential
{
    /// <summary>The key that a request shows, or null. Each vendor's client has its own place for it.</summary>
    public static string? Read(HttpRequest request)
    {
        var headers = request.Headers;
        var authorization = headers.Authorization;
        if (authorization.Count == 1 && authorization[0] is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return value[7..].Trim();
        }

        return First(headers["x-api-key"]) ?? First(headers["api-key"]) ?? First(headers["x-goog-api-key"])
            ?? (request.QueryString.HasValue ? First(request.Query["key"]) : null);
    }

    private static string? First(StringValues values) => values.Count > 0 && !string.IsNullOrWhiteSpace(values[0]) ? values[0]!.Trim() : null;
}
