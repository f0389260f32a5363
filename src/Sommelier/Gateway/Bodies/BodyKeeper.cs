using System.Buffers;
using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sommelier.Ledger;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway.Bodies;

/// <summary>Copies bodies where the configuration wants them, and redacts and stores them on a thread of its own.</summary>
/// <remarks>
/// Bodies are for looking at, not for the books: when more come than can be stored, or the store fails, the newest are left
/// out and that is logged; no request waits for them.
/// </remarks>
internal sealed partial class BodyKeeper : IAsyncDisposable
{
    // What waits may weigh so much, however many it is.
    private const long MostWaitingBytes = 64 * 1024 * 1024;

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly BodyStore store;
    private readonly ILogger logger;
    private readonly Task loop;
    private long waitingBytes;
    private bool failing;

    /// <param name="store">Where they go.</param>
    /// <param name="logger">Is told what could not be stored: ids, never bodies.</param>
    public BodyKeeper(BodyStore store, ILogger logger)
    {
        this.store = store;
        this.logger = logger;
        loop = Task.Run(RunAsync);
    }

    /// <summary>The exchange that copies the reply, where the configuration and the caller's key want that; else the same one.</summary>
    public static IExchange Copied(Flight flight, IExchange exchange)
    {
        if (flight.Snapshot.Bodies is not { } rules || flight.Caller?.Known is { Key.NoBodies: true })
        {
            return exchange;
        }

        flight.Reply = new(rules);
        return new CopyingExchange(exchange, flight.Reply);
    }

    /// <summary>Takes the bodies of a request that is over. The request's own body is still lent.</summary>
    public void Keep(Flight flight)
    {
        if (flight.Reply is not { } reply)
        {
            return;
        }

        flight.Reply = null;
        var failed = flight.Outcome is LedgerOutcome.Failed or LedgerOutcome.Broken;
        var waiting = reply.Rules.Store == BodyStorage.All || failed ? Copy(flight, reply) : default;
        if (waiting.RequestId is null)
        {
            reply.Dispose();
            return;
        }

        if (Interlocked.Add(ref waitingBytes, waiting.Bytes) > MostWaitingBytes || !queue.Writer.TryWrite(waiting))
        {
            Release(waiting);
            BodiesLeftOut(logger, waiting.RequestId);
        }
    }

    /// <summary>A request's bodies, those that wait included; null when none were stored.</summary>
    public async ValueTask<StoredBodies?> GetAsync(string requestId, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync(new() { Flush = done }, cancellationToken);
        await done.Task.WaitAsync(cancellationToken);
        return await store.GetAsync(requestId, cancellationToken);
    }

    /// <summary>Deletes what is older.</summary>
    /// <exception cref="DbException">Nothing was deleted.</exception>
    public ValueTask PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => store.PurgeAsync(before, cancellationToken);

    /// <summary>Stores what waits and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private static Waiting Copy(Flight flight, ReplyCopy reply)
    {
        var body = flight.Body.Span;
        var request = new PooledBuffer(Math.Min(body.Length, reply.Rules.MaxBytes));
        request.Write(body[..Math.Min(body.Length, reply.Rules.MaxBytes)]);
        return new()
        {
            RequestId = flight.Call.RequestId,
            Format = flight.Call.Format,
            Request = request,
            RequestCut = body.Length > request.Length,
            Reply = reply,
            Streamed = flight is { Status: 200, Outline.Stream: true },
        };
    }

    private async Task RunAsync()
    {
        await foreach (var waiting in queue.Reader.ReadAllAsync())
        {
            if (waiting.Flush is { } flush)
            {
                flush.TrySetResult();
                continue;
            }

            try
            {
                await store.PutAsync(Redacted(waiting), CancellationToken.None);
                failing = false;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Once until it works again: a full disk fails every one.
                if (!failing)
                {
                    failing = true;
                    BodiesNotStored(logger, waiting.RequestId!, failure.GetType().Name);
                }
            }

            Release(waiting);
        }
    }

    private static StoredBodies Redacted(in Waiting waiting)
    {
        var (request, reply) = (waiting.Request!, waiting.Reply!);
        var redactor = reply.Rules.Redactor;
        var sent = reply.Span[..Math.Min(reply.Span.Length, reply.Rules.MaxReplyBytes(waiting.Streamed))];
        var cut = reply.Total > sent.Length;
        ReadOnlyMemory<byte>? told = null;
        if (!sent.IsEmpty)
        {
            told = waiting.Streamed
                ? RedactedJson.Of(StreamedReply.Assemble(waiting.Format!, sent, cut, redactor), cut: false, redactor)
                : RedactedJson.Of(sent, cut, redactor);
        }

        return new(
            waiting.RequestId!,
            request.Length == 0 ? default(ReadOnlyMemory<byte>?) : RedactedJson.Of(request.Span, waiting.RequestCut, redactor).AsMemory(),
            waiting.RequestCut,
            told,
            cut);
    }

    private void Release(in Waiting waiting)
    {
        Interlocked.Add(ref waitingBytes, -waiting.Bytes);
        waiting.Request?.Dispose();
        waiting.Reply?.Dispose();
    }

    [LoggerMessage(1520, LogLevel.Warning, "The bodies of request {RequestId} were left out: too many wait to be stored.")]
    private static partial void BodiesLeftOut(ILogger logger, string requestId);

    [LoggerMessage(1521, LogLevel.Error, "The bodies of request {RequestId} could not be stored ({Failure}); those of later requests are tried, and it is said again once one was stored.")]
    private static partial void BodiesNotStored(ILogger logger, string requestId, string failure);

    private readonly record struct Waiting
    {
        public string? RequestId { get; init; }

        public IWireFormat? Format { get; init; }

        public PooledBuffer? Request { get; init; }

        public bool RequestCut { get; init; }

        public ReplyCopy? Reply { get; init; }

        public bool Streamed { get; init; }

        public TaskCompletionSource? Flush { get; init; }

        public long Bytes => (Request?.Length ?? 0) + (Reply?.Span.Length ?? 0);
    }
}
