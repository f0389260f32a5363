using System.Data.Common;
using Sommelier.Evals.Scheduling;
using Sommelier.Ledger;

namespace Sommelier.Server.Cli.Evals.Scheduling;

/// <summary>The right to work on the schedule, which one process has at a time. It ends by itself a minute after its holder died.</summary>
internal sealed class ScheduleLease : IAsyncDisposable
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Renewed = TimeSpan.FromSeconds(15);

    private readonly ScheduleStore store;
    private readonly TimeProvider time;
    private readonly string holder;
    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource done = new();
    private readonly Task renewing;

    private ScheduleLease(ScheduleStore store, TimeProvider time, string holder, CancellationToken cancellationToken)
    {
        (this.store, this.time, this.holder) = (store, time, holder);
        lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        renewing = Task.Run(RenewAsync, CancellationToken.None);
    }

    /// <summary>Is cancelled when the work must end: by the caller, or because the lease could not be held on to.</summary>
    public CancellationToken Token => lost.Token;

    /// <summary>Takes the lease; null while another process has it.</summary>
    public static async ValueTask<ScheduleLease?> TakeAsync(ScheduleStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var holder = new RequestIdGenerator(time).Next();
        var now = time.GetUtcNow();
        return await store.TakeLeaseAsync(holder, now, now + Lasts, cancellationToken) ? new(store, time, holder, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await renewing;
        try
        {
            await store.DropLeaseAsync(holder, CancellationToken.None);
        }
        catch (Exception failure) when (failure is DbException or IOException or TimeoutException)
        {
            // It ends by itself.
        }

        lost.Dispose();
        done.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Renewed, time);
            while (await timer.WaitForNextTickAsync(done.Token))
            {
                var now = time.GetUtcNow();
                if (!await store.TakeLeaseAsync(holder, now, now + Lasts, done.Token))
                {
                    await lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Done.
        }
        catch (Exception failure) when (failure is DbException or IOException or TimeoutException)
        {
            // Whether somebody else has it now cannot be known.
            await lost.CancelAsync();
        }
    }
}
