namespace Sommelier.Server.Conformance.Scripted;

/// <summary>A request as the fault server saw it.</summary>
public sealed class SeenRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TaskCompletionSource played = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path and query.</summary>
    public required string Path { get; init; }

    /// <summary>The headers; names in any case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body.</summary>
    public required string Body { get; init; }

    /// <summary>Done once everything that was scripted has been sent: from here on a hanging reply hangs.</summary>
    public Task Played => played.Task.WaitAsync(Patience);

    /// <summary>Done once the other side has closed the connection, with the moment as a timestamp of <see cref="TimeProvider.System"/>.</summary>
    public Task<long> ClosedByPeer => closed.Task.WaitAsync(Patience);

    /// <summary>Whether the other side has closed the connection.</summary>
    public bool IsClosed => closed.Task.IsCompleted;

    internal void MarkPlayed() => played.TrySetResult();

    internal void MarkClosed() => closed.TrySetResult(TimeProvider.System.GetTimestamp());
}
