using System.Globalization;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What kind of failure a status and an error body tell of.</summary>
internal static class ErrorKinds
{
    // How servers say that a request does not fit the window.
    private static readonly string[] Overflow =
    [
        "context_length_exceeded", "prompt is too long", "input is too long", "exceeds the context window", "maximum context length",
        "exceeds the maximum number of tokens", "input token count", "maximum prompt length", "reduce the length of the messages",
        "longer than the model's context length", "too large for model", "exceeds the available context size", "greater than the context length",
        "context window exceeds limit", "exceeded model token limit", "range of input length should be", "context window", "context size",
        "too many tokens in the prompt", "prompt too long", "context length",
    ];

    // Signs of throttling inside such sentences.
    private static readonly string[] Throttled = ["rate limit", "rate_limit", "too many requests", "throttl", "please wait"];

    private static readonly string[] Quota =
    [
        "insufficient_quota", "exceeded your current quota", "out of budget", "quota exceeded", "billing", "available balance", "insufficient balance",
        "insufficient credits", "insufficient_credits", "credit balance", "payment required",
    ];

    private static readonly string[] Filter =
    [
        "content_filter", "content_policy", "content policy", "responsibleaipolicyviolation", "data_inspection_failed", "content management policy",
        "sensitive_words", "flagged_input",
    ];

    private static readonly string[] Model = ["model_not_found", "deploymentnotfound", "model_not_available", "invalid_model", "unknown_model"];

    /// <summary>The failure; a null status means that the error came in the disguise of an answer.</summary>
    public static UpstreamFailure Failure(int? status, ErrorBody body)
    {
        // OpenRouter puts the status that it hides into the code.
        var effective = status is null or (>= 200 and < 300)
            ? int.TryParse(body.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var hidden) && hidden is >= 400 and < 600 ? hidden : (int?)null
            : status;
        var kind = Kind(effective, body);
        return new UpstreamFailure(kind, body.Message is { Length: > 0 } message ? message : Silent(effective), status, body.Code ?? body.Type, null, body.Parameter);
    }

    private static UpstreamFailureKind Kind(int? status, ErrorBody body)
    {
        if (ZhipuCode(body.Code) is { } zhipu)
        {
            return zhipu;
        }

        var isRequestFault = status is null or 400 or 413 or 422 or 500;
        if (isRequestFault && Says(body, Overflow) && !Says(body, Throttled))
        {
            return UpstreamFailureKind.ContextLengthExceeded;
        }

        // Cerebras sends no body at all with an overflow.
        if (status is 400 or 413 && body is { Message: null, Code: null, Type: null })
        {
            return UpstreamFailureKind.ContextLengthExceeded;
        }

        if (status is null or 400 or 403 or 422 && Says(body, Filter))
        {
            return UpstreamFailureKind.ContentFiltered;
        }

        // Groq: the request is larger than what the account may send in a minute.
        if (status is 413 && body.Code is UpstreamFailure.AccountLimit)
        {
            return UpstreamFailureKind.ContextLengthExceeded;
        }

        if (status is 402 || (status is null or 400 or 403 or 429 && Says(body, Quota)))
        {
            return UpstreamFailureKind.QuotaExhausted;
        }

        if (status is 404 || (status is null or 400 or 422 && Says(body, Model)) || IsMissingModel(status, body))
        {
            return UpstreamFailureKind.ModelNotFound;
        }

        return status is { } number ? ByStatus(number) : ByWord(body);
    }

    private static bool IsMissingModel(int? status, ErrorBody body) =>
        status is null or 400 or 422 && body.Message is { } message && message.Contains("model", StringComparison.OrdinalIgnoreCase)
        && (message.Contains("does not exist", StringComparison.OrdinalIgnoreCase) || message.Contains("not found", StringComparison.OrdinalIgnoreCase)
            || message.Contains("invalid model", StringComparison.OrdinalIgnoreCase) || message.Contains("not a valid model", StringComparison.OrdinalIgnoreCase));

    // Z.ai hides everything behind 429; its codes tell apart what waiting cures.
    private static UpstreamFailureKind? ZhipuCode(string? code) => code switch
    {
        "1302" or "1303" => UpstreamFailureKind.RateLimited,
        "1304" or "1308" or "1309" or "1310" or "1311" or "1313" or "1113" => UpstreamFailureKind.QuotaExhausted,
        "1305" or "1312" => UpstreamFailureKind.Unavailable,
        "1301" => UpstreamFailureKind.ContentFiltered,
        "1261" => UpstreamFailureKind.ContextLengthExceeded,
        "1211" => UpstreamFailureKind.ModelNotFound,
        _ => null,
    };

    private static UpstreamFailureKind ByStatus(int status) => status switch
    {
        401 or 403 => UpstreamFailureKind.AuthenticationFailed,
        408 or 409 or 424 or 425 or 498 => UpstreamFailureKind.Unavailable,
        429 => UpstreamFailureKind.RateLimited,
        >= 400 and < 500 => UpstreamFailureKind.InvalidRequest,
        _ => UpstreamFailureKind.Unavailable,
    };

    private static UpstreamFailureKind ByWord(ErrorBody body)
    {
        if (Says(body, Throttled))
        {
            return UpstreamFailureKind.RateLimited;
        }

        var word = $"{body.Type} {body.Code}";
        if (word.Contains("authentication", StringComparison.OrdinalIgnoreCase) || word.Contains("invalid_api_key", StringComparison.OrdinalIgnoreCase)
            || word.Contains("permission", StringComparison.OrdinalIgnoreCase))
        {
            return UpstreamFailureKind.AuthenticationFailed;
        }

        return word.Contains("invalid_request", StringComparison.OrdinalIgnoreCase) || word.Contains("invalid_argument", StringComparison.OrdinalIgnoreCase)
            ? UpstreamFailureKind.InvalidRequest
            : UpstreamFailureKind.Unavailable;
    }

    private static bool Says(ErrorBody body, string[] signs)
    {
        foreach (var sign in signs)
        {
            if (Has(body.Code, sign) || Has(body.Type, sign) || Has(body.Message, sign) || Has(body.Detail, sign))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(string? text, string sign) => text?.Contains(sign, StringComparison.OrdinalIgnoreCase) == true;

    private static string Silent(int? status) => status is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"The provider answered {number} and said nothing.")
        : "The provider reported an error and said nothing.";
}
