using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;

namespace Sommelier.Tests.Ledger;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Gives_back_every_field_of_an_entry()
    {
        var read = EntryDecoder.Read(Entries.Encoded(Entries.Full(1)));

        Entries.Same(Entries.Full(1), read);
        Assert.Equal(Intent.ContextQa, read.Intent);
        Assert.Equal(0.625, read.IntentConfidence);
        Assert.Equal(TimeSpan.Zero, read.Attempts[1].TimeToFirstChunk);
        Assert.Null(read.Attempts[0].Usage);
        Assert.Equal(Entries.Full(1).Attempts[1], read.Attempts[1]);
        Assert.Equal(Entries.Full(1).Attempts[0], read.Attempts[0]);
        Assert.Equal(Entries.Full(1).Warnings, read.Warnings);
        Assert.Equal(Entries.Full(1).Tags, read.Tags);
    }

    [Fact]
    public void Skips_fields_of_a_later_version()
    {
        var writer = new FieldWriter();
        EntryEncoder.Write(writer, Entries.Settled(1));
        writer.Number(900, -5);
        writer.Text(901, "later");
        var mark = writer.Begin(902);
        writer.Number(1, long.MinValue);
        writer.End(mark);

        Entries.Same(Entries.Settled(1), EntryDecoder.Read(writer.Written));
    }

    [Fact]
    public void Never_writes_the_vendors_words()
    {
        var attempt = Entries.Call(1, 0) with { Failure = new UpstreamFailure(UpstreamFailureKind.AuthenticationFailed, "Incorrect API key provided: sk-secret", 401) };

        var bytes = Entries.Encoded(Entries.Settled(1) with { Attempts = [attempt] });

        Assert.Equal(-1, bytes.AsSpan().IndexOf("sk-secret"u8));
    }

    [Fact]
    public async Task Replays_what_was_open_as_unknown_and_what_was_settled_as_it_was()
    {
        using (var journal = new Journal(folder["j"]))
        {
            journal.Open(Entries.Opening(1));
            var ticket = journal.Open(Entries.Opening(2));
            journal.Settle(ticket, Entries.Full(2));
        }

        var store = new FakeLedgerStore();
        using var second = new Journal(folder["j"]);
        var result = await JournalReplay.RunAsync(second.Leftovers, store, static (_, why) => throw why, default);

        Assert.Equal(new JournalReplayResult(1, 1, 0), result);
        Assert.Equal(LedgerOutcome.Unknown, store.Entry(1).Outcome);
        Entries.Same(Entries.Opening(1), store.Entry(1));
        Entries.Same(Entries.Full(2), store.Entry(2));
        Assert.Empty(Directory.GetFiles(folder["j"], Journal.SegmentPattern));
    }

    [Fact]
    public async Task Survives_being_cut_at_every_byte()
    {
        var path = Write(out var ends);
        var whole = await File.ReadAllBytesAsync(path);
        Assert.Equal(whole.Length, ends[^1]);
        Assert.NotEqual(0, whole[^1]);

        for (var length = 0; length <= whole.Length; length++)
        {
            var cut = folder["cut.journal"];
            await File.WriteAllBytesAsync(cut, whole[..length]);
            var store = new FakeLedgerStore();

            var result = await JournalReplay.RunAsync([cut], store, static (_, why) => throw why, default);

            // Records: open 1, open 2, settle 1, open 3, settle 3.
            var records = ends.Count(end => end <= length);
            Assert.Equal(records switch { 0 => 0, 1 => 1, 2 or 3 => 2, _ => 3 }, store.Records.Count);
            Assert.Equal(records switch { < 3 => 0, < 5 => 1, _ => 2 }, result.Settled);

            // Zeros at the end are what was made ready for records.
            Assert.Equal(whole.AsSpan((records == 0 ? 0 : ends[records - 1])..length).TrimEnd((byte)0).Length, result.DamagedBytes);
            Assert.Equal(records >= 3 ? LedgerOutcome.Broken : LedgerOutcome.Unknown, records == 0 ? LedgerOutcome.Unknown : store.Entry(1).Outcome);
        }
    }

    [Fact]
    public async Task Finds_the_records_behind_a_damaged_one()
    {
        var path = Write(out var ends);
        var whole = await File.ReadAllBytesAsync(path);

        for (var at = ends[0]; at < ends[1]; at++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0x40;
            var damaged = folder["damaged.journal"];
            await File.WriteAllBytesAsync(damaged, bytes);
            var store = new FakeLedgerStore();

            var result = await JournalReplay.RunAsync([damaged], store, static (_, why) => throw why, default);

            Assert.Equal(2, result.Settled);
            Assert.Equal(0, result.Unknown);
            Assert.Equal(ends[1] - ends[0], result.DamagedBytes);
        }
    }

    [Fact]
    public async Task What_a_killed_process_had_made_ready_is_no_damage_and_hides_no_record()
    {
        var path = Write(out var ends);
        var whole = await File.ReadAllBytesAsync(path);
        var (left, store) = (folder["left.journal"], new FakeLedgerStore());
        await File.WriteAllBytesAsync(left, [.. whole[..ends[1]], .. new byte[5000], .. whole[ends[1]..], .. new byte[300_000]]);

        var result = await JournalReplay.RunAsync([left], store, static (_, why) => throw why, default);

        // Zeros between records are: nobody leaves them there.
        Assert.Equal(new JournalReplayResult(2, 1, 5000), result);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    [InlineData(300_000)]
    [InlineData(600_000)]
    public async Task Records_are_whole_on_both_sides_of_the_end_of_what_is_mapped(int segmentBytes)
    {
        const int Count = 800;
        byte[] text = [(byte)'"', .. Enumerable.Repeat((byte)'x', 400_000), (byte)'"'];
        using (var journal = new Journal(folder["j"], segmentBytes))
        {
            for (var n = 0; n < Count; n++)
            {
                var ticket = journal.Open(Entries.Opening(n));
                journal.Settle(ticket, Entries.Full(n));
                if (n % 200 == 0)
                {
                    // Longer than any step, and than most of these files.
                    journal.Decide(ticket, Entries.Id(n), new JsonLedgerDecision(text));
                    Assert.Equal(400_002, FakeLedgerStore.Text(Journal.Read(ticket).Decision)!.Length);
                }

                Entries.Same(Entries.Full(n), Journal.Read(ticket).Entry);
            }
        }

        var store = new FakeLedgerStore();
        using var second = new Journal(folder["j"], segmentBytes);
        Assert.Equal(new JournalReplayResult(Count, 0, 0), await JournalReplay.RunAsync(second.Leftovers, store, static (_, why) => throw why, default));
        Assert.Equal(Count, store.Records.Count);
    }

    [Fact]
    public async Task An_entry_that_the_store_refuses_keeps_neither_the_others_out_nor_the_gateway_from_starting()
    {
        using (var journal = new Journal(folder["j"]))
        {
            foreach (var n in new[] { 1, 2, 3 })
            {
                journal.Settle(journal.Open(Entries.Opening(n)), Entries.Full(n));
            }
        }

        var store = new FakeLedgerStore { Failure = static batch => batch.Any(static record => record.Entry.RequestId == Entries.Id(2)) ? new OverflowException() : null };
        List<string> refused = [];
        using var second = new Journal(folder["j"]);
        await JournalReplay.RunAsync(second.Leftovers, store, (id, _) => refused.Add(id), default);

        Assert.Equal([Entries.Id(2)], refused);
        Assert.Equal([Entries.Id(1), Entries.Id(3)], store.Records.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(folder["j"], Journal.SegmentPattern));
    }

    [Fact]
    public async Task A_store_that_is_busy_keeps_the_journal_as_it_is()
    {
        using (var journal = new Journal(folder["j"]))
        {
            journal.Settle(journal.Open(Entries.Opening(1)), Entries.Full(1));
        }

        var store = new FakeLedgerStore { Failure = static _ => FakeLedgerStore.Busy };
        using var second = new Journal(folder["j"]);
        await Assert.ThrowsAsync<LedgerStoreException>(async () => await JournalReplay.RunAsync(second.Leftovers, store, static (_, _) => { }, default));
        Assert.NotEmpty(Directory.GetFiles(folder["j"], Journal.SegmentPattern));
    }

    [Fact]
    public async Task Stores_each_request_once_however_often_it_is_replayed()
    {
        var path = Write(out _);
        var copy = folder["copy.journal"];
        File.Copy(path, copy);
        var store = new FakeLedgerStore();

        await JournalReplay.RunAsync([path], store, static (_, why) => throw why, default);
        await JournalReplay.RunAsync([copy], store, static (_, why) => throw why, default);

        Assert.Equal(3, store.Records.Count);
        Assert.Equal(LedgerOutcome.Broken, store.Entry(1).Outcome);
        Assert.Equal(LedgerOutcome.Unknown, store.Entry(2).Outcome);
    }

    [Fact]
    public void Deletes_a_file_once_everything_in_it_is_stored()
    {
        using var journal = new Journal(folder["j"], segmentBytes: 600);
        var tickets = new List<JournalTicket?>();
        for (var i = 0; i < 20; i++)
        {
            var ticket = journal.Open(Entries.Opening(i));
            journal.Settle(ticket, Entries.Settled(i));
            tickets.Add(ticket);
        }

        Assert.True(Files().Length > 5);
        Assert.Equal(40, journal.Pending);

        // The newest first: files go as they empty, in any order.
        tickets.Reverse();
        journal.Release(tickets[..19]);
        Assert.True(Files().Length <= 3);
        journal.Release(tickets[19..]);
        Assert.Single(Files());
        Assert.Equal(0, journal.Pending);

        journal.Dispose();
        Assert.Empty(Files());
    }

    [Fact]
    public void Keeps_what_is_not_stored_when_it_closes()
    {
        using (var journal = new Journal(folder["j"]))
        {
            journal.Open(Entries.Opening(1));
        }

        Assert.Single(Files());
    }

    [Fact]
    public void Lets_only_one_process_in()
    {
        using var journal = new Journal(folder["j"]);

        var error = Assert.Throws<IOException>(() => new Journal(folder["j"]));

        Assert.Contains("Stop the other Sommelier", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_settled_entry_and_its_decision_back()
    {
        using var journal = new Journal(folder["j"]);
        var ticket = journal.Open(Entries.Opening(1));
        journal.Settle(ticket, Entries.Full(1));
        journal.Decide(ticket, Entries.Id(1), new JsonLedgerDecision("{\"a\":1}"u8.ToArray()));

        var record = Journal.Read(ticket);

        Entries.Same(Entries.Full(1), record.Entry);
        Assert.Equal("{\"a\":1}", FakeLedgerStore.Text(record.Decision));
    }

    [Fact]
    public async Task Replays_a_decision_that_stands_in_the_next_file()
    {
        using (var journal = new Journal(folder["j"], segmentBytes: 1))
        {
            var ticket = journal.Open(Entries.Opening(1));
            journal.Settle(ticket, Entries.Settled(1));
            journal.Decide(ticket, Entries.Id(1), new JsonLedgerDecision("{}"u8.ToArray()));
        }

        Assert.Equal(3, Files().Length);
        var store = new FakeLedgerStore();
        using var second = new Journal(folder["j"]);
        await JournalReplay.RunAsync(second.Leftovers, store, static (_, why) => throw why, default);

        Assert.Equal("{}", FakeLedgerStore.Text(store.Records[Entries.Id(1)].Decision));
    }

    private string[] Files() => Directory.GetFiles(folder["j"], Journal.SegmentPattern);

    /// <summary>Writes open 1, open 2, settle 1, open 3, settle 3, and gives the end of each.</summary>
    private string Write(out List<int> ends)
    {
        ends = [];
        var path = "";
        var places = new List<JournalTicket>();
        using (var journal = new Journal(folder["w"]))
        {
            places.Add(journal.Open(Entries.Opening(1)));
            path = Directory.GetFiles(folder["w"], Journal.SegmentPattern).Single();
            places.Add(journal.Open(Entries.Opening(2)));
            journal.Settle(places[0], Entries.Full(1));
            places.Add(journal.Open(Entries.Opening(3)));
            journal.Settle(places[2], Entries.Settled(3));
        }

        foreach (var place in (ReadOnlySpan<JournalPlace>)[places[0].Opened, places[1].Opened, places[0].Settled, places[2].Opened, places[2].Settled])
        {
            ends.Add((int)place.At + place.Length);
        }

        return path;
    }
}
