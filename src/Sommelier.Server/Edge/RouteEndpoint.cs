using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>POST /v1/route</c>: who would answer a request, and why; nobody is asked and nothing is spent.</summary>
internal sealed class RouteEndpoint(GatewayHost gateway)
{
    /// <summary>Sends the decision for a chat request in the caller's dialect.</summary>
    public async Task ServeAsync(HttpContext context, string requestId)
    {
        using var exchange = new HttpExchange(context);
        var call = new ChatCall
        {
            RequestId = requestId,
            Format = Dialect.Of(context.Request),
            Endpoint = "/v1/route",
            ApiKey = CallerCredential.Read(context.Request),
        };
        await gateway.Preview.RunAsync(call, exchange, context.RequestAborted);
    }
}
