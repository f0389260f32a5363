using System.Buffers;
using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Upstream;

namespace Sommelier.Gateway.Bodies;

/// <summary>An exchange whose reply is copied on its way out, up to a limit.</summary>
internal sealed class CopyingExchange : IExchange
{
    private readonly IExchange inner;

    /// <param name="inner">The caller's.</param>
    /// <param name="copy">Takes the copy.</param>
    public CopyingExchange(IExchange inner, ReplyCopy copy)
    {
        this.inner = inner;
        Output = new Writer(inner.Output, copy);
    }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <inheritdoc/>
    public CallerHints ReadHints() => inner.ReadHints();

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(long maxBytes, CancellationToken cancellationToken) => inner.ReadBodyAsync(maxBytes, cancellationToken);

    /// <inheritdoc/>
    public void Start(ReplyHead head) => inner.Start(head);

    /// <inheritdoc/>
    public void Abort() => inner.Abort();

    private sealed class Writer(PipeWriter inner, ReplyCopy copy) : PipeWriter
    {
        private Memory<byte> lent;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            copy.Add(lent.Span[..bytes]);

            // Several advances may follow one request for memory.
            lent = lent[bytes..];
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => lent = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}

/// <summary>The copy of a reply, in pooled memory.</summary>
/// <param name="rules">Of the moment at which the request came in.</param>
internal sealed class ReplyCopy(BodyRules rules) : IDisposable
{
    private readonly PooledBuffer buffer = new();

    /// <summary>The rules that it is copied by.</summary>
    public BodyRules Rules => rules;

    /// <summary>What was copied.</summary>
    public ReadOnlySpan<byte> Span => buffer.Span;

    /// <summary>How many bytes the reply had.</summary>
    public long Total { get; private set; }

    /// <summary>Takes bytes of the reply; those beyond the limit of streams are only counted.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Total += bytes.Length;
        var room = rules.MaxReplyBytes(streamed: true) - buffer.Length;
        buffer.Write(bytes[..Math.Min(room, bytes.Length)]);
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();
}
