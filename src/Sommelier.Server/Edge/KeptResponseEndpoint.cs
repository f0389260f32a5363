using System.Text.Json;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>GET</c> and <c>DELETE /v1/responses/{id}</c>: answers that the gateway kept, each for its caller only.</summary>
internal sealed class KeptResponseEndpoint(GatewayHost gateway)
{
    private const string Methods = "GET, DELETE";

    /// <summary>Sends the answer, or forgets it.</summary>
    public async Task ServeAsync(HttpContext context, string requestId, string id)
    {
        var method = context.Request.Method;
        var caller = gateway.Authorize(CallerCredential.Read(context.Request));
        if (id.Contains('/', StringComparison.Ordinal))
        {
            await ErrorReplies.SendAsync(context, requestId, ErrorReplies.NoEndpoint(context.Request));
        }
        else if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
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
