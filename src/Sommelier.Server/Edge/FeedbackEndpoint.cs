using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>POST /v1/feedback</c>: what a caller says of an answer to its own request.</summary>
internal sealed class FeedbackEndpoint(GatewayHost gateway)
{
    private const int LargestBody = 16 * 1024;

    /// <summary>Stores it, and says what it counts for.</summary>
    public async Task ServeAsync(HttpContext context, string requestId)
    {
        using var exchange = new HttpExchange(context);
        var caller = gateway.Authorize(CallerCredential.Read(context.Request));
        var body = await exchange.ReadBodyAsync(LargestBody, context.RequestAborted);
        var receipt = await gateway.Feedback.TakeAsync(caller, body, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("request_id", receipt.Feedback.RequestId);
        json.WriteNumber("score", receipt.Feedback.Score);
        json.WriteString("model", receipt.Feedback.DeploymentId);
        json.WriteString("intent", receipt.Feedback.Intent?.Name());
        json.WriteBoolean("counts", receipt.WhyNot is null);
        if (receipt.WhyNot is { } why)
        {
            json.WriteString("why_not", why);
        }

        json.WriteEndObject();
    }
}
