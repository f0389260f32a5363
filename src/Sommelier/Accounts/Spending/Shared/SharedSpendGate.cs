using System.Collections.Concurrent;
using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Ledger;
using StackExchange.Redis;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>The gate of instances that share their accounts: counts in Redis, all accounts of a request in one step.</summary>
/// <remarks>
/// <para>What was spent in a window comes from the ledger when Redis does not know it, and is raised to the ledger's sums
/// again and again: an amount that Redis lost comes back.</para>
/// <para>While Redis is away each instance lets through its share: what was left of a budget when last seen, and the limits per
/// minute, divided by the number of instances that lived. So limits hold, and nobody is shut out.</para>
/// </remarks>
internal sealed class SharedSpendGate : ISpendGate, IAsyncDisposable
{
    private static readonly TimeSpan RaiseEvery = TimeSpan.FromMinutes(1);

    private readonly RedisLink link;
    private readonly ILedgerQueries ledger;
    private readonly Func<AccountDirectory> accounts;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, (long NanoUsd, long Tokens)> seen = new(StringComparer.Ordinal);
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
        link.Recovered = RaiseAllAsync;
        raising = time.CreateTimer(_ => _ = RaiseAllAsync(), null, RaiseEvery, RaiseEvery);
    }

    /// <inheritdoc/>
    public async ValueTask<SpendAnswer> ReserveAsync(IReadOnlyList<Account> payers, SpendAsk ask, DateTimeOffset began, CancellationToken cancellationToken)
    {
        if (link.IsUp)
        {
            try
            {
                return await ReserveSharedAsync(payers, ask, began, cancellationToken);
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                link.Fail(failure);
            }
        }

        return await Share().ReserveAsync(payers, ask, began, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ExtendAsync(SpendHold hold, long nanoUsd, long tokens, CancellationToken cancellationToken)
    {
        if (hold.Origin is LocalShare local)
        {
            return await local.ExtendAsync(hold, nanoUsd, tokens, cancellationToken);
        }

        var budgets = Budgets(hold.Accounts, hold.At).ToList();
        RedisValue[] arguments = [(string)hold.Origin!, SpendScripts.Lease, nanoUsd, tokens, budgets.Count, .. budgets.SelectMany(static one => (RedisValue[])[one.Key, one.Budget.NanoUsd ?? -1, one.Budget.Tokens ?? -1])];
        try
        {
            if ((long)await link.Database.ScriptEvaluateAsync(SpendScripts.Of(SpendScripts.Extend), [SpendScripts.Instances], arguments) != 1)
            {
                return false;
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // Nobody can say; a second call that cannot be counted is not made.
            link.Fail(failure);
            return false;
        }

        hold.NanoUsd += nanoUsd;
        hold.Tokens += tokens;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(SpendHold hold, long nanoUsd, long tokens)
    {
        if (hold.Origin is LocalShare local)
        {
            await local.SettleAsync(hold, nanoUsd, tokens);
            return;
        }

        var budgets = Budgets(hold.Accounts, hold.At).ToList();
        RedisValue[] arguments =
        [
            (string)hold.Origin!,
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
        try
        {
            await link.Database.ScriptEvaluateAsync(SpendScripts.Of(SpendScripts.Settle), [SpendScripts.Instances], arguments);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The ledger has the amount, and raises it; what is held goes with this instance's name.
            link.Fail(failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await raising.DisposeAsync();

    private static string KeyOf(Account account, SpendWindow window, DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"{SpendScripts.Prefix}w:{account.Id}:{EnumNames<SpendWindow>.Of(window)}:{window.StartMs(at)}");

    private static IEnumerable<(Account Account, Budget Budget, string Key)> Budgets(IReadOnlyList<Account> payers, DateTimeOffset at) =>
        payers.SelectMany(account => account.Limits.Budgets.Select(budget => (account, budget, KeyOf(account, budget.Window, at))));

    // Somewhat longer than the window lasts: late ends of its requests find it.
    private static long SecondsToLive(SpendWindow window) => window switch
    {
        SpendWindow.Hour => 2 * 3_600,
        SpendWindow.Day => 2 * 86_400,
        SpendWindow.Month => 33 * 86_400,
        _ => 0,
    };

    private async ValueTask<SpendAnswer> ReserveSharedAsync(IReadOnlyList<Account> payers, SpendAsk ask, DateTimeOffset began, CancellationToken cancellationToken)
    {
        share = null;
        var (instance, minute) = (link.Instance, time.GetUtcNow());
        var arguments = Arguments(instance, payers, ask, began, minute);
        while (true)
        {
            var answer = (RedisValue[])(await link.Database.ScriptEvaluateAsync(SpendScripts.Of(SpendScripts.Reserve), [SpendScripts.Instances], arguments))!;
            switch ((string)answer[0]!)
            {
                case "held":
                    Remember(payers, began, answer);
                    return new(Hold(instance, payers, ask, began, minute, answer), null);
                case "missing":
                    for (var at = 1; at < answer.Length; at += 2)
                    {
                        var account = payers[(int)answer[at]];
                        await RaiseAsync(account, account.Limits.Budgets[(int)answer[at + 1]].Window, began, cancellationToken);
                    }

                    break;
                default:
                    return new(null, Refusal(payers, began, minute, answer));
            }
        }
    }

    private static RedisValue[] Arguments(string instance, IReadOnlyList<Account> payers, in SpendAsk ask, DateTimeOffset began, DateTimeOffset minute)
    {
        List<RedisValue> arguments =
        [
            instance, SpendScripts.Lease, minute.ToUnixTimeMilliseconds(), ask.InputTokens, ask.InputNanoUsd, ask.OutputNanoUsdPerToken.ToString(CultureInfo.InvariantCulture),
            ask.AskedOutputTokens ?? -1, ask.MaxOutputTokens, ask.ExpectedOutputTokens, ISpendGate.LeastOutputTokens, ask.IsAside ? 0 : 1, payers.Count,
        ];
        foreach (var account in payers)
        {
            arguments.AddRange([account.Id, account.Limits.RequestsPerMinute ?? -1, account.Limits.TokensPerMinute ?? -1, account.Limits.Budgets.Count]);
            foreach (var budget in account.Limits.Budgets)
            {
                arguments.AddRange([KeyOf(account, budget.Window, began), budget.NanoUsd ?? -1, budget.Tokens ?? -1, SecondsToLive(budget.Window)]);
            }
        }

        return [.. arguments];
    }

    private static SpendHold Hold(string instance, IReadOnlyList<Account> payers, in SpendAsk ask, DateTimeOffset began, DateTimeOffset minute, RedisValue[] answer)
    {
        var output = (long)answer[1];
        return new()
        {
            Accounts = payers,
            At = began,
            TakenAt = minute,
            NanoUsd = (long)answer[2],
            Tokens = (long)answer[3],
            MinuteTokens = (long)answer[4],
            Minute = Minute(payers, minute, answer),
            OutputCap = ask.AskedOutputTokens is null && output < ask.MaxOutputTokens ? output : null,
            Origin = instance,
        };
    }

    // Behind the budgets, in the order of the accounts; of each one requests before tokens.
    private static MinuteAllowances Minute(IReadOnlyList<Account> payers, DateTimeOffset now, RedisValue[] answer)
    {
        var minute = default(MinuteAllowances);
        var at = 5 + (2 * payers.Sum(static account => account.Limits.Budgets.Count));
        foreach (var account in payers)
        {
            if (account.Limits.RequestsPerMinute is { } requests)
            {
                minute = minute.With(requests: true, Next(requests));
            }

            if (account.Limits.TokensPerMinute is { } tokens)
            {
                minute = minute.With(requests: false, Next(tokens));
            }
        }

        return minute;

        MinuteAllowance Next(long limit) => MinuteMeter.Allowance((long)answer[at++], (long)answer[at++], now.ToUnixTimeMilliseconds(), limit);
    }

    private static SpendRefusal Refusal(IReadOnlyList<Account> payers, DateTimeOffset began, DateTimeOffset now, RedisValue[] answer)
    {
        var account = payers[(int)answer[1]];
        if (string.Equals(answer[0], "rate", StringComparison.Ordinal))
        {
            var requests = string.Equals(answer[2], "r", StringComparison.Ordinal);
            var limit = requests ? account.Limits.RequestsPerMinute!.Value : account.Limits.TokensPerMinute!.Value;
            var minute = MinuteMeter.Allowance((long)answer[3], (long)answer[4], now.ToUnixTimeMilliseconds(), limit);
            return new(
                account,
                requests ? SpendLimit.RequestsPerMinute : SpendLimit.TokensPerMinute,
                null,
                Math.Max(0, (long)answer[5]),
                (long)answer[6],
                MinuteMeter.RoomIn((long)answer[3], (long)answer[4], now.ToUnixTimeMilliseconds(), limit, (long)answer[6]),
                requests ? new(minute, null) : new(null, minute));
        }

        var budget = account.Limits.Budgets[(int)answer[2]];
        return new(
            account,
            string.Equals(answer[0], "money", StringComparison.Ordinal) ? SpendLimit.Money : SpendLimit.Tokens,
            budget,
            Math.Max(0, (long)answer[3]),
            (long)answer[4],
            budget.Window.End(began) - began);
    }

    private void Remember(IReadOnlyList<Account> payers, DateTimeOffset now, RedisValue[] answer)
    {
        var at = 5;
        foreach (var (_, _, key) in Budgets(payers, now))
        {
            seen[key] = ((long)answer[at], (long)answer[at + 1]);
            at += 2;
        }
    }

    private async ValueTask RaiseAsync(Account account, SpendWindow window, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var spent = await ledger.GetSpendAsync(account.Id, window, now, cancellationToken);
        await link.Database.ScriptEvaluateAsync(
            SpendScripts.Raise, [SpendScripts.Instances], [KeyOf(account, window, now), spent.CostNanoUsd, spent.Tokens, SecondsToLive(window)]);
    }

    private async Task RaiseAllAsync()
    {
        var now = time.GetUtcNow();
        var known = Budgets([.. accounts().All], now).Select(static one => one.Key).ToHashSet(StringComparer.Ordinal);
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
                    await RaiseAsync(account, budget.Window, now, CancellationToken.None);
                }
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or LedgerStoreException or System.Data.Common.DbException)
        {
            // The next time is soon enough.
        }
    }

    private LocalShare Share() => LazyInitializer.EnsureInitialized(
        ref share, () => new(new(time), link.Instances, (account, window, now) => seen.TryGetValue(KeyOf(account, window, now), out var known) ? known : null, ledger));
}
