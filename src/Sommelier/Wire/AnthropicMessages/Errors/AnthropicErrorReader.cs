using System.Text;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads the Messages API's errors, and those of servers that speak it, into our vocabulary.</summary>
internal static class AnthropicErrorReader
{
    private const int MaxMessage = 2_000;

    /// <summary>Reads an error reply.</summary>
    public static UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var said = Said.Read(body);
        var message = said.Message is { Length: > 0 } words ? words : $"The upstream answered {status} without words.";
        var kind = IsThread(said.Code) ? UpstreamFailureKind.InvalidRequest : Kind(status, said.Type, message);
        return new UpstreamFailure(kind, message, status, said.Code ?? said.Type, RetryAfter(headers, kind, now), Parameter(kind, message))
        {
            ShouldRetry = headers("x-should-retry") switch
            {
                "true" => true,
                "false" => false,
                _ => null,
            },
        };
    }

    /// <summary>Reads the error event of a stream, or an error that came with status 200.</summary>
    public static UpstreamFailure InStream(ReadOnlySpan<byte> data) => Read(200, static _ => null, data, default);

    // Of message threads the vendor speaks to the client, which sends the whole conversation then: no deployment is at fault, not even with a 404.
    private static bool IsThread(string? code) => code?.StartsWith("thread_", StringComparison.Ordinal) is true;

    private static UpstreamFailureKind Kind(int status, string? type, string message)
    {
        // Throttling speaks of tokens too: it goes first, or a rate limit would pass for an overflow.
        if (type is "rate_limit_error" || (type is null && status == 429))
        {
            return IsQuota(message) ? UpstreamFailureKind.QuotaExhausted : UpstreamFailureKind.RateLimited;
        }

        return type switch
        {
            "authentication_error" or "permission_error" => UpstreamFailureKind.AuthenticationFailed,
            "billing_error" => UpstreamFailureKind.QuotaExhausted,
            "not_found_error" => UpstreamFailureKind.ModelNotFound,
            "request_too_large" => UpstreamFailureKind.ContextLengthExceeded,
            "overloaded_error" or "api_error" or "timeout_error" => UpstreamFailureKind.Unavailable,
            "invalid_request_error" => Refused(message),
            _ => status switch
            {
                400 or 422 => Refused(message),
                401 or 403 => UpstreamFailureKind.AuthenticationFailed,
                402 => UpstreamFailureKind.QuotaExhausted,
                404 => UpstreamFailureKind.ModelNotFound,
                413 => UpstreamFailureKind.ContextLengthExceeded,
                429 => IsQuota(message) ? UpstreamFailureKind.QuotaExhausted : UpstreamFailureKind.RateLimited,
                408 or 409 or >= 500 => UpstreamFailureKind.Unavailable,
                >= 400 => UpstreamFailureKind.InvalidRequest,
                _ => UpstreamFailureKind.Unavailable,
            },
        };
    }

    private static UpstreamFailureKind Refused(string message)
    {
        if (Has(message, "prompt is too long") || Has(message, "exceed context limit") || Has(message, "context window")
            || Has(message, "maximum context length") || Has(message, "input is too long"))
        {
            return UpstreamFailureKind.ContextLengthExceeded;
        }

        // The vendor tells an empty account with a 400.
        if (Has(message, "credit balance"))
        {
            return UpstreamFailureKind.QuotaExhausted;
        }

        return Has(message, "content filtering policy") ? UpstreamFailureKind.ContentFiltered : UpstreamFailureKind.InvalidRequest;
    }

    // Limits that no waiting of seconds helps against: spend, plan, credit.
    private static bool IsQuota(string message) => Has(message, "credit balance") || Has(message, "billing")
        || Has(message, "usage limit") || Has(message, "spend limit") || Has(message, "quota exceeded") || Has(message, "insufficient_quota");

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    // The vendor opens with the field: "messages.0.content: Input should be a valid list".
    private static string? Parameter(UpstreamFailureKind kind, string message)
    {
        if (kind != UpstreamFailureKind.InvalidRequest)
        {
            return null;
        }

        var colon = message.IndexOf(": ", StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        foreach (var letter in message.AsSpan(0, colon))
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.' or '-' or '[' or ']'))
            {
                return null;
            }
        }

        return message[..colon];
    }

    private static TimeSpan? RetryAfter(Func<string, string?> headers, UpstreamFailureKind kind, DateTimeOffset now) =>
        AnthropicRetryHints.Read(headers, now, withResets: kind == UpstreamFailureKind.RateLimited);

    // The parts of an error body, whichever of the known shapes it has.
    private readonly record struct Said(string? Type, string? Code, string? Message)
    {
        public static Said Read(ReadOnlySpan<byte> body)
        {
            try
            {
                var reader = new Utf8JsonReader(body);
                using var document = JsonDocument.ParseValue(ref reader);
                var root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object)
                {
                    return Plain(body);
                }

                if (root.TryGetProperty("error"u8, out var error))
                {
                    return error.ValueKind == JsonValueKind.Object ? Inner(error) : new(null, null, Text(error));
                }

                return Inner(root);
            }
            catch (JsonException)
            {
                return Plain(body);
            }
        }

        private static Said Inner(JsonElement error)
        {
            string? code = null;
            if (error.TryGetProperty("details"u8, out var details) && details.ValueKind == JsonValueKind.Object)
            {
                code = Member(details, "error_code");
            }

            return new(Member(error, "type"), code ?? Member(error, "code"), Member(error, "message") ?? Member(error, "detail"));
        }

        private static string? Member(JsonElement element, string name) =>
            element.TryGetProperty(name, out var value) ? Text(value) : null;

        private static string? Text(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.String)
            {
                return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : Cut(value.GetRawText());
            }

            try
            {
                return Cut(value.GetString()!);
            }
            catch (InvalidOperationException)
            {
                return Cut(value.GetRawText());
            }
        }

        private static Said Plain(ReadOnlySpan<byte> body) =>
            new(null, null, Cut(Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxMessage)]).Trim()));

        private static string Cut(string text) => text.Length <= MaxMessage ? text : text[..MaxMessage];
    }
}
