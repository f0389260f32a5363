using System.Collections.Concurrent;
using Sommelier.Ledger;
using Sommelier.Routing;
using Sommelier.Telemetry;

namespace Sommelier.Gateway.Shadows;

/// <summary>Sends copies of answered requests to the shadows of their policies, in the background.</summary>
/// <remarks>
/// A caller's request pays for a look at its policy, and where it is drawn for a copy of its bytes. At most
/// <see cref="MostAtOnce"/> copies run at once; what comes while they do is dropped and counted, so that shadows never
/// take from callers what a slow candidate holds up. Stopping cancels what runs and waits until it is on record.
/// </remarks>
internal sealed class ShadowTraffic(ChatPipeline pipeline, GatewayServices services, ShadowAccounts accounts, GatewayMeter meter) : IAsyncDisposable
{
    /// <summary>The most copies that run at once.</summary>
    public const int MostAtOnce = 8;

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, byte> running = new();
    private int count;

    /// <summary>Takes a request that is over and on record; its body is still lent.</summary>
    public void Offer(Flight flight)
    {
        // A stored answer says that nobody was asked, so there is nothing to compare. A thread can be continued once only, and that was it.
        if (flight is not { Outcome: LedgerOutcome.Succeeded, Decision: { Query.Policy.Shadow: not null } decision, Answer.Age: null, Outline.Threaded: false }
            || ShadowPlan.Drawn(decision) is not { } shadow)
        {
            return;
        }

        if (stopping.IsCancellationRequested || Interlocked.Increment(ref count) > MostAtOnce)
        {
            Interlocked.Decrement(ref count);
            Count(flight, "busy");
            return;
        }

        var body = flight.Body.ToArray();
        var task = Task.Run(() => RunAsync(flight, decision, shadow, body));
        running[task] = 0;
        _ = task.ContinueWith(static (done, all) => ((ConcurrentDictionary<Task, byte>)all!).TryRemove(done, out _), running, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.Keys);
        stopping.Dispose();
    }

    private async Task RunAsync(Flight original, RouteDecision decision, ShadowSettings shadow, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (ShadowPlan.Decide(decision, shadow) is not { } copy)
            {
                Count(original, "not_allowed");
                return;
            }

            var caller = await accounts.OfAsync(decision.Query.Policy.Name, shadow, original.Caller!);
            Count(original, await new ShadowRun(pipeline, services).SendAsync(original, copy, caller, body, stopping.Token));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            services.ReportInternal(original.Call.RequestId, failure);
            Count(original, "failed");
        }
        finally
        {
            Interlocked.Decrement(ref count);
        }
    }

    private void Count(Flight flight, string outcome) => meter.Shadowed(flight.Decision!.Query.Policy.Name, outcome);
}
