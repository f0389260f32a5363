using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>GET /metrics</c> in the Prometheus text format.</summary>
internal sealed class MetricsEndpoint(GatewayHost gateway)
{
    /// <summary>Sends the metrics; needs a caller key where keys are set, since they tell who uses what.</summary>
    public async Task ServeAsync(HttpContext context, string requestId)
    {
        gateway.Authorize(CallerCredential.Read(context.Request));
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        gateway.WriteMetrics(context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
