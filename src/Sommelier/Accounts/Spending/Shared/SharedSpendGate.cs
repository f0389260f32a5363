using System.Collections.Concurrent;
using System.Data.Common;
using Sommelier.Ledger;
using StackExchange.Redis;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>The gate of instances that share their accounts: counts in Redis, all accounts of a request in one step.</summary>
/// <remarks>
/// <para>What was spent in a window comes from the ledger when Redis does not know it, and is raised to the ledger's sums
/// again and again: an amount that Redis lost comes back.</para>
/// <para>While Redis is away each instance lets through its share: what was left of a budget when last seen, and the limits per
/// minute, divided by the number of instances that lived. So limits hold, and nobody is shut out. When it is back, what runs is
/// held there again before anything new is.</para>
/// </remarks>
internal sealed class SharedSpendGate : ISpendGate, IAsyncDisposable
{
    private static readonly TimeSpan RaiseEvery = TimeSpan.FromMinutes(1);

    private readonly RedisLink link;
    private readonly ILedgerQueries ledger;
    private readonly Func<AccountDirectory> accounts;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, (long NanoUsd, long Tokens)> seen = new(StringComparer.Ordinal);
    private readonly RunningHolds running;
    private readonly ITimer raising;
    private LocalShare? share;

    /// <summary>A gate; the link stays the giver's.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="ledger">Knows what was spent.</param>
    /// <param name="accounts">The accounts in force.</param>
    /// <param name="time">The clock.</param>
    public SharedSpendGate(RedisLink link, ILedgerQueries ledger, Func<AccountDirectory> accounts, TimeProvider time)
    {
        (this.link, this.ledger, this.accounts, this.time) = (link, ledger, accounts, time);
        running = new(link, (key, nanoUsd, tokens) => seen[key] = (nanoUsd, tokens));

        // Twice: some may begin while the others are moved.
        link.Recovering = RecoverAsync;
        link.Recovered = running.MoveAllAsync;
        raising = time.CreateTimer(_ => _ = RaiseAllAsync(), null, RaiseEvery, RaiseEvery);
    }

    /// <inheritdoc/>
    public async ValueTask<SpendAnswer> ReserveAsync(IReadOnlyList<Account> payers, SpendAsk ask, DateTimeOffset began, CancellationToken cancellationToken)
    {
        if (link.IsUp)
        {
            try
            {
                if (await ReserveSharedAsync(new(link.Instance, payers, ask, began, time.GetUtcNow())) is { } answer)
                {
                    return answer;
                }
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                link.Fail(failure);
            }
        }

        var local = Share();
        var own = await local.ReserveAsync(payers, ask, began, cancellationToken);
        if (own.Hold is { } hold)
        {
            await running.BeginAsync(hold, new(null, local));
        }

        return own;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ExtendAsync(SpendHold hold, IReadOnlyList<Account> payers, long nanoUsd, long tokens, CancellationToken cancellationToken)
    {
        if (!running.TryGet(hold, out var place))
        {
            return false;
        }

        await place.Turn.WaitAsync(cancellationToken);
        try
        {
            if (place.Instance is not { } instance)
            {
                return await place.Share!.ExtendAsync(hold, payers, nanoUsd, tokens, cancellationToken);
            }

            var budgets = ReserveCall.Budgets(payers, hold.At).ToList();
            RedisValue[] arguments =
                [instance, SpendScripts.Lease, nanoUsd, tokens, budgets.Count, .. budgets.SelectMany(static one => (RedisValue[])[one.Key, one.Budget.NanoUsd ?? -1, one.Budget.Tokens ?? -1])];
            if ((long)await link.Database.ScriptEvaluateAsync(SpendScripts.Of(SpendScripts.Extend), [SpendScripts.Instances], arguments) != 1)
            {
                return false;
            }

            hold.NanoUsd += nanoUsd;
            hold.Tokens += tokens;
            return true;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // Nobody can say; a second call that cannot be counted is not made.
            link.Fail(failure);
            return false;
        }
        finally
        {
            place.Turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(SpendHold hold, long nanoUsd, long tokens)
    {
        if (!running.TryEnd(hold, out var place))
        {
            return;
        }

        await place.Turn.WaitAsync();
        try
        {
            place.IsOver = true;
            if (place.Instance is not { } instance)
            {
                await place.Share!.SettleAsync(hold, nanoUsd, tokens);
                return;
            }

            var budgets = ReserveCall.Budgets(hold.Accounts, hold.At).ToList();
            RedisValue[] arguments =
            [
                instance,
                hold.NanoUsd,
                hold.Tokens,
                nanoUsd,
                tokens,
                tokens - hold.MinuteTokens,

                // What was counted too much is taken back where it was counted: of another minute's use nothing is forgiven.
                (tokens > hold.MinuteTokens ? time.GetUtcNow() : hold.TakenAt).ToUnixTimeMilliseconds() / 60_000,
                budgets.Count,
                .. budgets.Select(static one => (RedisValue)one.Key),
                .. hold.Accounts.Where(static account => account.Limits.TokensPerMinute is not null).Select(static account => (RedisValue)account.Id),
            ];
            await link.Database.ScriptEvaluateAsync(SpendScripts.Of(SpendScripts.Settle), [SpendScripts.Instances], arguments);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The ledger has the amount, and raises it; what is held goes with this instance's name.
            link.Fail(failure);
        }
        finally
        {
            place.Turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await raising.DisposeAsync();

    // Null where Redis has forgotten this instance and with it what runs here, or a window of which the ledger cannot say now what was spent.
    private async ValueTask<SpendAnswer?> ReserveSharedAsync(ReserveCall call)
    {
        var arguments = call.Arguments();
        while (true)
        {
            var answer = (RedisValue[])(await link.Database.ScriptEvaluateAsync(SpendScripts.Of(SpendScripts.Reserve), [SpendScripts.Instances], arguments))!;
            switch ((string)answer[0]!)
            {
                case "held":
                    foreach (var (key, nanoUsd, tokens) in call.Seen(answer))
                    {
                        seen[key] = (nanoUsd, tokens);
                    }

                    var hold = call.Hold(answer);
                    await running.BeginAsync(hold, new(call.Instance, null));
                    return new SpendAnswer(hold, null);
                case "forgotten":
                    link.Forgotten();
                    return null;
                case "missing":
                    for (var at = 1; at < answer.Length; at += 2)
                    {
                        var account = call.Payers[(int)answer[at]];
                        var window = account.Limits.Budgets[(int)answer[at + 1]].Window;
                        if (await ledger.GetSpendSoonAsync(account.Id, window, call.Began, time) is not { } spent)
                        {
                            return null;
                        }

                        await RaiseAsync(account, window, call.Began, spent);
                    }

                    break;
                default:
                    return new SpendAnswer(null, call.Refusal(answer));
            }
        }
    }

    private async Task RecoverAsync()
    {
        await RaiseAllAsync();
        await running.MoveAllAsync();
    }

    private Task<RedisResult> RaiseAsync(Account account, SpendWindow window, DateTimeOffset now, SpendTotal spent) => link.Database.ScriptEvaluateAsync(
        SpendScripts.Raise, [SpendScripts.Instances], [ReserveCall.KeyOf(account, window, now), spent.CostNanoUsd, spent.Tokens, ReserveCall.SecondsToLive(window)]);

    private async Task RaiseAllAsync()
    {
        var now = time.GetUtcNow();
        var known = ReserveCall.Budgets([.. accounts().All], now).Select(static one => one.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var key in seen.Keys.Where(key => !known.Contains(key)).ToList())
        {
            seen.TryRemove(key, out _);
        }

        try
        {
            foreach (var account in accounts().All)
            {
                foreach (var budget in account.Limits.Budgets)
                {
                    await RaiseAsync(account, budget.Window, now, await ledger.GetSpendAsync(account.Id, budget.Window, now, CancellationToken.None));
                }
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or LedgerStoreException or DbException)
        {
            // The next time is soon enough.
        }
    }

    // One for each outage: of the next one other things are known.
    private LocalShare Share()
    {
        var (known, outage) = (Volatile.Read(ref share), link.Outages);
        if (known?.Outage == outage)
        {
            return known;
        }

        var made = new LocalShare(
            new(time), link.Instances, (account, window, now) => seen.TryGetValue(ReserveCall.KeyOf(account, window, now), out var last) ? last : null, ledger, time, outage);
        return Interlocked.CompareExchange(ref share, made, known) is var other && ReferenceEquals(other, known) ? made : other!;
    }
}
