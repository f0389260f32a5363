using Sommelier.Canonical;

namespace Sommelier.Server.Edge;

/// <summary>Which bodies are read at all.</summary>
internal static class ContentTypes
{
    /// <summary>
    /// Says what is wrong with a request's content headers, or null. Only JSON is read: a browser cannot send it to
    /// another origin without asking first, so no web page can spend money through a gateway on this machine. Ollama's servers look at
    /// no type, and the commands in its documentation name none; there a page is known by what its browser says of it.
    /// </summary>
    public static GatewayError? Problem(HttpRequest request)
    {
        var type = request.ContentType;
        if (type is null || !IsJson(type))
        {
            if (OllamaEndpoint.Takes(request.Path.Value ?? "") is "POST")
            {
                return IsForeignPage(request) ? Foreign : Encoded(request);
            }

            return new(
                GatewayErrorKind.UnsupportedMediaType,
                $"The content-type is {(type is null ? "missing" : $"'{Shorten(type)}'")}. Send 'content-type: application/json'.",
                StatusCodes.Status415UnsupportedMediaType,
                "content-type");
        }

        return Encoded(request);
    }

    private static GatewayError Foreign { get; } = new(
        GatewayErrorKind.Forbidden,
        "A web page of another origin must send 'content-type: application/json', and be among the origins of server.cors.",
        StatusCodes.Status403Forbidden,
        "origin");

    // Whether a browser sends it for a page that neither stands here nor is among those that the configuration lets in.
    private static bool IsForeignPage(HttpRequest request)
    {
        if (request.HttpContext.Response.Headers.AccessControlAllowOrigin.Count > 0)
        {
            return false;
        }

        var origin = request.Headers.Origin;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is not ("" or "none" or "same-origin")
            || (origin.Count > 0 && !string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }

    private static GatewayError? Encoded(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding;
        return encoding.Count > 0 && !string.Equals(encoding.ToString(), "identity", StringComparison.OrdinalIgnoreCase)
            ? new(
                GatewayErrorKind.UnsupportedMediaType,
                "Compressed request bodies are not read. Send the JSON without a content-encoding.",
                StatusCodes.Status415UnsupportedMediaType,
                "content-encoding")
            : null;
    }

    private static bool IsJson(string type)
    {
        var end = type.IndexOf(';');
        var media = (end < 0 ? type.AsSpan() : type.AsSpan(0, end)).Trim();
        return media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (media.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && media.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");
}
