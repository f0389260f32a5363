using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>POST /v1/messages/count_tokens</c>: the estimate that routing uses, and says that it is one.</summary>
internal sealed class CountTokensEndpoint(GatewayHost gateway)
{
    /// <summary>Sends the count.</summary>
    public async Task ServeAsync(HttpContext context, string requestId)
    {
        using var exchange = new HttpExchange(context);
        gateway.Authorize(CallerCredential.Read(context.Request));
        var body = await exchange.ReadBodyAsync(gateway.Snapshot.Limits.MaxBodyBytes, context.RequestAborted);
        gateway.Snapshot.Limits.HoldDepth(body.Span);
        var count = new ArrayBufferWriter<byte>(32);
        gateway.CountTokens(body.Span, count);

        exchange.Start(new ReplyHead
        {
            Status = StatusCodes.Status200OK,
            ContentType = "application/json",
            RequestId = requestId,
            Warnings = [new Warning("estimated", "input_tokens", "Counted from bytes and script, not with the model's tokenizer.")],
        });
        exchange.Output.Write(count.WrittenSpan);
        await exchange.Output.FlushAsync(context.RequestAborted);
    }
}
