namespace Sommelier.Gateway;

/// <summary>What a request may weigh.</summary>
internal sealed record RequestLimits
{
    /// <summary>The largest body, in bytes. Default 32 MB.</summary>
    public long MaxBodyBytes { get; init; } = 32_000_000;

    /// <summary>The most header fields. Default 100.</summary>
    public int MaxHeaders { get; init; } = 100;

    /// <summary>All header fields together, in bytes. Default 32 KiB.</summary>
    public int MaxHeaderBytes { get; init; } = 32_768;

    /// <summary>The deepest nesting of a JSON body. Default 64.</summary>
    public int MaxJsonDepth { get; init; } = 64;

    /// <summary>How long sending headers and body may take the caller. Default 2 min.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
