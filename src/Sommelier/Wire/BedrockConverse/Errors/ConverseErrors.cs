using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Errors are a message, and a kind in a header: <c>x-amzn-ErrorType: ThrottlingException</c>.</summary>
internal sealed class ConverseErrors : IErrorWire
{
    /// <inheritdoc/>
    public UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        ConverseErrorReader.Read(status, headers, body, now);

    /// <inheritdoc/>
    public int Status(GatewayError error) => Type(error) switch
    {
        "ValidationException" => 400,
        "AccessDeniedException" => 403,
        "ResourceNotFoundException" => 404,
        "ModelTimeoutException" => 408,
        "ThrottlingException" => 429,
        "InternalServerException" => 500,
        _ => 503,
    };

    /// <inheritdoc/>
    public KeyValuePair<string, string>? Header(GatewayError error) => new("x-amzn-ErrorType", Type(error));

    /// <inheritdoc/>
    public void Write(GatewayError error, string? requestId, IBufferWriter<byte> output) => WriteBody(error, output);

    /// <summary>Writes the body.</summary>
    public static void WriteBody(GatewayError error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteString("message"u8, error.Message);
        writer.WriteEndObject();
    }

    /// <summary>The kind's name.</summary>
    public static string Type(GatewayError error) => error.Kind switch
    {
        GatewayErrorKind.Unauthenticated or GatewayErrorKind.Forbidden => "AccessDeniedException",
        GatewayErrorKind.ModelNotFound or GatewayErrorKind.EndpointNotFound => "ResourceNotFoundException",
        GatewayErrorKind.RateLimited or GatewayErrorKind.BudgetExceeded => "ThrottlingException",
        GatewayErrorKind.UpstreamTimeout => "ModelTimeoutException",
        GatewayErrorKind.Internal => "InternalServerException",
        GatewayErrorKind.UpstreamUnavailable or GatewayErrorKind.NoProvider => "ServiceUnavailableException",
        _ => error.Status switch
        {
            403 => "AccessDeniedException",
            404 => "ResourceNotFoundException",
            429 => "ThrottlingException",
            503 => "ServiceUnavailableException",
            >= 500 => "InternalServerException",
            _ => "ValidationException",
        },
    };
}
