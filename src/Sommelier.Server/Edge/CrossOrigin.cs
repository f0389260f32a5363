using Sommelier.Configuration;

namespace Sommelier.Server.Edge;

/// <summary>Lets web pages of the configured origins call from a browser, and answers the browser's question whether they may.</summary>
/// <remarks>Keys travel in headers, never in cookies, so credentials are not allowed: a page must hold a key itself.</remarks>
internal sealed class CrossOrigin(CorsConfig config, RequestDelegate next)
{
    private readonly string maxAge = ((long)config.MaxAge.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    private readonly bool any = config.Origins.Contains("*", StringComparer.Ordinal);

    /// <summary>Serves a request.</summary>
    public Task ServeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !(any || config.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)))
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = any ? "*" : origin;
        headers.Vary = "Origin";
        if (!HttpMethods.IsOptions(context.Request.Method) || context.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            headers.AccessControlExposeHeaders = "*";
            return next(context);
        }

        headers.AccessControlAllowMethods = "GET, POST, DELETE";

        // "*" would leave out Authorization, so what the browser asks for is repeated.
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = maxAge;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
