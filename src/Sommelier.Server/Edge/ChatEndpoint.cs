using Sommelier.Gateway;
using Sommelier.Wire;

namespace Sommelier.Server.Edge;

/// <summary>A chat endpoint of one dialect: hands the request to the pipeline.</summary>
internal sealed class ChatEndpoint(GatewayHost gateway, IWireFormat format)
{
    /// <summary>Serves one chat request.</summary>
    public async Task ServeAsync(HttpContext context, string requestId)
    {
        using var exchange = new HttpExchange(context);
        var request = context.Request;
        var call = new ChatCall
        {
            RequestId = requestId,
            Format = format,
            Endpoint = request.Path.Value!,
            ApiKey = CallerCredential.Read(request),
            ForwardedHeaders = ForwardedHeaders.Read(request.Headers),
        };
        await gateway.Chat.RunAsync(call, exchange, context.RequestAborted);
        if (exchange.Broken)
        {
            throw new BrokenReplyException();
        }
    }
}
