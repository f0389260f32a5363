using System.Security.Cryptography.X509Certificates;
using Sommelier.Configuration;

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

    /// <summary>The largest body: with <see cref="RequestTimeout"/> it tells how slow a sender may be. Default 32 MB.</summary>
    public long MaxBodyBytes { get; init; } = 32_000_000;

    /// <summary>How long a request's headers may take, and then its body. Default 2 min.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The certificate of https addresses, or null.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Which web pages may call from a browser; null for none.</summary>
    public CorsConfig? Cors { get; init; }

    /// <summary>Whose tokens open <c>/admin</c>; null for nobody's.</summary>
    public OidcConfig? Oidc { get; init; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long the gateway waits for running requests when it stops. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
