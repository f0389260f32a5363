using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;

namespace Sommelier.Tests.Ledger;

public sealed class LedgerWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeLedgerStore store = new();
    private readonly LedgerCounts counts = new();
    private readonly FakeTimeProvider time = new(Entries.Noon);
    private readonly Journal journal;

    public LedgerWriterTests() => journal = new Journal(folder["j"]);

    public void Dispose()
    {
        journal.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Stores_everything_that_was_added_before_a_flush()
    {
        await using var writer = Writer();
        for (var i = 0; i < 100; i++)
        {
            Add(writer, i);
        }

        await writer.FlushAsync(default);

        Assert.Equal(100, store.Records.Count);
        Assert.Equal(100, counts.Stored);
        Assert.Equal(0, journal.Pending);
    }

    [Fact]
    public async Task Gathers_a_batch_until_its_delay_is_over()
    {
        var stored = new TaskCompletionSource();
        store.Failure = _ =>
        {
            stored.TrySetResult();
            return null;
        };
        await using var writer = Writer();
        for (var i = 0; i < 10; i++)
        {
            Add(writer, i);
        }

        // The loop arms its timer on another thread; advance until it has fired.
        while (!stored.Task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await writer.FlushAsync(default);
        Assert.Equal(10, store.Batches.Sum());
        Assert.True(store.Batches.Count <= 2, $"{store.Batches.Count} batches for ten entries.");
    }

    [Fact]
    public async Task Never_makes_a_batch_larger_than_asked()
    {
        var open = new TaskCompletionSource();
        store.Gate = open.Task;
        await using var writer = Writer(batch: 64);
        for (var i = 0; i < 1_000; i++)
        {
            Add(writer, i);
        }

        open.SetResult();
        await writer.FlushAsync(default);

        Assert.All(store.Batches, size => Assert.InRange(size, 1, 64));
        Assert.Equal(1_000, store.Records.Count);
    }

    [Fact]
    public async Task Leaves_the_overflow_to_the_journal_and_fetches_it_later()
    {
        var open = new TaskCompletionSource();
        store.Gate = open.Task;
        await using var writer = Writer(capacity: 16, batch: 8);

        for (var i = 0; i < 500; i++)
        {
            Add(writer, i, decision: $"{{\"n\":{i}}}");
        }

        Assert.True(counts.Spilled >= 500 - 16 - 16, $"{counts.Spilled} spilled.");
        open.SetResult();
        await writer.FlushAsync(default);

        Assert.Equal(500, store.Records.Count);
        Assert.Equal("{\"n\":499}", FakeLedgerStore.Text(store.Records[Entries.Id(499)].Decision));
        Entries.Same(Entries.Settled(499), store.Entry(499));
        Assert.Equal(0, counts.Dropped);
        Assert.Equal(0, journal.Pending);
    }

    [Fact]
    public async Task Counts_what_neither_queue_nor_journal_can_hold()
    {
        var open = new TaskCompletionSource();
        store.Gate = open.Task;
        await using var writer = Writer(capacity: 4, batch: 4);

        for (var i = 0; i < 100; i++)
        {
            writer.Add(Entries.Settled(i), null, new JournalTicket());
        }

        open.SetResult();
        await writer.FlushAsync(default);

        Assert.Equal(100, counts.Dropped + counts.Stored);
        Assert.True(counts.Dropped >= 100 - 4 - 4, $"{counts.Dropped} dropped.");
    }

    [Fact]
    public async Task Keeps_a_batch_that_the_store_refused_and_tries_again()
    {
        store.Failure = _ => FakeLedgerStore.Busy;
        await using var writer = Writer();
        Add(writer, 1);

        await Assert.ThrowsAsync<LedgerStoreException>(async () => await writer.FlushAsync(default));
        await Assert.ThrowsAsync<LedgerStoreException>(async () => await writer.FlushAsync(default));
        Assert.Equal(2, journal.Pending);
        store.Failure = _ => null;
        while (counts.Stored == 0)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await writer.FlushAsync(default);
        Assert.Single(store.Records);
        Assert.Equal(0, journal.Pending);
    }

    [Fact]
    public async Task Stores_the_others_when_one_entry_is_refused()
    {
        store.Failure = batch => batch.Any(record => record.Entry.RequestId == Entries.Id(3)) ? new OverflowException("too much money") : null;
        await using var writer = Writer();
        for (var i = 0; i < 10; i++)
        {
            Add(writer, i);
        }

        await writer.FlushAsync(default);

        Assert.Equal(9, store.Records.Count);
        Assert.Equal(1, counts.Dropped);
        Assert.Equal(9, counts.Stored);
        Assert.Equal(0, journal.Pending);
    }

    [Fact]
    public async Task Stores_what_waits_when_it_is_disposed()
    {
        var writer = Writer();
        for (var i = 0; i < 2_000; i++)
        {
            Add(writer, i);
        }

        await writer.DisposeAsync();

        Assert.Equal(2_000, store.Records.Count);
    }

    [Fact]
    public async Task Leaves_everything_to_the_journal_when_it_is_disposed_and_the_store_fails()
    {
        store.Failure = _ => FakeLedgerStore.Busy;
        var writer = Writer();
        for (var i = 0; i < 2_000; i++)
        {
            Add(writer, i);
        }

        await writer.DisposeAsync();
        journal.Dispose();

        store.Failure = _ => null;
        using var second = new Journal(folder["j"]);
        await JournalReplay.RunAsync(second.Leftovers, store, static (_, why) => throw why, default);
        Assert.Equal(2_000, store.Records.Count);
        Assert.All(store.Records.Values, record => Assert.Equal(LedgerOutcome.Succeeded, record.Entry.Outcome));
        Assert.Equal(0, counts.Dropped);
    }

    private LedgerWriter Writer(int capacity = 8192, int batch = 512) => new(
        store,
        journal,
        new LedgerOptions { DatabasePath = "", JournalFolder = "", QueueCapacity = capacity, BatchSize = batch },
        counts,
        time,
        NullLogger.Instance);

    private void Add(LedgerWriter writer, int n, string? decision = null)
    {
        var ticket = journal.Open(Entries.Opening(n));
        journal.Settle(ticket, Entries.Settled(n));
        writer.Add(Entries.Settled(n), decision is null ? null : new JsonLedgerDecision(System.Text.Encoding.UTF8.GetBytes(decision)), ticket);
    }
}
