using Sommelier.Canonical;
using Sommelier.Resilience;

namespace Sommelier.Gateway;

/// <summary>Begins the reply to a stream request while nobody has answered it yet, where the configuration says <c>early_keepalive</c>.</summary>
/// <remarks>
/// Some proxies cut a connection that is silent for a minute, and some models think longer. What the head cannot know yet is left
/// out of it, and a failure can only come as the dialect's error event.
/// </remarks>
internal sealed class EarlyReply : IAsyncDisposable
{
    private readonly KeepAlive alive;
    private readonly ITimer timer;

    private EarlyReply(TimeProvider time, Flight flight, IExchange exchange, ReadOnlyMemory<byte> mark, TimeSpan after, TimeSpan every, CancellationToken cancellationToken)
    {
        alive = new(exchange.Output, mark, left: static () => { }, cancellationToken, begin: () =>
        {
            flight.Status = 200;
            flight.BeganEarly = true;
            exchange.Start(ReplyHeads.Early(flight));
        });
        alive.Silence();
        timer = time.CreateTimer(static alive => ((KeepAlive)alive!).Beat(), alive, after, every);
    }

    /// <summary>Watches over a request until it is disposed; null where it has no early reply.</summary>
    public static EarlyReply? For(TimeProvider time, Flight flight, IExchange exchange, CancellationToken cancellationToken)
    {
        var limits = flight.Snapshot.Attempts;
        if (limits.EarlyKeepAlive is not { } after || flight.Outline is not { Stream: true, Operation: Operation.Chat })
        {
            return null;
        }

        var mark = flight.Call.Format.Streams.KeepAliveFor(flight.ReplyContext());
        return mark.IsEmpty ? null : new(time, flight, exchange, mark, after, limits.KeepAlive > TimeSpan.Zero ? limits.KeepAlive : after, cancellationToken);
    }

    /// <summary>Ends it: whoever disposes may write next.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        while (!alive.TrySpeak(out var beaten))
        {
            await beaten;
        }
    }
}
