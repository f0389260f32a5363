using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>Reads Bedrock's errors: replies with a kind in a header or the body, and exceptions inside a stream.</summary>
internal static class ConverseErrorReader
{
    /// <summary>Whether a reply is an error in Amazon's shape, rather than in that of a model's maker whose format Bedrock serves.</summary>
    public static bool IsAmazons(Func<string, string?> headers, ReadOnlySpan<byte> body) => headers("x-amzn-errortype") is not null || Words(body) is not (null, null);

    /// <summary>Reads an error reply.</summary>
    public static UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (message, type) = Words(body);

        // "ThrottlingException:http://internal.amazon.com/…", in the body perhaps "com.amazon…#ThrottlingException".
        type = Name(headers("x-amzn-errortype") ?? type);
        return Failure(type, message, status) with { RetryAfter = RetryHints.RetryAfter(headers, now) };
    }

    /// <summary>Reads an exception frame of a stream.</summary>
    public static UpstreamFailure InStream(ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> words)
    {
        var message = Words(payload).Message ?? Encoding.UTF8.GetString(words);
        return Failure(Encoding.UTF8.GetString(type), message, 200);
    }

    private static UpstreamFailure Failure(string? type, string? message, int status)
    {
        var words = message is { Length: > 0 } ? message : $"The upstream answered {status} without words.";
        return new UpstreamFailure(Kind(type, status, words), words, status, type);
    }

    private static UpstreamFailureKind Kind(string? type, int status, string message)
    {
        var kind = type is { Length: > 0 } ? char.ToUpperInvariant(type[0]) + type[1..] : null;
        return kind switch
        {
            "ThrottlingException" or "ModelNotReadyException" or "TooManyRequestsException" => UpstreamFailureKind.RateLimited,
            "ServiceQuotaExceededException" => UpstreamFailureKind.QuotaExhausted,
            "AccessDeniedException" or "UnrecognizedClientException" or "ExpiredTokenException" or "InvalidSignatureException" or "MissingAuthenticationTokenException"
                => UpstreamFailureKind.AuthenticationFailed,
            "ResourceNotFoundException" => UpstreamFailureKind.ModelNotFound,
            "ValidationException" => Refused(message),
            "ModelTimeoutException" => UpstreamFailureKind.Timeout,
            "ModelErrorException" or "ModelStreamErrorException" or "InternalServerException" or "ServiceUnavailableException" or "ConflictException" => UpstreamFailureKind.Unavailable,
            _ => status switch
            {
                400 or 413 or 422 => Refused(message),
                401 or 403 => UpstreamFailureKind.AuthenticationFailed,
                404 => UpstreamFailureKind.ModelNotFound,
                429 => UpstreamFailureKind.RateLimited,
                _ => UpstreamFailureKind.Unavailable,
            },
        };
    }

    private static UpstreamFailureKind Refused(string message) =>
        // "Too many tokens, please wait" is throttling in other words.
        Has(message, "please wait") ? UpstreamFailureKind.RateLimited
        : Has(message, "input is too long") || Has(message, "prompt is too long") || Has(message, "context length") || Has(message, "maximum context") || Has(message, "too many input tokens")
            ? UpstreamFailureKind.ContextLengthExceeded
        : Has(message, "model identifier is invalid") ? UpstreamFailureKind.ModelNotFound
        : UpstreamFailureKind.InvalidRequest;

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static string? Name(string? type)
    {
        if (type is null)
        {
            return null;
        }

        var colon = type.IndexOf(':', StringComparison.Ordinal);
        type = colon >= 0 ? type[..colon] : type;
        return type[(type.LastIndexOf('#') + 1)..].Trim();
    }

    private static (string? Message, string? Type) Words(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, JsonLimits.Reader);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? default
                : (Text(root, "message") ?? Text(root, "Message") ?? Text(root, "originalMessage"), Text(root, "__type") ?? Text(root, "code"));
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
