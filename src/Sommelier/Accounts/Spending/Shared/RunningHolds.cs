using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>What this instance holds for requests that run, and where: after an outage all of it is moved into Redis.</summary>
/// <param name="link">The connection.</param>
/// <param name="saw">Told of a window's key what is spent and held of it, in nano-USD and tokens.</param>
internal sealed class RunningHolds(RedisLink link, Action<string, long, long> saw)
{
    private readonly ConcurrentDictionary<SpendHold, HoldPlace> places = new();

    /// <summary>Where a hold is counted; false where it is settled.</summary>
    public bool TryGet(SpendHold hold, [NotNullWhen(true)] out HoldPlace? place) => places.TryGetValue(hold, out place);

    /// <summary>The same, and it runs no more.</summary>
    public bool TryEnd(SpendHold hold, [NotNullWhen(true)] out HoldPlace? place) => places.TryRemove(hold, out place);

    /// <summary>A request begins to run. Redis may have come back while its hold was taken.</summary>
    public async ValueTask BeginAsync(SpendHold hold, HoldPlace place)
    {
        places[hold] = place;
        if (link.IsUp)
        {
            try
            {
                await MoveAsync(hold, place);
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                link.Fail(failure);
            }
        }
    }

    /// <summary>Holds in Redis, under the name that this instance has now, all that is held elsewhere.</summary>
    /// <exception cref="RedisException">Redis is away again.</exception>
    public Task MoveAllAsync() => Task.WhenAll(places.Select(one => MoveAsync(one.Key, one.Value)));

    private async Task MoveAsync(SpendHold hold, HoldPlace place)
    {
        var instance = link.Instance;
        if (string.Equals(place.Instance, instance, StringComparison.Ordinal))
        {
            return;
        }

        await place.Turn.WaitAsync();
        try
        {
            if (place.IsOver)
            {
                return;
            }

            var budgets = ReserveCall.Budgets(hold.Accounts, hold.At).ToList();
            RedisValue[] arguments =
                [instance, SpendScripts.Lease, hold.NanoUsd, hold.Tokens, .. budgets.SelectMany(static one => (RedisValue[])[one.Key, ReserveCall.SecondsToLive(one.Budget.Window)])];
            var answer = (RedisValue[])(await link.Database.ScriptEvaluateAsync(SpendScripts.Hold, [SpendScripts.Instances], arguments))!;
            place.Instance = instance;
            for (var at = 0; at < budgets.Count; at++)
            {
                saw(budgets[at].Key, (long)answer[2 * at], (long)answer[(2 * at) + 1]);
            }
        }
        finally
        {
            place.Turn.Release();
        }
    }
}
