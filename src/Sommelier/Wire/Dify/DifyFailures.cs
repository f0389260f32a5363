using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.Dify;

/// <summary>Dify's errors: <c>{"code":"provider_quota_exceeded","message":"…","status":400}</c>, in replies and in <c>error</c> events.</summary>
internal static class DifyFailures
{
    /// <inheritdoc cref="IErrorWire.Read"/>
    public static UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var failure = OpenAIChatFormat.Instance.Errors.Read(status, headers, body, now);
        return ByCode(failure.Code) is { } kind ? failure with { Kind = kind } : failure;
    }

    /// <summary>What an <c>error</c> event tells, or an error in the disguise of an answer.</summary>
    public static UpstreamFailure Of(JsonElement error)
    {
        var code = error.Text("code");
        var status = error.Count("status") is >= 400 and < 600 and var given ? (int)given : (int?)null;
        var message = error.Text("message") ?? error.Text("error");
        var failure = ErrorKinds.Failure(status, new ErrorBody(message, null, code, null, null));
        return (ByCode(code) is { } kind ? failure with { Kind = kind } : failure) with { Status = status, NothingRan = IsCheck(code) };
    }

    /// <summary>What a workflow that did not succeed tells.</summary>
    public static UpstreamFailure OfWorkflow(string status, string? error) => string.Equals(status, "paused", StringComparison.Ordinal)
        ? new(UpstreamFailureKind.Unavailable, "The workflow waits for a human, whom no caller can be.", Code: status) { ShouldRetry = false }
        : ErrorKinds.Failure(null, new ErrorBody(error is { Length: > 0 } ? error : $"The workflow ended with the status '{status}'.", null, status, null, null));

    // What Dify looks at before it runs anything; the others may come from the middle of a run.
    private static bool IsCheck(string? code) =>
        code is "unauthorized" or "too_many_requests" || ByCode(code) is UpstreamFailureKind.ModelNotFound or UpstreamFailureKind.InvalidRequest;

    private static UpstreamFailureKind? ByCode(string? code) => code switch
    {
        "provider_quota_exceeded" or "quota_exceeded" => UpstreamFailureKind.QuotaExhausted,
        "too_many_requests" or "rate_limit_error" => UpstreamFailureKind.RateLimited,
        "unauthorized" => UpstreamFailureKind.AuthenticationFailed,

        // The key opens no such app, or the app cannot run as it is set up: another deployment may answer.
        "app_unavailable" or "not_chat_app" or "not_completion_app" or "not_workflow_app" or "provider_not_initialize" or "model_currently_not_support"
            or "not_found" => UpstreamFailureKind.ModelNotFound,
        "invalid_param" or "bad_request" => UpstreamFailureKind.InvalidRequest,
        "completion_request_error" or "internal_server_error" or "workflow_request_error" => UpstreamFailureKind.Unavailable,
        _ => null,
    };
}
