using Sommelier.Canonical;

namespace Sommelier.Server.Edge;

/// <summary>
/// A request that states its length in two ways may be two requests to a proxy before us and one to us, or the other way
/// round (request smuggling, RFC 9112 section 6.3). The server would go by the chunks; it is refused instead.
/// </summary>
internal static class RequestFraming
{
    // Where Kestrel puts the length that it does not go by.
    private const string IgnoredLength = "X-Content-Length";

    /// <summary>Says what is wrong with how the body's length is stated, or null.</summary>
    public static GatewayError? Problem(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey(IgnoredLength)
            ? new(GatewayErrorKind.InvalidRequest, "The request states its length twice, by content-length and by transfer-encoding. Send one of them.", StatusCodes.Status400BadRequest, "transfer-encoding")
            : null;
}
