using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using Sommelier.Ledger;

namespace Sommelier.Tests.Ledger;

/// <summary>A store in memory that fails and waits on demand.</summary>
internal sealed class FakeLedgerStore : ILedgerStore
{
    private readonly Lock gate = new();

    public Dictionary<string, LedgerRecord> Records { get; } = [];

    public List<int> Batches { get; } = [];

    /// <summary>Thrown by the next appends while it is set.</summary>
    public Func<IReadOnlyList<LedgerRecord>, Exception?> Failure { get; set; } = _ => null;

    /// <summary>Each append waits for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static LedgerStoreException Busy { get; } = new("busy", true, new SqliteException("busy", 5));

    public LedgerEntry Entry(int n) => Records[Entries.Id(n)].Entry;

    public static string? Text(ILedgerDecision? decision)
    {
        if (decision is null)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        decision.WriteTo(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public async ValueTask AppendAsync(IReadOnlyList<LedgerRecord> batch, CancellationToken cancellationToken)
    {
        await Gate;
        lock (gate)
        {
            if (Failure(batch) is { } failure)
            {
                throw failure;
            }

            Batches.Add(batch.Count);
            foreach (var record in batch)
            {
                Records.TryAdd(record.Entry.RequestId, record);
            }
        }
    }

    public ValueTask<long> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => ValueTask.FromResult(0L);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
