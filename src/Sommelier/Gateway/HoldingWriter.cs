using System.IO.Pipelines;
using Sommelier.Resilience;
using Sommelier.Upstream;

namespace Sommelier.Gateway;

/// <summary>Takes an answer that nobody gets to see before it has been checked, and writes it again as it was written, flush by flush.</summary>
/// <param name="most">The most bytes that it holds: what is longer has a reader that goes away. As much as of a whole answer by default.</param>
#pragma warning disable CA1001 // Whoever holds the answer gives the memory back: Release.
internal sealed class HoldingWriter(int most = AnswerSize.MaxWhole) : PipeWriter
#pragma warning restore CA1001
{
    private readonly PooledBuffer held = new();
    private readonly List<int> ends = [];

    /// <summary>How many bytes it holds.</summary>
    public int Length => held.Length;

    /// <summary>What it holds.</summary>
    public ReadOnlySpan<byte> Span => held.Span;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => held.Length - (ends.Count == 0 ? 0 : ends[^1]);

    /// <summary>Writes it all to a caller.</summary>
    /// <returns>False when the caller has gone.</returns>
    public async ValueTask<bool> ReleaseToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        // What stands behind the last flush was never meant to be seen by itself.
        ends.Add(held.Length);
        var start = 0;
        foreach (var end in ends)
        {
            if (end == start && held.Length > 0)
            {
                continue;
            }

            var flushed = await output.WriteAsync(held.Memory[start..end], cancellationToken);
            if (flushed.IsCanceled || flushed.IsCompleted)
            {
                return false;
            }

            start = end;
        }

        return true;
    }

    /// <summary>Gives the memory back; may be called twice.</summary>
    public void Release() => held.Dispose();

    /// <inheritdoc/>
    public override void Advance(int bytes) => held.Advance(bytes);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => held.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => held.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (UnflushedBytes > 0)
        {
            ends.Add(held.Length);
        }

        return new(new FlushResult(isCanceled: cancellationToken.IsCancellationRequested, isCompleted: held.Length > most));
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
    }
}
