using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads Google's errors: <c>{ "error": { code, message, status, details } }</c>, in a list of one where a stream as an array fails.</summary>
internal static class GeminiErrorReader
{
    /// <summary>Reads an error reply. The wait stands in the body (<c>RetryInfo</c>), else in a header.</summary>
    public static UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var said = Said.Read(body);
        var code = said.Code ?? (status is >= 200 and < 300 ? null : status);
        var message = said.Message is { Length: > 0 } words ? words : $"The upstream answered {status} without words.";
        var kind = Kind(code, said.Status, said.Reason, message);
        return new UpstreamFailure(kind, message, status, said.Status ?? said.Reason, said.RetryDelay ?? RetryHints.RetryAfter(headers, now), said.Field)
        {
            ShouldRetry = RetryHints.ShouldRetry(headers),
        };
    }

    /// <summary>Reads an error inside a stream, or one that came with status 200.</summary>
    public static UpstreamFailure InStream(ReadOnlySpan<byte> data) => Read(200, static _ => null, data, default);

    private static UpstreamFailureKind Kind(int? code, string? status, string? reason, string message)
    {
        // A key that is wrong comes as 400 INVALID_ARGUMENT.
        if (reason is "API_KEY_INVALID" or "API_KEY_SERVICE_BLOCKED" or "CONSUMER_INVALID" || Has(message, "API key not valid"))
        {
            return UpstreamFailureKind.AuthenticationFailed;
        }

        if (status is "RESOURCE_EXHAUSTED" || code == 429)
        {
            return Has(message, "billing") || Has(message, "prepayment") || Has(message, "per day") || Has(message, "PerDay")
                ? UpstreamFailureKind.QuotaExhausted
                : UpstreamFailureKind.RateLimited;
        }

        return status switch
        {
            "UNAUTHENTICATED" or "PERMISSION_DENIED" => UpstreamFailureKind.AuthenticationFailed,
            "NOT_FOUND" => UpstreamFailureKind.ModelNotFound,
            "INVALID_ARGUMENT" or "OUT_OF_RANGE" => Refused(message),
            "FAILED_PRECONDITION" => Has(message, "billing") ? UpstreamFailureKind.QuotaExhausted : Refused(message),
            "DEADLINE_EXCEEDED" or "UNAVAILABLE" or "INTERNAL" or "ABORTED" or "UNKNOWN" or "CANCELLED" => UpstreamFailureKind.Unavailable,
            _ => code switch
            {
                400 or 413 or 422 => Refused(message),
                401 or 403 => UpstreamFailureKind.AuthenticationFailed,
                402 => UpstreamFailureKind.QuotaExhausted,
                404 => UpstreamFailureKind.ModelNotFound,
                408 or 409 or >= 500 or null => UpstreamFailureKind.Unavailable,
                _ => UpstreamFailureKind.InvalidRequest,
            },
        };
    }

    private static UpstreamFailureKind Refused(string message) =>
        Has(message, "exceeds the maximum number of tokens") || (Has(message, "token count") && Has(message, "exceeds")) || Has(message, "context length")
            || Has(message, "prompt is too long") || Has(message, "request payload size exceeds")
            ? UpstreamFailureKind.ContextLengthExceeded
            : UpstreamFailureKind.InvalidRequest;

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    // What an error body says, as far as it says it.
    private readonly record struct Said(int? Code, string? Status, string? Message, string? Reason, TimeSpan? RetryDelay, string? Field)
    {
        public static Said Read(ReadOnlySpan<byte> body)
        {
            try
            {
                var reader = new Utf8JsonReader(body, JsonLimits.Reader);
                using var document = JsonDocument.ParseValue(ref reader);
                var root = document.RootElement;
                root = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
                return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) ? Of(error) : default;
            }
            catch (JsonException)
            {
                return default;
            }
        }

        private static Said Of(JsonElement error)
        {
            if (error.ValueKind == JsonValueKind.String)
            {
                return new(null, null, error.GetString(), null, null, null);
            }

            if (error.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var code = error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : (int?)null;
            var said = new Said(code, GeminiResponseReader.Text(error, "status"), GeminiResponseReader.Text(error, "message"), null, null, null);
            if (!error.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Array)
            {
                return said;
            }

            foreach (var detail in details.EnumerateArray())
            {
                said = detail.ValueKind == JsonValueKind.Object ? said.With(detail) : said;
            }

            return said;
        }

        private Said With(JsonElement detail) => this with
        {
            Reason = Reason ?? GeminiResponseReader.Text(detail, "reason"),
            RetryDelay = RetryDelay ?? RetryHints.Duration(GeminiResponseReader.Text(detail, "retryDelay")),
            Field = Field ?? (detail.TryGetProperty("fieldViolations", out var fields) && fields.ValueKind == JsonValueKind.Array && fields.GetArrayLength() > 0 && fields[0].ValueKind == JsonValueKind.Object
                ? GeminiResponseReader.Text(fields[0], "field")
                : null),
        };
    }
}
