namespace Sommelier.Server.Conformance.Callers;

/// <summary>What a caller saw of one reply.</summary>
internal sealed record CallerView
{
    /// <summary>The HTTP status; 0 where there was no head.</summary>
    public int Status { get; init; }

    /// <summary>The wait in seconds that the head names; null for none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The body so far, uncompressed.</summary>
    public string Body { get; init; } = "";

    /// <summary>Why the connection broke; null where it did not.</summary>
    public string? Broken { get; init; }

    /// <summary>Whether the caller gave up waiting.</summary>
    public bool TimedOut { get; init; }

    /// <summary>From the request to the end.</summary>
    public TimeSpan Duration { get; init; }
}
