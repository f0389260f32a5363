using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Wire;

namespace Sommelier.Server.Edge;

/// <summary>Errors of requests that never reached the pipeline, in the caller's dialect.</summary>
internal static class ErrorReplies
{
    /// <summary>Sends an error as the whole reply.</summary>
    public static async Task SendAsync(HttpContext context, string requestId, GatewayError error, IWireFormat? format = null)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        format ??= Dialect.Of(context.Request);
        context.Response.StatusCode = format.Errors.Status(error);
        context.Response.ContentType = "application/json";
        ReplyHeaders.Write(context.Response.Headers, new ReplyHead
        {
            Status = context.Response.StatusCode,
            ContentType = "application/json",
            RequestId = requestId,
            Warnings = [],
            RetryAfter = error.RetryAfter,
            DialectHeader = format.Errors.Header(error),
        });
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            format.Errors.Write(error, requestId, context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    /// <summary>No endpoint has this path.</summary>
    public static GatewayError NoEndpoint(HttpRequest request) => new(
        GatewayErrorKind.EndpointNotFound,
        $"There is no endpoint {request.Method} {Shorten(request.Path)}. The endpoints are listed in docs/api.md.",
        StatusCodes.Status404NotFound);

    /// <summary>The path exists, for another method.</summary>
    public static GatewayError WrongMethod(HttpRequest request, string allowed) => new(
        GatewayErrorKind.MethodNotAllowed,
        $"{Shorten(request.Path)} takes {allowed}, not {request.Method}.",
        StatusCodes.Status405MethodNotAllowed);

    private static string Shorten(PathString path)
    {
        var text = path.ToUriComponent();
        return text.Length <= 120 ? text : string.Concat(text.AsSpan(0, 120), "…");
    }
}
