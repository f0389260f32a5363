using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Server.Edge.Admin;
using Sommelier.Wire;

namespace Sommelier.Server.Edge;

/// <summary>Every path that is served, and what serves it. Compare with docs/api.md.</summary>
/// <remarks>One switch instead of endpoint routing: there are few paths, and model ids with slashes stay readable.</remarks>
internal sealed class Endpoints(GatewayHost gateway, OidcIssuer? issuer)
{
    private const string ModelsPrefix = "/v1/models/";
    private const string ResponsesPrefix = "/v1/responses/";
    private const string DecisionsPrefix = "/v1/decisions/";

    private readonly ChatEndpoint openAIChat = new(gateway, WireFormats.Get("openai-chat"));
    private readonly ChatEndpoint openAIResponses = new(gateway, WireFormats.Get("openai-responses"));
    private readonly ChatEndpoint openAICompletions = new(gateway, WireFormats.Get("openai-completions"));
    private readonly ChatEndpoint openAICompaction = new(gateway, WireFormats.Get("openai-compaction"));
    private readonly ChatEndpoint openAIEmbeddings = new(gateway, WireFormats.Get("openai-embeddings"));
    private readonly ChatEndpoint anthropicMessages = new(gateway, WireFormats.Get("anthropic-messages"));
    private readonly BedrockEndpoint bedrock = new(gateway);
    private readonly OllamaEndpoint ollama = new(gateway);
    private readonly GeminiEndpoint gemini = new(gateway);
    private readonly CountTokensEndpoint countTokens = new(gateway);
    private readonly RouteEndpoint route = new(gateway);
    private readonly DecisionEndpoint decisions = new(gateway);
    private readonly FeedbackEndpoint feedback = new(gateway);
    private readonly ModelsEndpoint models = new(gateway);
    private readonly KeptResponseEndpoint responses = new(gateway);
    private readonly AdminEndpoints admin = new(gateway, issuer);
    private readonly HealthEndpoint health = new(gateway);
    private readonly MetricsEndpoint metrics = new(gateway);

    /// <summary>Serves one request; nothing that happens in it harms the process.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        var requestId = gateway.NewRequestId();
        if (Dialect.Of(context.Request).RequestIdHeader is { } header)
        {
            context.Response.Headers[header] = requestId;
        }

        try
        {
            if (RequestFraming.Problem(context.Request) is { } doubtful)
            {
                context.Response.Headers.Connection = "close";
                await ErrorReplies.SendAsync(context, requestId, doubtful);
                return;
            }

            if (gateway.Keyless && HostRule.Problem(context.Request) is { } foreign)
            {
                await ErrorReplies.SendAsync(context, requestId, foreign);
                return;
            }

            await DispatchAsync(context, requestId);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (GatewayException refusal)
        {
            await ErrorReplies.SendAsync(context, requestId, refusal.Error);
        }
        catch (WireException refusal)
        {
            await ErrorReplies.SendAsync(context, requestId, refusal.Error);
        }
        catch (Exception failure) when (gateway.StorageAway(requestId, failure) is { } away)
        {
            await ErrorReplies.SendAsync(context, requestId, away);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or BrokenReplyException))
        {
            gateway.ReportInternal(requestId, failure);
            await ErrorReplies.SendAsync(context, requestId, new(GatewayErrorKind.Internal, $"The gateway failed; its log has the cause under {requestId}.", StatusCodes.Status500InternalServerError));
        }
    }

    private Task DispatchAsync(HttpContext context, string requestId)
    {
        var request = context.Request;
        switch (request.Path.Value)
        {
            case "/v1/chat/completions":
                return Only(HttpMethods.Post, openAIChat.ServeAsync, context, requestId);
            case "/v1/responses" when WebSocketRefusal.Wanted(context.Request):
                return WebSocketRefusal.SendAsync(context, requestId);
            case "/v1/responses":
                return Only(HttpMethods.Post, openAIResponses.ServeAsync, context, requestId);
            case "/v1/responses/compact":
                return Only(HttpMethods.Post, openAICompaction.ServeAsync, context, requestId);
            case "/v1/responses/input_tokens":
                return Only(HttpMethods.Post, countTokens.ServeResponsesAsync, context, requestId);
            case "/v1/completions":
                return Only(HttpMethods.Post, openAICompletions.ServeAsync, context, requestId);
            case "/v1/embeddings":
                return Only(HttpMethods.Post, openAIEmbeddings.ServeAsync, context, requestId);
            case "/v1/messages":
                return Only(HttpMethods.Post, anthropicMessages.ServeAsync, context, requestId);
            case "/v1/messages/count_tokens":
                return Only(HttpMethods.Post, countTokens.ServeAsync, context, requestId);
            case "/v1/models" when GeminiPath.Of(request) is null:
                return Only(HttpMethods.Get, models.ListAsync, context, requestId);
            case "/v1/route":
                return Only(HttpMethods.Post, route.ServeAsync, context, requestId);
            case "/v1/feedback":
                return Only(HttpMethods.Post, feedback.ServeAsync, context, requestId);
            case "/":
                return Only(HttpMethods.Get, HealthEndpoint.RootAsync, context, requestId);
            case "/health/live":
                return Only(HttpMethods.Get, HealthEndpoint.LiveAsync, context, requestId);
            case "/health/ready":
                return Only(HttpMethods.Get, health.ReadyAsync, context, requestId);
            case "/metrics":
                return Only(HttpMethods.Get, metrics.ServeAsync, context, requestId);
            case { } path when path.StartsWith(AdminEndpoints.Prefix, StringComparison.Ordinal):
                return admin.ServeAsync(context, requestId);
            case { } path when BedrockEndpoint.Of(path) is { } call:
                return Only(HttpMethods.Post, (it, id) => bedrock.ServeAsync(it, id, call), context, requestId);
            case { } path when OllamaEndpoint.Takes(path) is { } method:
                return Only(method, ollama.ServeAsync, context, requestId);
            case { } path when GeminiPath.Of(request) is { } google:
                return Only(GeminiEndpoint.Takes(google), (it, id) => gemini.ServeAsync(it, id, google), context, requestId);
            case { } path when path.StartsWith(ModelsPrefix, StringComparison.Ordinal):
                return Only(HttpMethods.Get, (it, id) => models.GetAsync(it, id, Unescape(path[ModelsPrefix.Length..])), context, requestId);
            case { } path when path.StartsWith(ResponsesPrefix, StringComparison.Ordinal):
                return responses.ServeAsync(context, requestId, path[ResponsesPrefix.Length..]);
            case { } path when path.StartsWith(DecisionsPrefix, StringComparison.Ordinal):
                return Only(HttpMethods.Get, (it, id) => decisions.ServeAsync(it, id, path[DecisionsPrefix.Length..]), context, requestId);
            default:
                return ErrorReplies.SendAsync(context, requestId, ErrorReplies.NoEndpoint(request));
        }
    }

    // Kestrel leaves %2F in a path as it came; a model id with a slash is accepted either way.
    private static string Unescape(string id) => id.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(id) : id;

    private static Task Only(string method, Func<HttpContext, string, Task> serve, HttpContext context, string requestId)
    {
        if (string.Equals(context.Request.Method, method, StringComparison.Ordinal)
            || (HttpMethods.IsHead(context.Request.Method) && HttpMethods.IsGet(method)))
        {
            return serve(context, requestId);
        }

        context.Response.Headers.Allow = method;
        return ErrorReplies.SendAsync(context, requestId, ErrorReplies.WrongMethod(context.Request, method));
    }
}
