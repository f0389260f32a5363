namespace Sommelier.Server.Edge;

/// <summary>What the HTTP edge is told at start; these need a restart to change.</summary>
internal sealed record EdgeOptions
{
    /// <summary>Where to listen. Default <c>http://127.0.0.1:4000</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:4000"];

    /// <summary>The most headers of a request. Default 100.</summary>
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary>The most bytes of all headers of a request. Default 32 kB.</summary>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>How long a request's headers may take. Default 15 s.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the gateway waits for running requests when it stops. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
