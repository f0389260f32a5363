using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;
using Sommelier.Ledger.Sqlite;

namespace Sommelier.Benchmarks;

/// <summary>What the ledger costs a request: on its own thread (id, open, settle) and behind it (the store).</summary>
[MemoryDiagnoser]
[WarmupCount(3)]
[IterationCount(10)]
#pragma warning disable CA1001 // GlobalCleanup disposes them.
public class LedgerBenchmarks
#pragma warning restore CA1001
{
    private readonly RequestIdGenerator ids = new(TimeProvider.System);
    private readonly FieldWriter fields = new();
    private readonly List<JournalTicket?> released = new(1);
    private readonly byte[] decision = new byte[3_000];
    private LedgerEntry settled = null!;
    private string folder = null!;
    private Journal journal = null!;
    private RequestLedger ledger = null!;
    private SqliteLedgerStore store = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        decision.AsSpan().Fill((byte)' ');
        folder = Directory.CreateTempSubdirectory("sommelier-bench-").FullName;
        journal = new Journal(Path.Combine(folder, "journal"));
        store = SqliteLedgerStore.Open(Path.Combine(folder, "store.db"), TimeProvider.System);
        ledger = await RequestLedger.OpenAsync(
            new LedgerOptions { DatabasePath = Path.Combine(folder, "ledger.db"), JournalFolder = Path.Combine(folder, "ledger") },
            TimeProvider.System,
            NullLogger.Instance,
            default);
        settled = Opening("") with
        {
            Outcome = LedgerOutcome.Succeeded,
            Status = 200,
            Duration = TimeSpan.FromMilliseconds(900),
            Attempts =
            [
                new Attempt
                {
                    Number = 1,
                    DeploymentId = "openai/gpt-6-luna",
                    RequestModel = "gpt-6-luna",
                    ResponseModel = "gpt-6-luna-2026-09-01",
                    StartedAt = DateTimeOffset.UnixEpoch.AddYears(56),
                    Outcome = AttemptOutcome.Succeeded,
                    Usage = new Usage { InputTokens = 512, OutputTokens = 200 },
                    CostNanoUsd = 1_234_567,
                },
            ],
        };
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await ledger.DisposeAsync();
        await store.DisposeAsync();
        journal.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark]
    public string MakeId() => ids.Next();

    [Benchmark]
    public int EncodeEntry()
    {
        fields.Reset(12);
        EntryEncoder.Write(fields, settled);
        return fields.Length;
    }

    /// <summary>The append before the upstream call: one system call.</summary>
    [Benchmark]
    public void JournalAppend()
    {
        var ticket = journal.Open(settled);
        released.Clear();
        released.Add(ticket);
        journal.Release(released);
    }

    /// <summary>All that a request pays on its own thread: id, two entries, two appends, the queue. The store runs beside it.</summary>
    [Benchmark]
    public void OpenAndSettle()
    {
        var id = ids.Next();
        var ticket = ledger.Open(Opening(id));
        ledger.Settle(ticket, settled with { RequestId = id });
    }

    /// <summary>What the background pays: 512 entries with an attempt and a decision of 3 kB each, one transaction.</summary>
    [Benchmark(OperationsPerInvoke = 512)]
    public async Task StoreEntry()
    {
        var batch = new List<LedgerRecord>(512);
        var content = new JsonLedgerDecision(decision);
        for (var i = 0; i < 512; i++)
        {
            batch.Add(new LedgerRecord(settled with { RequestId = ids.Next() }, content));
        }

        await store.AppendAsync(batch, default);
    }

    private static LedgerEntry Opening(string id) => new()
    {
        RequestId = id,
        StartedAt = DateTimeOffset.UnixEpoch.AddYears(56),
        InboundFormat = "openai-chat",
        Endpoint = "/v1/chat/completions",
        CallerKeyId = "key_1",
        OriginalModel = "auto",
        Policy = "balanced",
        PolicyVersion = "0123456789abcdef",
        CatalogVersion = "0123456789abcdef",
        Intent = Intent.Coding,
        IntentConfidence = 0.8,
        Reason = "cheapest_good_enough",
        DeploymentId = "openai/gpt-6-luna",
    };
}
