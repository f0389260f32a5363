using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.LangGraph;

/// <summary>Failures of a run: a server reports them inside HTTP 200, as <c>{"error":"RateLimitError","message":"…"}</c>.</summary>
internal static class LangGraphFailures
{
    /// <summary>The graph waits for a human's word. A stateless run cannot be taken up again, so there will be no answer.</summary>
    public static UpstreamFailure Interrupted { get; } =
        new(UpstreamFailureKind.Unavailable, "The graph stopped to ask a human (an interrupt), which a stateless run cannot go on from.", Code: "interrupted") { ShouldRetry = false };

    /// <summary>What an error object tells: the name of the exception that the graph ended with, and its words.</summary>
    public static UpstreamFailure Of(JsonElement error)
    {
        var name = error.Text("error");
        var message = error.Text("message") ?? (error.ValueKind == JsonValueKind.String ? error.Text() : null);
        if (message is ['{', ..] && Inner(message) is { } inner)
        {
            // The server for JavaScript wraps the error once more, as text.
            (name, message) = (inner.Name ?? name, inner.Message ?? message);
        }

        var failure = ErrorKinds.Failure(null, new ErrorBody(message, name, null, null, null));
        return ByName(name) is { } kind ? failure with { Kind = kind } : name is "GraphRecursionError" ? failure with { ShouldRetry = false } : failure;
    }

    /// <summary>What the status of a run that did not succeed tells.</summary>
    public static UpstreamFailure OfStatus(string status) => status switch
    {
        "interrupted" => Interrupted,
        "timeout" => new(UpstreamFailureKind.Timeout, "The run took longer than its server allows.", Code: status),
        _ => new(UpstreamFailureKind.Unavailable, $"The run ended with the status '{status}'.", Code: status),
    };

    // The exceptions of the vendors' clients, which a graph lets through.
    private static UpstreamFailureKind? ByName(string? name) => name switch
    {
        "RateLimitError" => UpstreamFailureKind.RateLimited,
        "AuthenticationError" or "PermissionDeniedError" => UpstreamFailureKind.AuthenticationFailed,
        "NotFoundError" => UpstreamFailureKind.ModelNotFound,
        "APITimeoutError" or "APIConnectionTimeoutError" or "TimeoutError" => UpstreamFailureKind.Timeout,
        _ => null,
    };

    private static (string? Name, string? Message)? Inner(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return (document.RootElement.Text("error"), document.RootElement.Text("message"));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
