using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary>
/// <c>POST /v1/messages/count_tokens</c>, <c>POST /v1/responses/input_tokens</c> and Google's <c>:countTokens</c>: the estimate that routing uses, and says that it is one.
/// </summary>
internal sealed class CountTokensEndpoint(GatewayHost gateway)
{
    /// <summary>Sends the count as Anthropic does.</summary>
    public Task ServeAsync(HttpContext context, string requestId) =>
        ServeAsync(context, requestId, "input_tokens", (body, output) => gateway.CountTokens(body.Span, output));

    /// <summary>Sends the count as OpenAI does.</summary>
    public Task ServeResponsesAsync(HttpContext context, string requestId) =>
        ServeAsync(context, requestId, "input_tokens", (body, output) => gateway.CountResponsesTokens(body.Span, output));

    /// <summary>Sends the count as Google does.</summary>
    public Task ServeGeminiAsync(HttpContext context, string requestId, GeminiPath path) =>
        ServeAsync(context, requestId, "totalTokens", (body, output) => gateway.CountTokens(body, path.Call(context.Request), output));

    private async Task ServeAsync(HttpContext context, string requestId, string field, Action<ReadOnlyMemory<byte>, IBufferWriter<byte>> write)
    {
        using var exchange = new HttpExchange(context);
        gateway.Authorize(CallerCredential.Read(context.Request));
        var body = await exchange.ReadBodyAsync(gateway.Snapshot.Limits.MaxBodyBytes, context.RequestAborted);
        gateway.Snapshot.Limits.HoldDepth(body.Span);
        var count = new ArrayBufferWriter<byte>(32);
        write(body, count);

        exchange.Start(new ReplyHead
        {
            Status = StatusCodes.Status200OK,
            ContentType = "application/json",
            RequestId = requestId,
            Warnings = [new Warning("estimated", field, "Counted from bytes and script, not with the model's tokenizer.")],
        });
        exchange.Output.Write(count.WrittenSpan);
        await exchange.Output.FlushAsync(context.RequestAborted);
    }
}
