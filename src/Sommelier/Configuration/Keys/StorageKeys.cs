namespace Sommelier.Configuration.Keys;

/// <summary>Keys of <c>resilience</c>, <c>storage</c> and <c>ledger</c>.</summary>
internal static class StorageKeys
{
    public static KeySpec Resilience { get; } = KeySpec.Group(
        "resilience",
        "What may be spent on one request before it is given up",
        KeySpec.Of(KeyKind.Integer, "max_attempts", "The most upstream calls in all", "6", min: 1, max: 50),
        KeySpec.Of(KeyKind.Integer, "max_attempts_per_deployment", "The most calls to one deployment, the first included", "2", min: 1, max: 10),
        KeySpec.Of(KeyKind.Duration, "first_chunk_timeout", "How long the first content may take before the next model is asked", "no limit but total_timeout", min: 0.01m, max: 3600),
        KeySpec.Of(KeyKind.Duration, "stall_timeout", "The longest silence inside a stream", "60s", min: 0.1m, max: 3600),
        KeySpec.Of(KeyKind.Duration, "keep_alive", "After how much silence a stream of events that the caller reads gets a comment (Anthropic: a ping) that keeps it alive; 0s for never", "15s", min: 0, max: 3600),
        KeySpec.Of(KeyKind.Duration, "early_keepalive", "After how long without content such a stream begins all the same: its headers lack what is not known yet, and a failure comes as an error event with status 200", "never", min: 0.1m, max: 3600),
        KeySpec.Of(KeyKind.Duration, "total_timeout", "The longest that a request may take", "10m", min: 1, max: 86_400),
        KeySpec.Of(KeyKind.Duration, "max_retry_delay", "The longest wait before trying the same deployment again; a longer one goes to the next model", "5s", min: 0, max: 600));

    public static KeySpec Storage { get; } = KeySpec.Group(
        "storage",
        "Where the ledger and the accounts are kept",
        KeySpec.Text("sqlite", "The file of the embedded database; relative to the working folder") with { Default = "sommelier.db in server.data" },
        KeySpec.Of(KeyKind.Secret, "postgres", "A PostgreSQL database that several instances share, e.g. Host=db;Username=sommelier;Password=...;Database=sommelier"),
        KeySpec.Of(KeyKind.Secret, "redis", "A Redis in which several instances count budgets and limits and store answers, e.g. redis:6379,password=...; needs postgres"));

    public static KeySpec Ledger { get; } = KeySpec.Group(
        "ledger",
        "What is remembered of requests, and how long",
        KeySpec.Of(KeyKind.Duration, "retention", "Entries older than this are deleted", "kept for ever", min: 3600, max: 315_360_000),
        KeySpec.Group(
            "bodies",
            "Prompts and answers, which are stored only where this says so; a key with no_bodies is left out",
            KeySpec.Choice("store", "Of no request, of all, or of those that failed or broke", "none", "all", "errors") with { Default = "none" },
            KeySpec.Of(KeyKind.Size, "max_bytes", "The most of each body; the rest is cut off", "64KiB", min: 256, max: 16_777_216),
            KeySpec.List("redact", "What is taken out before anything is stored: pii, and regular expressions of your own without lookarounds and backreferences; [] for nothing", KeySpec.Text("pattern", "pii, or a regular expression")) with { Default = "pii" },
            KeySpec.Of(KeyKind.Duration, "retention", "Bodies older than this are deleted, at the latest with their entries", "7d", min: 3600, max: 315_360_000)));
}
