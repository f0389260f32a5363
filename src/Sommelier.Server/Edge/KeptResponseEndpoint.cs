using System.Text.Json;
using Sommelier.Gateway;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Server.Edge;

/// <summary>
/// <c>GET</c> and <c>DELETE /v1/responses/{id}</c>, <c>GET /v1/responses/{id}/input_items</c>: answers that the gateway kept
/// and what led to them, each for its caller only.
/// </summary>
internal sealed class KeptResponseEndpoint(GatewayHost gateway)
{
    private const string Methods = "GET, DELETE";
    private const string InputItems = "/input_items";

    /// <summary>Sends the answer or its input, or forgets it.</summary>
    /// <param name="context">The call.</param>
    /// <param name="requestId">Its id.</param>
    /// <param name="id">What stands in the path behind <c>/v1/responses/</c>.</param>
    public async Task ServeAsync(HttpContext context, string requestId, string id)
    {
        var method = context.Request.Method;
        var caller = gateway.Authorize(CallerCredential.Read(context.Request));
        if (id.EndsWith(InputItems, StringComparison.Ordinal) && id.IndexOf('/', StringComparison.Ordinal) == id.Length - InputItems.Length)
        {
            await SendInputAsync(context, requestId, caller.Id, id[..^InputItems.Length]);
        }
        else if (id.Contains('/', StringComparison.Ordinal))
        {
            await ErrorReplies.SendAsync(context, requestId, ErrorReplies.NoEndpoint(context.Request));
        }
        else if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
            if (Parameter(context.Request, "stream") is "true")
            {
                throw WireException.Invalid("stream", "'stream' asks for the events of an answer, and only the whole answer is kept. Leave it out.");
            }

            await SendAsync(context, requestId, id, await gateway.Kept.FindAsync(caller.Id, id, context.RequestAborted));
        }
        else if (HttpMethods.IsDelete(method))
        {
            var isGone = await gateway.Kept.DeleteAsync(caller.Id, id, context.RequestAborted);
            await SendAsync(context, requestId, id, isGone ? Deleted(id) : default(ReadOnlyMemory<byte>?));
        }
        else
        {
            context.Response.Headers.Allow = Methods;
            await ErrorReplies.SendAsync(context, requestId, ErrorReplies.WrongMethod(context.Request, Methods));
        }
    }

    private async Task SendInputAsync(HttpContext context, string requestId, string callerId, string id)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            await ErrorReplies.SendAsync(context, requestId, ErrorReplies.WrongMethod(request, HttpMethods.Get));
            return;
        }

        var page = ItemPage.Read(Parameter(request, "limit"), Parameter(request, "order"), Parameter(request, "after"));
        await SendAsync(context, requestId, id, await gateway.Kept.InputItemsAsync(callerId, id, page, context.RequestAborted));
    }

    private static string? Parameter(HttpRequest request, string name) => request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    private async Task SendAsync(HttpContext context, string requestId, string id, ReadOnlyMemory<byte>? body)
    {
        if (body is not { } json)
        {
            await ErrorReplies.SendAsync(context, requestId, gateway.Kept.NotFound(id, "response_id", StatusCodes.Status404NotFound));
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private static ReadOnlyMemory<byte> Deleted(string id)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "response");
        json.WriteBoolean("deleted", true);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
