namespace Sommelier.Canonical;

/// <summary>What went wrong upstream, in one vocabulary: the closed list that the attempt loop decides by.</summary>
public enum UpstreamFailureKind
{
    /// <summary>No connection: refused, no address, TLS failed.</summary>
    ConnectFailed,

    /// <summary>Connected, then cut before or inside the answer.</summary>
    ConnectionLost,

    /// <summary>No first content within the latency budget, or no byte for longer than the stall limit.</summary>
    Timeout,

    /// <summary>408, 409, 500 and above, overloaded, model still loading.</summary>
    Unavailable,

    /// <summary>Too many requests or tokens for now.</summary>
    RateLimited,

    /// <summary>Money or plan is used up; waiting does not help.</summary>
    QuotaExhausted,

    /// <summary>The key is wrong or may not do this.</summary>
    AuthenticationFailed,

    /// <summary>The vendor does not know the model.</summary>
    ModelNotFound,

    /// <summary>The request does not fit the model's window, or what its provider takes at once.</summary>
    ContextLengthExceeded,

    /// <summary>The vendor refused the request's content.</summary>
    ContentFiltered,

    /// <summary>The vendor says that the request is wrong (400, 413, 422).</summary>
    InvalidRequest,

    /// <summary>An answer that is not the format: malformed chunk, no end mark, not JSON.</summary>
    ProtocolError,

    /// <summary>An answer with nothing in it.</summary>
    EmptyAnswer,

    /// <summary>An answer that has not the form that was asked for, where the target cannot be held to it: no JSON, or against its schema.</summary>
    InvalidAnswer,
}

/// <summary>A failure of one upstream call.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Message">The vendor's own words, or ours: for the log and, where <see cref="IsMessageSafe"/>, the caller.</param>
/// <param name="Status">The HTTP status, or null when there was none.</param>
/// <param name="Code">The vendor's code, e.g. <c>insufficient_quota</c>, or null.</param>
/// <param name="RetryAfter">How long the vendor asks to wait, or null.</param>
/// <param name="Parameter">The field that the vendor blames, or null.</param>
public sealed record UpstreamFailure(
    UpstreamFailureKind Kind, string Message, int? Status = null, string? Code = null, TimeSpan? RetryAfter = null, string? Parameter = null)
{
    /// <summary>The code of a limit of the account's, beside <see cref="UpstreamFailureKind.ContextLengthExceeded"/> of one that the request alone is too large for.</summary>
    internal const string AccountLimit = "rate_limit_exceeded";

    /// <summary>The vendor's explicit word on trying again (<c>x-should-retry</c>); null when it said nothing.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>Whether it is the server's router that knows no such address, rather than the endpoint there that knows no such model.</summary>
    internal bool IsNoEndpoint { get; init; }

    /// <summary>Whether an application says by it that nothing has run, although it had taken the request: it checks its key or its settings first.</summary>
    public bool NothingRan { get; init; }

    /// <summary>Whether the words may reach the caller: only what is about the caller's own request.</summary>
    public bool IsMessageSafe => Kind is UpstreamFailureKind.InvalidRequest or UpstreamFailureKind.ContextLengthExceeded
        or UpstreamFailureKind.ContentFiltered or UpstreamFailureKind.InvalidAnswer;
}
