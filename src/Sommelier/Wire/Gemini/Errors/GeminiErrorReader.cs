using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Reads Google's errors: <c>{ "error": { code, message, status, details } }</c>, in a list of one where a stream as an array fails.</summary>
internal static class GeminiErrorReader
{
    // A limit that comes back sooner than this is a rate; one that does not is an account that is used up.
    private static readonly TimeSpan LongestRate = TimeSpan.FromHours(1);

    /// <summary>Whether a body is an error in Google's shape, rather than in that of a model's maker whose format Google serves.</summary>
    public static bool IsGoogles(ReadOnlySpan<byte> body) => Said.Read(body).Status is not null;

    /// <summary>Reads an error reply. The wait stands in the body (<c>RetryInfo</c>), else in a header.</summary>
    public static UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var said = Said.Read(body);
        var code = said.Code ?? (status is >= 200 and < 300 ? null : status);
        var message = said.Message is { Length: > 0 } words ? words : $"The upstream answered {status} without words.";
        var wait = said.RetryDelay ?? RetryHints.RetryAfter(headers, now) ?? RetryHints.InWords(message);
        var kind = Kind(code, said, wait, message);
        return new UpstreamFailure(kind, message, status, said.Status ?? said.Reason, wait, said.Field)
        {
            ShouldRetry = RetryHints.ShouldRetry(headers),
        };
    }

    /// <summary>Reads an error inside a stream, or one that came with status 200.</summary>
    public static UpstreamFailure InStream(ReadOnlySpan<byte> data) => Read(200, static _ => null, data, default);

    private static UpstreamFailureKind Kind(int? code, in Said said, TimeSpan? wait, string message)
    {
        // A key that is wrong comes as 400 INVALID_ARGUMENT.
        if (said.Reason is "API_KEY_INVALID" or "API_KEY_SERVICE_BLOCKED" or "CONSUMER_INVALID" || Has(message, "API key not valid"))
        {
            return UpstreamFailureKind.AuthenticationFailed;
        }

        if (said.Status is "RESOURCE_EXHAUSTED" || code == 429)
        {
            return IsUsedUp(said, wait, message) ? UpstreamFailureKind.QuotaExhausted : UpstreamFailureKind.RateLimited;
        }

        return said.Status switch
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

    // "You exceeded your current quota, please check your plan and billing details" is said of a minute's limit too, and a daily
    // one names a short wait: which limit it was is in the details. Source: recorded replies of the Gemini API.
    private static bool IsUsedUp(in Said said, TimeSpan? wait, string message) =>
        said.Daily || Has(message, "prepayment") || Has(message, "per day") || Has(message, "PerDay")
        || (!said.Quota && !(wait <= LongestRate) && Has(message, "billing"));

    private static UpstreamFailureKind Refused(string message) =>
        Has(message, "exceeds the maximum number of tokens") || (Has(message, "token count") && Has(message, "exceeds")) || Has(message, "context length")
            || Has(message, "prompt is too long") || Has(message, "request payload size exceeds")
            ? UpstreamFailureKind.ContextLengthExceeded
            : UpstreamFailureKind.InvalidRequest;

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    // What an error body says, as far as it says it.
    private readonly record struct Said(int? Code, string? Status, string? Message, string? Reason, TimeSpan? RetryDelay, string? Field)
    {
        /// <summary>Whether a limit is named.</summary>
        public bool Quota { get; init; }

        /// <summary>Whether one of those is of a day or more.</summary>
        public bool Daily { get; init; }

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

        private Said With(JsonElement detail) => (detail.TryGetProperty("violations", out var limits) && limits.ValueKind == JsonValueKind.Array ? WithLimits(limits) : this) with
        {
            Reason = Reason ?? GeminiResponseReader.Text(detail, "reason"),
            RetryDelay = RetryDelay ?? RetryHints.Duration(GeminiResponseReader.Text(detail, "retryDelay")),
            Field = Field ?? (detail.TryGetProperty("fieldViolations", out var fields) && fields.ValueKind == JsonValueKind.Array && fields.GetArrayLength() > 0 && fields[0].ValueKind == JsonValueKind.Object
                ? GeminiResponseReader.Text(fields[0], "field")
                : null),
        };

        // "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "GenerateContentInputTokensPerModelPerDay-FreeTier"
        private Said WithLimits(JsonElement limits)
        {
            var said = this;
            foreach (var limit in limits.EnumerateArray())
            {
                if (limit.ValueKind == JsonValueKind.Object && GeminiResponseReader.Text(limit, "quotaId") is { } id)
                {
                    said = said with { Quota = true, Daily = said.Daily || Has(id, "PerDay") || Has(id, "PerMonth") };
                }
            }

            return said;
        }
    }
}
