using System.Buffers;
using System.Globalization;
using Sommelier.Storage;

namespace Sommelier.Ledger.Journalling;

/// <summary>
/// The append-only memory of requests that the store does not hold yet. A record is in the operating system's hands when
/// the call returns, so it survives the death of the process; it is not forced to the disk, so not that of the machine.
/// </summary>
/// <remarks>
/// Thread-safe. Every append is a copy into a mapped file on the calling thread under a lock, see <see cref="JournalMapping"/>. A new file is begun when the current
/// one is full, and a file whose records are all stored is deleted.
/// </remarks>
internal sealed class Journal : IDisposable
{
    /// <summary>The pattern of a segment's file name.</summary>
    public const string SegmentPattern = "*.journal";

    [ThreadStatic]
    private static FieldWriter? writerOfThread;

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly long segmentBytes;
    private readonly FileStream lockFile;
    private readonly HashSet<JournalSegment> closed = [];
    private JournalSegment? current;
    private long lastNumber;
    private bool disposed;

    /// <param name="folder">Where the files are; made when absent.</param>
    /// <param name="segmentBytes">When to begin a new file. Default 8 MB.</param>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written.</exception>
    public Journal(string folder, long segmentBytes = 8 * 1024 * 1024)
    {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        PrivateFolder.Create(folder);
        lockFile = Lock(Path.Combine(folder, "lock"));
        Leftovers = Directory.GetFiles(folder, SegmentPattern);
        Array.Sort(Leftovers, StringComparer.Ordinal);
        lastNumber = Leftovers.Length == 0 ? 0 : NumberOf(Leftovers[^1]);
    }

    /// <summary>Files of an earlier run, oldest first: not replayed yet.</summary>
    public string[] Leftovers { get; }

    /// <summary>Records that the store does not hold yet.</summary>
    public long Pending
    {
        get
        {
            lock (gate)
            {
                return (current?.Pending ?? 0) + closed.Sum(segment => (long)segment.Pending);
            }
        }
    }

    /// <summary>Notes a request before its upstream call.</summary>
    /// <exception cref="IOException">It was not noted: the disk is full or gone.</exception>
    public JournalTicket Open(LedgerEntry entry)
    {
        var place = Append(JournalRecordKind.Opened, entry);
        return new JournalTicket { Opened = place };
    }

    /// <summary>Notes a request again before a further upstream call; only the last note counts.</summary>
    /// <exception cref="IOException">It was not noted; the earlier note stands.</exception>
    public void Reopen(JournalTicket ticket, LedgerEntry entry)
    {
        var earlier = ticket.Opened.Segment;
        ticket.Opened = Append(JournalRecordKind.Opened, entry);
        lock (gate)
        {
            Release(earlier);
        }
    }

    /// <summary>Notes how a request ended.</summary>
    /// <exception cref="IOException">It was not noted.</exception>
    public void Settle(JournalTicket ticket, LedgerEntry entry) => ticket.Settled = Append(JournalRecordKind.Settled, entry);

    /// <summary>Notes a decision record that could not go to the store's queue.</summary>
    /// <exception cref="IOException">It was not noted.</exception>
    public void Decide(JournalTicket ticket, string requestId, ILedgerDecision decision)
    {
        var json = new ArrayBufferWriter<byte>(4096);
        decision.WriteTo(json);
        var writer = Begin(JournalRecordKind.Decided);
        writer.Text(1, requestId);
        writer.Bytes(2, json.WrittenSpan);
        ticket.Decided = Append(writer);
    }

    /// <summary>Reads a settled entry back.</summary>
    public static LedgerRecord Read(JournalTicket ticket)
    {
        var entry = EntryDecoder.Read(FieldsOf(ticket.Settled));
        return new LedgerRecord(entry, ticket.Decided.Segment is null ? null : DecisionRecord.Read(FieldsOf(ticket.Decided)).Decision);
    }

    /// <summary>The store holds these entries now: files that only they kept are deleted.</summary>
    public void Release(IReadOnlyList<JournalTicket?> tickets)
    {
        lock (gate)
        {
            for (var i = 0; i < tickets.Count; i++)
            {
                if (tickets[i] is { } ticket)
                {
                    Release(ticket.Opened.Segment);
                    Release(ticket.Settled.Segment);
                    Release(ticket.Decided.Segment);
                }
            }
        }
    }

    /// <summary>Closes the files; those with nothing left to store are deleted.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            if (current is { } last)
            {
                current = null;
                Retire(last);
            }

            foreach (var segment in closed)
            {
                segment.Dispose();
            }
        }

        lockFile.Dispose();
    }

    private static FieldWriter Begin(JournalRecordKind kind)
    {
        var writer = writerOfThread ??= new FieldWriter();
        writer.Reset(JournalFrame.HeaderLength);
        writer.Raw((byte)kind);
        return writer;
    }

    private JournalPlace Append(JournalRecordKind kind, LedgerEntry entry)
    {
        var writer = Begin(kind);
        EntryEncoder.Write(writer, entry);
        return Append(writer);
    }

    private JournalPlace Append(FieldWriter writer)
    {
        JournalFrame.Seal(writer.Written);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var segment = Current();
            var at = segment.Append(writer.Written);
            segment.Pending++;
            return new JournalPlace(segment, at, writer.Length);
        }
    }

    private JournalSegment Current()
    {
        if (current is { } segment && segment.Length < segmentBytes)
        {
            return segment;
        }

        // The new file comes first: when it cannot be made, the old one goes on.
        var next = JournalSegment.Create(Path.Combine(folder, (++lastNumber).ToString("D16", CultureInfo.InvariantCulture) + ".journal"), segmentBytes);
        var full = current;
        current = next;
        if (full is not null)
        {
            Retire(full);
        }

        return next;
    }

    private void Release(JournalSegment? segment)
    {
        if (segment is not null && --segment.Pending == 0 && segment != current && closed.Remove(segment))
        {
            segment.Delete();
        }
    }

    private void Retire(JournalSegment segment)
    {
        if (segment.Pending == 0)
        {
            segment.Delete();
        }
        else
        {
            closed.Add(segment);
        }
    }

    private static ReadOnlySpan<byte> FieldsOf(JournalPlace place)
    {
        var frame = place.Segment!.Read(place.At, place.Length);
        return JournalFrame.TryRead(frame, out var payload)
            ? payload[1..]
            : throw new InvalidDataException($"A record in '{place.Segment.Path}' is damaged.");
    }

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException(
                $"The journal's folder '{Path.GetDirectoryName(path)}' is in use or cannot be written ({e.Message}). Stop the other Sommelier, or give this one its own --data folder.", e);
        }
    }
}
