namespace Sommelier.Upstream.InProcess;

/// <summary>A streamed reply's body: when it is given up, so is the work on it.</summary>
internal sealed class WatchedContent(Stream body, CancellationTokenSource gone, Task writing) : StreamContent(body)
{
    private bool disposed;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !disposed)
        {
            disposed = true;
            gone.Cancel();

            // The token is in use until the client has noticed.
            _ = writing.ContinueWith(static (_, source) => ((CancellationTokenSource)source!).Dispose(), gone, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
