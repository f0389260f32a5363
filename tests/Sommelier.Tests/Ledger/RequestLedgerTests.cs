using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;
using Sommelier.Ledger.Sqlite;

namespace Sommelier.Tests.Ledger;

public sealed class RequestLedgerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Sees_its_own_entries_at_once()
    {
        await using var ledger = await OpenAsync();
        var ticket = ledger.Open(Entries.Opening(1));
        ledger.Settle(ticket, Entries.Full(1), new JsonLedgerDecision("{\"why\":1}"u8.ToArray()));

        var decision = await ledger.Queries.GetDecisionAsync(Entries.Id(1), default);

        Assert.Equal("{\"why\":1}"u8.ToArray(), decision!.Value.ToArray());
        Entries.Same(Entries.Full(1), await ledger.Queries.GetAsync(Entries.Id(1), default));
        Assert.Equal(0, ledger.QueueDepth);
    }

    [Fact]
    public async Task Records_a_request_that_never_reached_an_upstream()
    {
        await using var ledger = await OpenAsync();

        ledger.Settle(null, Entries.Opening(1) with { Outcome = LedgerOutcome.Failed, Status = 400, Error = Canonical.GatewayErrorKind.InvalidRequest, Attempts = [] });

        var entry = Assert.Single(await ledger.Queries.GetLatestAsync(10, default));
        Assert.Equal(LedgerOutcome.Failed, entry.Outcome);
        Assert.Equal(Canonical.GatewayErrorKind.InvalidRequest, entry.Error);
    }

    [Fact]
    public async Task Has_exactly_one_entry_per_request_under_64_writers()
    {
        const int Writers = 64;
        const int Each = 1_000;
        await using (var ledger = await OpenAsync())
        {
            var tasks = Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var n = (w * Each) + i;
                    var ticket = ledger.Open(Entries.Opening(n));
                    ledger.Settle(ticket, Entries.Settled(n, cost: n));
                }
            }));
            await Task.WhenAll(tasks);
            await ledger.FlushAsync(default);

            var total = Assert.Single(await ledger.Queries.GetTotalsAsync(Entries.Noon, Entries.Noon.AddDays(1), default));
            Assert.Equal(Writers * Each, total.Attempts);
            Assert.Equal((long)Writers * Each * ((Writers * Each) - 1) / 2, total.CostNanoUsd);
            Assert.Equal(0, ledger.Counts.Dropped);
            Assert.Equal(0, ledger.Counts.JournalFailures);
        }

        Assert.Empty(Directory.GetFiles(folder["journal"], Journal.SegmentPattern));
    }

    [Fact]
    public async Task Brings_back_what_a_crash_left_exactly_once()
    {
        await using (var ledger = await OpenAsync())
        {
            ledger.Open(Entries.Opening(1));
            ledger.Settle(ledger.Open(Entries.Opening(2)), Entries.Full(2));
            await ledger.FlushAsync(default);

            // What the disk holds at this moment is what a crash would leave: one open, one settled and stored already.
            CopyTo("crashed");
        }

        for (var start = 0; start < 3; start++)
        {
            await using var ledger = await OpenAsync("crashed");
            var entries = await ledger.Queries.GetLatestAsync(10, default);
            Assert.Equal(2, entries.Count);
            Entries.Same(Entries.Full(2), entries[0]);
            Assert.Equal(LedgerOutcome.Unknown, entries[1].Outcome);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(3_000)]
    public async Task Has_every_request_once_after_the_process_was_killed(int requests)
    {
        await KilledProcess.RunAsync(folder.Path, requests);
        await KilledProcess.RunAsync(folder.Path, 100);

        await using var ledger = await RequestLedger.OpenAsync(KilledProcess.Options(folder.Path), TimeProvider.System, NullLogger.Instance, default);
        var entries = (await ledger.Queries.GetLatestAsync(int.MaxValue, default)).ToDictionary(entry => entry.RequestId);
        var (opened, settled) = KilledProcess.Account(folder.Path);

        Assert.True(settled.Count >= requests);
        Assert.All(opened, id => Assert.True(entries.ContainsKey(id), $"{id} reached the upstream and is not in the ledger."));
        Assert.All(settled, id => Assert.Equal(LedgerOutcome.Succeeded, entries[id].Outcome));

        // Two processes were killed: each may have died between the journal and its own account.
        Assert.InRange(entries.Count - opened.Count, 0, 2);
        Assert.InRange(entries.Values.Count(entry => entry.Outcome == LedgerOutcome.Unknown), 0, 2);
        Assert.Equal(entries.Values.Count(entry => entry.Outcome == LedgerOutcome.Succeeded) * 1_234L, (await ledger.Queries.GetTotalsAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default)).Sum(total => total.CostNanoUsd));
    }

    [Fact]
    public async Task Goes_on_when_the_journal_cannot_be_written()
    {
        var journal = new Journal(folder["journal"]);
        var store = SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System);
        await using var ledger = await RequestLedger.OpenAsync(journal, store, store.Queries, Options(""), TimeProvider.System, NullLogger.Instance, default);

        // The folder's place is taken by a file: no segment can be made, as on a full disk.
        Directory.Delete(folder["journal"], recursive: true);
        await File.WriteAllTextAsync(folder["journal"], "");
        var ticket = ledger.Open(Entries.Opening(1));
        ledger.Settle(ticket, Entries.Full(1));

        Assert.Null(ticket);
        Assert.Equal(2, ledger.Counts.JournalFailures);
        Entries.Same(Entries.Full(1), await ledger.Queries.GetAsync(Entries.Id(1), default));
    }

    [Fact]
    public async Task Refuses_a_folder_that_another_process_uses()
    {
        await using var ledger = await OpenAsync();

        await Assert.ThrowsAsync<IOException>(async () => await OpenAsync());
    }

    private LedgerOptions Options(string under) => new()
    {
        DatabasePath = System.IO.Path.Combine(folder.Path, under, "ledger.db"),
        JournalFolder = System.IO.Path.Combine(folder.Path, under, "journal"),
    };

    private ValueTask<RequestLedger> OpenAsync(string under = "") =>
        RequestLedger.OpenAsync(Options(under), TimeProvider.System, NullLogger.Instance, default);

    private void CopyTo(string under)
    {
        Directory.CreateDirectory(folder[Path.Combine(under, "journal")]);
        foreach (var file in Directory.GetFiles(folder.Path, "ledger.db*").Concat(Directory.GetFiles(folder["journal"], Journal.SegmentPattern)))
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(folder[Path.Combine(under, Path.GetRelativePath(folder.Path, file))]);
            from.CopyTo(to);
        }
    }
}
