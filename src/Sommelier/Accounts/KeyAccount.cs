namespace Sommelier.Accounts;

/// <summary>A key as it is known here: never itself, only its hash.</summary>
internal sealed record KeyAccount : Account
{
    /// <summary>SHA-256 of the key, 32 bytes. The key has 256 random bits, so a slow hash would add nothing.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>The key's first characters, to tell keys apart in a list.</summary>
    public required string Prefix { get; init; }

    /// <summary>What it opens.</summary>
    public KeyRole Role { get; init; } = KeyRole.Caller;

    /// <summary>From when on it opens nothing; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What may be asked: providers, models, deployments or aliases, as in a policy's <c>only</c>; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The policies that may be named; the first is what <c>auto</c> means for this key; empty for all.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>The endpoints that may be called: <c>chat</c>, <c>embeddings</c>, <c>models</c>; empty for all.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether bodies are kept out of the store, whatever the configuration says.</summary>
    public bool NoBodies { get; init; }
}
