using System.Text.Json;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary>Whether the process lives, and whether it can serve.</summary>
internal sealed class HealthEndpoint(GatewayHost gateway)
{
    /// <summary>200 as long as the process answers.</summary>
    public static async Task LiveAsync(HttpContext context, string requestId)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync("{\"status\":\"live\"}"u8.ToArray(), context.RequestAborted);
    }

    /// <summary>200 for clients that look whether a server is there before they ask: Claude Code and Ollama's send <c>HEAD /</c>.</summary>
    public static async Task RootAsync(HttpContext context, string requestId)
    {
        context.Response.ContentType = "text/plain";
        await context.Response.Body.WriteAsync("Sommelier is running"u8.ToArray(), context.RequestAborted);
    }

    /// <summary>200 when requests can be served; 503 with the reasons when none can.</summary>
    public async Task ReadyAsync(HttpContext context, string requestId)
    {
        var problems = gateway.ReadinessProblems();
        context.Response.StatusCode = problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", problems.Count == 0 ? "ready" : "not_ready");
        json.WriteNumber("deployments", gateway.Snapshot.Catalog.Deployments.Count);
        json.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            json.WriteStringValue(problem);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
