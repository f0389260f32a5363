using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes errors as the Messages API does.</summary>
internal static class AnthropicErrorWriter
{
    /// <summary>The status that the vendor would send.</summary>
    public static int Status(GatewayError error) => error.Kind switch
    {
        GatewayErrorKind.InvalidRequest or GatewayErrorKind.ContextLengthExceeded or GatewayErrorKind.ContentFiltered => 400,
        GatewayErrorKind.Unauthenticated => 401,
        GatewayErrorKind.BudgetExceeded => 402,
        GatewayErrorKind.Forbidden => 403,
        GatewayErrorKind.ModelNotFound or GatewayErrorKind.EndpointNotFound => 404,
        GatewayErrorKind.RequestTooLarge => 413,
        GatewayErrorKind.RateLimited => 429,
        GatewayErrorKind.Internal => 500,
        GatewayErrorKind.UpstreamTimeout => 504,
        GatewayErrorKind.Overloaded => 529,
        _ => error.Status,
    };

    /// <summary>Writes an error body.</summary>
    public static void Write(GatewayError error, string? requestId, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, Type(error));
        writer.WriteString("message"u8, error.Message);
        if (error.Code is { } code)
        {
            writer.WriteStartObject("details"u8);
            writer.WriteString("error_code"u8, code);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (requestId is not null)
        {
            writer.WriteString("request_id"u8, requestId);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the error event of a stream.</summary>
    public static void WriteEvent(GatewayError error, IBufferWriter<byte> output)
    {
        output.Write("event: error\ndata: "u8);
        Write(error, requestId: null, output);
        output.Write("\n\n"u8);
    }

    private static string Type(GatewayError error) => error.Kind switch
    {
        GatewayErrorKind.Internal => "api_error",
        GatewayErrorKind.Canceled => "api_error",

        // In a stream no status tells it.
        GatewayErrorKind.UpstreamUnavailable when error.Code is "overloaded_error" => error.Code,
        _ => Status(error) switch
        {
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            504 => "timeout_error",
            529 => "overloaded_error",
            >= 400 and < 500 => "invalid_request_error",
            _ => "api_error",
        },
    };
}
