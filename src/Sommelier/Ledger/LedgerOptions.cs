namespace Sommelier.Ledger;

/// <summary>Where the ledger is and how it batches.</summary>
internal sealed record LedgerOptions
{
    /// <summary>The SQLite file. Made when absent.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The journal's folder, on a local disk. Made when absent.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>When the journal begins a new file, in bytes. Default 8 MB.</summary>
    public long JournalSegmentBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many settled entries wait in memory for the store; more wait in the journal. Default 8192.</summary>
    public int QueueCapacity { get; init; } = 8192;

    /// <summary>The most entries in one transaction. Default 512.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>How long the first entry of a batch waits for company. Default 50 ms.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The first pause after the store failed; doubled up to a hundred times of it. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);
}
