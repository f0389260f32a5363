using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Errors of the servers that follow this format, and ours in its shape.</summary>
internal sealed class OpenAIChatErrors : IErrorWire
{
    /// <inheritdoc/>
    public UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var failure = ErrorKinds.Failure(status, ErrorBody.Read(body));
        var wait = RetryHints.RetryAfter(headers, now);
        if (wait is null && failure.Kind == UpstreamFailureKind.RateLimited)
        {
            wait = RetryHints.RateLimitReset(headers);
        }

        return failure with { RetryAfter = wait, ShouldRetry = RetryHints.ShouldRetry(headers) };
    }

    /// <inheritdoc/>
    public int Status(GatewayError error) => error.Kind == GatewayErrorKind.BudgetExceeded ? 429 : error.Status;

    /// <inheritdoc/>
    public void Write(GatewayError error, string? requestId, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        WriteMember(error, writer);
        if (requestId is not null)
        {
            writer.WriteString("request_id", requestId);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Writes an error event of a stream.</summary>
    public static void WriteEvent(GatewayError error, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        using (var writer = new Utf8JsonWriter(output, JsonLimits.Writer))
        {
            writer.WriteStartObject();
            WriteMember(error, writer);
            writer.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>Writes the <c>error</c> member.</summary>
    public static void WriteMember(GatewayError error, Utf8JsonWriter writer)
    {
        var (type, code) = Words(error);
        writer.WriteStartObject("error");
        writer.WriteString("message", error.Message);
        writer.WriteString("type", type);
        writer.WriteString("param", error.Field);
        writer.WriteString("code", error.Code ?? code);
        writer.WriteEndObject();
    }

    /// <summary>The dialect's words for a kind of error.</summary>
    public static (string Type, string? Code) Words(GatewayError error) => error.Kind switch
    {
        GatewayErrorKind.InvalidRequest => ("invalid_request_error", null),
        GatewayErrorKind.Unauthenticated => ("invalid_request_error", "invalid_api_key"),
        GatewayErrorKind.Forbidden => ("permission_error", "forbidden"),
        GatewayErrorKind.ModelNotFound => ("invalid_request_error", "model_not_found"),
        GatewayErrorKind.EndpointNotFound => ("invalid_request_error", "unknown_url"),
        GatewayErrorKind.MethodNotAllowed => ("invalid_request_error", "method_not_supported"),
        GatewayErrorKind.RequestTooLarge => ("invalid_request_error", "request_too_large"),
        GatewayErrorKind.UnsupportedMediaType => ("invalid_request_error", "unsupported_content_type"),
        GatewayErrorKind.HeadersTooLarge => ("invalid_request_error", "headers_too_large"),
        GatewayErrorKind.BudgetExceeded => ("insufficient_quota", "insufficient_quota"),
        GatewayErrorKind.NoCandidate => (error.Status < 500 ? "invalid_request_error" : "server_error", "no_candidate"),
        GatewayErrorKind.NoProvider => ("server_error", "no_provider"),
        GatewayErrorKind.ContextLengthExceeded => ("invalid_request_error", "context_length_exceeded"),
        GatewayErrorKind.RateLimited => ("rate_limit_error", "rate_limit_exceeded"),
        GatewayErrorKind.UpstreamTimeout => ("server_error", "upstream_timeout"),
        GatewayErrorKind.UpstreamUnavailable => ("server_error", "upstream_unavailable"),
        GatewayErrorKind.Overloaded => ("server_error", "server_is_overloaded"),
        GatewayErrorKind.UpstreamRejected => ("invalid_request_error", "upstream_rejected"),
        GatewayErrorKind.ContentFiltered => ("invalid_request_error", "content_filter"),
        GatewayErrorKind.Canceled => ("server_error", "canceled"),
        _ => ("server_error", "internal_error"),
    };
}
