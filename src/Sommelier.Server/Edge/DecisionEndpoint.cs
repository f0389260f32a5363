using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>GET /v1/decisions/{id}</c>: the whole record of a request, with the reason for every candidate.</summary>
internal sealed class DecisionEndpoint(GatewayHost gateway)
{
    /// <summary>Sends the record, or 404.</summary>
    public async Task ServeAsync(HttpContext context, string requestId, string id)
    {
        var caller = gateway.Authorize(CallerCredential.Read(context.Request));
        if (await gateway.ReadDecisionAsync(id, caller, context.RequestAborted) is not { } record)
        {
            await ErrorReplies.SendAsync(context, requestId, new(
                GatewayErrorKind.ModelNotFound,
                "There is no decision of that id. It is the value of x-sommelier-request-id; records older than ledger.retention are deleted.",
                StatusCodes.Status404NotFound,
                "id",
                "decision_not_found"));
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = record.Length;
        await context.Response.Body.WriteAsync(record, context.RequestAborted);
    }
}
