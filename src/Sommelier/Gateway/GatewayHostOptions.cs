using Microsoft.Extensions.AI;
using Sommelier.Gateway.Caching;
using Sommelier.Gateway.Kept;

namespace Sommelier.Gateway;

/// <summary>What a gateway is told once, at start.</summary>
internal sealed record GatewayHostOptions
{
    /// <summary>The ledger's SQLite file.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>
    /// Whether a change of accounts and the like in that file outlives a loss of the machine's power; each waits for the disk then.
    /// Otherwise it outlives the death of the process, as ledger entries do.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>The PostgreSQL that several instances share instead of the file; null for none.</summary>
    public string? Postgres { get; init; }

    /// <summary>The Redis in which several instances count budgets and limits and store answers; null: this process counts alone.</summary>
    public string? Redis { get; init; }

    /// <summary>The journal's folder, on a local disk.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>How long ledger entries are kept; null for ever.</summary>
    public TimeSpan? LedgerRetention { get; init; }

    /// <summary>Where answers are kept for callers who continue them by their ids; null: nowhere.</summary>
    public ResponseStoreOptions? Responses { get; init; }

    /// <summary>The most bytes of answers that are stored for requests that are the same.</summary>
    public long CacheMaxBytes { get; init; } = MemoryAnswerCache.DefaultMaxBytes;

    /// <summary>Stands in for the network (simulated providers); null for the network.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>The chat clients that answer for the provider <c>in-process</c>, by model.</summary>
    public IReadOnlyDictionary<string, IChatClient> ChatClients { get; init; } = new Dictionary<string, IChatClient>(StringComparer.Ordinal);
}
