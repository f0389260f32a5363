using Sommelier.Canonical;

namespace Sommelier.Server.Edge;

/// <summary>
/// The answer to callers that would rather speak the responses API over a WebSocket. Codex does with its built-in provider:
/// at 426 it goes on over HTTP at once, at any other status it tries seven times first (measured with 0.171.0).
/// </summary>
internal static class WebSocketRefusal
{
    /// <summary>Whether the request asks for a WebSocket.</summary>
    public static bool Wanted(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>Says that there is none.</summary>
    public static Task SendAsync(HttpContext context, string requestId)
    {
        // The status demands this header: what to speak instead.
        context.Response.Headers.Upgrade = "HTTP/1.1";
        return ErrorReplies.SendAsync(context, requestId, new(
            GatewayErrorKind.MethodNotAllowed,
            "There is no WebSocket here. POST the request to /v1/responses, streamed with \"stream\": true.",
            StatusCodes.Status426UpgradeRequired));
    }
}
