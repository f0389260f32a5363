using System.Buffers;
using System.IO.Pipelines;

namespace Sommelier.Resilience;

/// <summary>Writes a mark into a caller's stream while its own writer has nothing to say, so that no proxy takes it for dead.</summary>
/// <remarks>
/// The stream's writer says when it is silent and, before it writes again, that it speaks; the timer's thread writes only in
/// between, thus never inside an event. That costs the writer two atomic stores a chunk and no memory.
/// </remarks>
/// <param name="output">The caller's stream, of which whole events have been flushed whenever its writer is silent.</param>
/// <param name="mark">What is written: see <see cref="Wire.IStreamWire.KeepAliveFor"/>.</param>
/// <param name="left">Called when it turns out that the caller has gone.</param>
/// <param name="cancellationToken">Cancelled when the stream ends anyway.</param>
/// <param name="begin">Called before the first mark; null when the stream has begun.</param>
internal sealed class KeepAlive(PipeWriter output, ReadOnlyMemory<byte> mark, Action left, CancellationToken cancellationToken, Action? begin = null)
{
    private const int Speaking = 0;
    private const int Silent = 1;
    private const int Beating = 2;

    private readonly Lock gate = new();
    private TaskCompletionSource beaten = new();
    private Action? begin = begin;
    private int state;

    /// <summary>The writer has flushed what it had, and waits.</summary>
    public void Silence() => Volatile.Write(ref state, Silent);

    /// <summary>The writer is about to write.</summary>
    /// <param name="beaten">Where the answer is no: ends when the mark that is being written is out.</param>
    /// <returns>Whether it may.</returns>
    public bool TrySpeak(out Task beaten)
    {
        if (Interlocked.CompareExchange(ref state, Speaking, Silent) != Beating)
        {
            beaten = Task.CompletedTask;
            return true;
        }

        beaten = Volatile.Read(ref this.beaten).Task;
        return false;
    }

    /// <summary>Writes a mark, when the writer is silent. Never throws.</summary>
    public void Beat()
    {
        TaskCompletionSource done;
        lock (gate)
        {
            if (Volatile.Read(ref state) != Silent)
            {
                return;
            }

            // There before the state says so, for the writer to find.
            beaten = done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Interlocked.CompareExchange(ref state, Beating, Silent) != Silent)
            {
                return;
            }
        }

        _ = WriteAsync(done);
    }

    private async Task WriteAsync(TaskCompletionSource done)
    {
        var gone = false;
        try
        {
            begin?.Invoke();
            begin = null;
            output.Write(mark.Span);
            var flushed = await output.FlushAsync(cancellationToken);
            gone = flushed.IsCompleted || flushed.IsCanceled;
        }
        catch (OperationCanceledException)
        {
            // The writer knows.
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            gone = true;
        }

        Volatile.Write(ref state, Silent);
        done.SetResult();
        if (gone)
        {
            left();
        }
    }
}
