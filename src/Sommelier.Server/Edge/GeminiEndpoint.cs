using Sommelier.Gateway;
using Sommelier.Wire;

namespace Sommelier.Server.Edge;

/// <summary>Everything at Google's addresses.</summary>
internal sealed class GeminiEndpoint(GatewayHost gateway)
{
    private readonly ChatEndpoint chat = new(gateway, WireFormats.Get("gemini"));
    private readonly ChatEndpoint embed = new(gateway, WireFormats.Get("gemini-embed"));
    private readonly ChatEndpoint batchEmbed = new(gateway, WireFormats.Get("gemini-batch-embed"));
    private readonly ChatEndpoint predict = new(gateway, WireFormats.Get("vertex-predict"));
    private readonly CountTokensEndpoint countTokens = new(gateway);
    private readonly ModelsEndpoint models = new(gateway);

    /// <summary>The one HTTP method that an address takes.</summary>
    public static string Takes(GeminiPath path) => path.Method.Length == 0 ? HttpMethods.Get : HttpMethods.Post;

    /// <summary>Serves a request.</summary>
    public Task ServeAsync(HttpContext context, string requestId, GeminiPath path) => path switch
    {
        { Method: "generateContent" or "streamGenerateContent" } => chat.ServeAsync(context, requestId, path.Call(context.Request)),
        { Method: "embedContent" } => embed.ServeAsync(context, requestId, path.Call(context.Request)),
        { Method: "batchEmbedContents" } => batchEmbed.ServeAsync(context, requestId, path.Call(context.Request)),
        { Method: "predict" } => predict.ServeAsync(context, requestId, path.Call(context.Request)),
        { Method: "countTokens" } => countTokens.ServeGeminiAsync(context, requestId, path),
        { Method: "", Model: "" } => models.ListGeminiAsync(context),
        _ => models.GetGeminiAsync(context, requestId, path.Model),
    };
}
