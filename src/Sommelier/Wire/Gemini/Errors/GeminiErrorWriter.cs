using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes errors as Google does.</summary>
internal static class GeminiErrorWriter
{
    /// <summary>The status that the vendor would send.</summary>
    public static int Status(GatewayError error) => error.Kind switch
    {
        GatewayErrorKind.InvalidRequest or GatewayErrorKind.ContextLengthExceeded or GatewayErrorKind.ContentFiltered => 400,
        GatewayErrorKind.Unauthenticated => 401,
        GatewayErrorKind.BudgetExceeded or GatewayErrorKind.RateLimited => 429,
        GatewayErrorKind.Forbidden => 403,
        GatewayErrorKind.ModelNotFound or GatewayErrorKind.EndpointNotFound => 404,
        GatewayErrorKind.Internal => 500,
        GatewayErrorKind.UpstreamTimeout => 504,
        _ => error.Status,
    };

    /// <summary>Writes an error body.</summary>
    public static void Write(GatewayError error, string? requestId, IBufferWriter<byte> output)
    {
        var status = Status(error);
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, status);
        writer.WriteString("message"u8, error.Message);
        writer.WriteString("status"u8, Word(status));
        Details(error, requestId, writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Details(GatewayError error, string? requestId, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("details"u8);
        if (error.Code is { } code)
        {
            writer.WriteStartObject();
            writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
            writer.WriteString("reason"u8, code);
            writer.WriteString("domain"u8, "sommelier"u8);
            writer.WriteEndObject();
        }

        if (error.Field is { } field)
        {
            writer.WriteStartObject();
            writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.BadRequest"u8);
            writer.WriteStartArray("fieldViolations"u8);
            writer.WriteStartObject();
            writer.WriteString("field"u8, field);
            writer.WriteString("description"u8, error.Message);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (error.RetryAfter is { } wait)
        {
            writer.WriteStartObject();
            writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
            writer.WriteString("retryDelay"u8, string.Create(CultureInfo.InvariantCulture, $"{wait.TotalSeconds:0.###}s"));
            writer.WriteEndObject();
        }

        if (requestId is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.RequestInfo"u8);
            writer.WriteString("requestId"u8, requestId);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Word(int status) => status switch
    {
        400 or 413 or 415 or 422 or 431 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        405 => "UNIMPLEMENTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        500 => "INTERNAL",
        504 or 408 => "DEADLINE_EXCEEDED",
        >= 500 => "UNAVAILABLE",
        _ => "FAILED_PRECONDITION",
    };
}
