using Sommelier.Accounts;
using Sommelier.Gateway;
using Sommelier.Gateway.Caching;
using Sommelier.Gateway.Kept;

namespace Sommelier.Configuration;

/// <summary>Where the gateway listens, and what it lets in.</summary>
internal sealed record ServerConfig
{
    public const string DefaultUrl = "http://127.0.0.1:4000";
    public const string DefaultData = "./.sommelier";

    /// <summary>Addresses to listen on.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>The folder of the gateway's own files.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>Caller keys in clear; hashed when the snapshot is built. Empty: loopback only.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    public RequestLimits Limits { get; init; } = new();

    /// <summary>Answers kept for callers who continue them by their ids; null: none.</summary>
    public ResponsesConfig? Responses { get; init; } = new(Place: null, Path: null, ResponseStoreOptions.DefaultRetention, ResponseStoreOptions.DefaultMaxBytes);

    /// <summary>The most bytes of stored answers.</summary>
    public long CacheMaxBytes { get; init; } = MemoryAnswerCache.DefaultMaxBytes;

    /// <summary>Whose tokens open <c>/admin</c>; null: nobody's.</summary>
    public OidcConfig? Oidc { get; init; }

    /// <summary>Null: no web page may call.</summary>
    public CorsConfig? Cors { get; init; }

    /// <summary>Null: no https, or the one of the framework's own settings.</summary>
    public TlsConfig? Tls { get; init; }
}

/// <summary>Where answers are kept.</summary>
internal enum ResponsePlace
{
    /// <summary>In memory, until the process ends.</summary>
    Memory,

    /// <summary>In a file of this instance.</summary>
    File,

    /// <summary>In the PostgreSQL of all instances.</summary>
    Shared,
}

/// <summary>Where answers are kept, and how long.</summary>
/// <param name="Place">Where; null: in PostgreSQL where <c>storage.postgres</c> is set, else in memory.</param>
/// <param name="Path">The file; null: <c>responses.db</c> in <see cref="ServerConfig.Data"/>.</param>
/// <param name="Retention">How long each is kept.</param>
/// <param name="MaxBytes">The most bytes of all.</param>
internal sealed record ResponsesConfig(ResponsePlace? Place, string? Path, TimeSpan Retention, long MaxBytes);

/// <summary>Which web pages may call from a browser.</summary>
internal sealed record CorsConfig(IReadOnlyList<string> Origins, TimeSpan MaxAge);

/// <summary>The certificate of https addresses.</summary>
/// <param name="Certificate">A PEM file, or a PFX file when <paramref name="Key"/> is null.</param>
/// <param name="Key">The PEM file of the private key.</param>
/// <param name="Password">Of the key or the PFX file.</param>
internal sealed record TlsConfig(string Certificate, string? Key, string? Password);

/// <summary>An OpenID Connect issuer whose tokens open <c>/admin</c>.</summary>
/// <param name="Authority">The issuer, as its tokens name it.</param>
/// <param name="Audience">What its tokens must be made for.</param>
/// <param name="RoleClaim">The claim that holds the roles; dots lead into claims inside claims.</param>
/// <param name="Roles">The role of each of the claim's values.</param>
internal sealed record OidcConfig(Uri Authority, string Audience, string RoleClaim, IReadOnlyDictionary<string, KeyRole> Roles);
