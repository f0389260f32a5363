using Sommelier.Canonical;

namespace Sommelier.Server.Edge;

/// <summary>Which bodies are read at all.</summary>
internal static class ContentTypes
{
    /// <summary>
    /// Says what is wrong with a request's content headers, or null. Only JSON is read: a browser cannot send it to
    /// another origin without asking first, so no web page can spend money through a gateway on this machine.
    /// </summary>
    public static GatewayError? Problem(HttpRequest request)
    {
        var type = request.ContentType;
        if (type is null || !IsJson(type))
        {
            return new(
                GatewayErrorKind.UnsupportedMediaType,
                $"The content-type is {(type is null ? "missing" : $"'{Shorten(type)}'")}. Send 'content-type: application/json'.",
                StatusCodes.Status415UnsupportedMediaType,
                "content-type");
        }

        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count > 0 && !string.Equals(encoding.ToString(), "identity", StringComparison.OrdinalIgnoreCase))
        {
            return new(
                GatewayErrorKind.UnsupportedMediaType,
                "Compressed request bodies are not read. Send the JSON without a content-encoding.",
                StatusCodes.Status415UnsupportedMediaType,
                "content-encoding");
        }

        return null;
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
