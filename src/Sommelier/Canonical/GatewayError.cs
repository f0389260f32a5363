namespace Sommelier.Canonical;

/// <summary>The closed list of ways in which the gateway tells a caller no.</summary>
public enum GatewayErrorKind
{
    /// <summary>The request is wrong: 400.</summary>
    InvalidRequest,

    /// <summary>No key, or a key that we do not know: 401.</summary>
    Unauthenticated,

    /// <summary>The key may not do this: 403.</summary>
    Forbidden,

    /// <summary>Nothing of that name: 404.</summary>
    ModelNotFound,

    /// <summary>No such endpoint: 404.</summary>
    EndpointNotFound,

    /// <summary>The endpoint knows other methods: 405.</summary>
    MethodNotAllowed,

    /// <summary>The body is larger than the limit: 413.</summary>
    RequestTooLarge,

    /// <summary>The body is of a type that we do not read: 415.</summary>
    UnsupportedMediaType,

    /// <summary>Headers are too many or too large: 431.</summary>
    HeadersTooLarge,

    /// <summary>The money is used up: 402 (429 in OpenAI's dialect).</summary>
    BudgetExceeded,

    /// <summary>Every deployment was dropped by a constraint: 400 or 503, with the reasons.</summary>
    NoCandidate,

    /// <summary>No provider is configured: 503.</summary>
    NoProvider,

    /// <summary>The request fits no window: 400.</summary>
    ContextLengthExceeded,

    /// <summary>Everything that could answer is rate limited: 429.</summary>
    RateLimited,

    /// <summary>Nothing answered in time: 504.</summary>
    UpstreamTimeout,

    /// <summary>Everything that could answer is down: 502 or 503.</summary>
    UpstreamUnavailable,

    /// <summary>Everything that could answer has more to do than it can: 503 (529 in Anthropic's dialect).</summary>
    Overloaded,

    /// <summary>The vendor refused the request: its status.</summary>
    UpstreamRejected,

    /// <summary>The vendor refused the content: 400.</summary>
    ContentFiltered,

    /// <summary>The caller went away: 499, for the record only.</summary>
    Canceled,

    /// <summary>Our own fault: 500.</summary>
    Internal,
}

/// <summary>A no to the caller, in words that may leave the house.</summary>
/// <param name="Kind">Which no.</param>
/// <param name="Message">What is wrong and what to do, safe to show.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Field">The field to blame, as the caller wrote it, or null.</param>
/// <param name="Code">A machine-readable code, e.g. <c>no_provider</c>, or null for the kind's own.</param>
/// <param name="RetryAfter">When to come back, or null.</param>
public sealed record GatewayError(
    GatewayErrorKind Kind, string Message, int Status, string? Field = null, string? Code = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The request is wrong: names the field and the remedy.</summary>
    public static GatewayError Invalid(string? field, string message) => new(GatewayErrorKind.InvalidRequest, message, 400, field);
}
