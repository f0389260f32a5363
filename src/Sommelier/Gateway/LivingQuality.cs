using System.Data.Common;
using Microsoft.Extensions.Logging;
using Sommelier.Quality;
using Sommelier.Storage;

namespace Sommelier.Gateway;

/// <summary>
/// The quality table of a running gateway: what is published here is used from the next request on, what another process publishes
/// within a second, and callers' feedback is published when the configuration says so.
/// </summary>
internal sealed class LivingQuality : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SnapshotHolder snapshots;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task following;

    /// <param name="book">The versions.</param>
    /// <param name="snapshots">Where the one in force goes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of trouble.</param>
    public LivingQuality(QualityBook book, SnapshotHolder snapshots, TimeProvider time, ILogger logger)
    {
        (Book, this.snapshots, this.time, this.logger) = (book, snapshots, time, logger);
        book.Changed = snapshots.Swap;
        snapshots.Swap(book.Live);
        following = Task.Run(FollowAsync);
    }

    /// <summary>The versions.</summary>
    public QualityBook Book { get; }

    /// <summary>A publication of what waits, over the configuration in force.</summary>
    public Publication Publication(string reason, string actor, bool shadow) => new()
    {
        Reason = reason, Actor = actor, Shadow = shadow, WithFeedback = true, Catalog = snapshots.Configured.Catalog, Settings = snapshots.Configured.Quality,
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await following;
        stopping.Dispose();
    }

    private async Task FollowAsync()
    {
        var since = time.GetUtcNow();
        var failed = false;
        using var timer = new PeriodicTimer(Every, time);
        await using var end = timer.EndedBy(stopping.Token);
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
            {
                try
                {
                    await Book.RefreshAsync(stopping.Token);
                    await Book.PublishFeedbackAsync(snapshots.Configured.Catalog, snapshots.Configured.Quality, since, stopping.Token);
                    failed = false;
                }
                catch (Exception failure) when (failure is DbException or InvalidDataException or IOException or TimeoutException or QualityException)
                {
                    // The version that is known stays in force.
                    if (!failed)
                    {
                        logger.QualityUnreadable(failure);
                        failed = true;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
