namespace Sommelier.Gateway.Kept;

/// <summary>Where answers are kept, and how long.</summary>
internal sealed record ResponseStoreOptions
{
    /// <summary>How long answers are kept where nobody says.</summary>
    public static TimeSpan DefaultRetention { get; } = TimeSpan.FromDays(30);

    /// <summary>How many bytes are kept where nobody says: 64 MiB.</summary>
    public const long DefaultMaxBytes = 64 * 1024 * 1024;

    /// <summary>Whether they are kept in the PostgreSQL that several instances share.</summary>
    public bool Shared { get; init; }

    /// <summary>The SQLite file; null keeps them in memory.</summary>
    public string? Path { get; init; }

    /// <summary>How long each is kept.</summary>
    public TimeSpan Retention { get; init; } = DefaultRetention;

    /// <summary>The most bytes of inputs and answers together.</summary>
    public long MaxBytes { get; init; } = DefaultMaxBytes;
}
