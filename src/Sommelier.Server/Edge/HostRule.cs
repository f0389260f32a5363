using System.Net;
using Sommelier.Canonical;

namespace Sommelier.Server.Edge;

/// <summary>
/// Without caller keys the gateway serves this machine only, and only under a loopback name: a web page that points its
/// own name at 127.0.0.1 (DNS rebinding) must not be able to spend the keys of the person who looks at it.
/// </summary>
internal static class HostRule
{
    /// <summary>Says what is wrong with the request's host or origin, or null.</summary>
    public static GatewayError? Problem(HttpRequest request)
    {
        if (request.HttpContext.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
        {
            return Refuse("A gateway without keys serves its own machine only. Set server.keys to serve others.");
        }

        if (!IsLoopbackName(request.Host.Host))
        {
            return Refuse($"The host name '{Shorten(request.Host.Host)}' is not this machine's loopback name. Use http://127.0.0.1, or set server.keys to serve other names.");
        }

        var origin = request.Headers.Origin;
        if (origin.Count > 0 && !(Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var from) && IsLoopbackName(from.Host)))
        {
            return Refuse("Pages of other origins may not use a gateway without keys. Set server.keys, and server.cors for the origins that may call.");
        }

        return null;
    }

    /// <summary>Whether a URL to listen on stays on this machine.</summary>
    public static bool IsLoopbackUrl(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && IsLoopbackName(parsed.Host);

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static GatewayError Refuse(string message) => new(GatewayErrorKind.Forbidden, message, StatusCodes.Status403Forbidden, "host");

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
