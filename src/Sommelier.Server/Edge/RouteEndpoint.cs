using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>POST /v1/route</c>: who would answer a request, and why; nobody is asked and nothing is spent.</summary>
internal sealed class RouteEndpoint(GatewayHost gateway)
{
    /// <summary>Sends the decision for a chat request of any dialect: one path serves them all, so the body tells which it is.</summary>
    public async Task ServeAsync(HttpContext context, string requestId)
    {
        using var exchange = new HttpExchange(context);
        var key = CallerCredential.Read(context.Request);
        gateway.Authorize(key);
        var body = await exchange.ReadBodyAsync(gateway.Snapshot.Limits.MaxBodyBytes, context.RequestAborted);
        var (format, path) = RequestFormat.Of(body, Dialect.Of(context.Request));
        var call = new ChatCall
        {
            RequestId = requestId,
            Format = format,
            Path = path,
            Endpoint = "/v1/route",
            ApiKey = key,
        };
        await gateway.Preview.RunAsync(call, exchange, context.RequestAborted);
    }
}
