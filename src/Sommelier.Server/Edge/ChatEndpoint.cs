using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Wire;

namespace Sommelier.Server.Edge;

/// <summary>A chat endpoint of one dialect: hands the request to the pipeline.</summary>
internal sealed class ChatEndpoint(GatewayHost gateway, IWireFormat format)
{
    /// <summary>Serves one chat request whose body says everything.</summary>
    public Task ServeAsync(HttpContext context, string requestId) => ServeAsync(context, requestId, default);

    /// <summary>Serves one chat request.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="requestId">The id that it goes by.</param>
    /// <param name="path">What the address says of it, for dialects that put the model there.</param>
    public async Task ServeAsync(HttpContext context, string requestId, CallPath path)
    {
        using var exchange = new HttpExchange(context);
        var request = context.Request;
        var call = new ChatCall
        {
            RequestId = requestId,
            Format = format,
            Endpoint = request.Path.Value!,
            Path = path,
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
