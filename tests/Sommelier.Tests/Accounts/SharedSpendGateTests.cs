using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts;
using Sommelier.Accounts.Spending;
using Sommelier.Accounts.Spending.Shared;
using Sommelier.Ledger;
using Sommelier.TestKit.Services;

namespace Sommelier.Tests.Accounts;

/// <summary>Several instances that count in one Redis, which is there, away, or empty again.</summary>
public sealed class SharedSpendGateTests : IAsyncLifetime
{
    private const long Usd = 1_000_000_000;
    private readonly List<IAsyncDisposable> owned = [];
    private readonly SpentSoFar ledger = new();
    private RedisServer redis = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync() => redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(owned))
        {
            await one.DisposeAsync();
        }

        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Holds_settles_and_refuses_like_the_local_one()
    {
        var (gate, _) = await GateAsync();
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null), new(SpendWindow.Total, null, 10_000)] });

        var capped = await gate.ReserveAsync([key], Ask(asked: null), Now, default);
        Assert.Equal((990, Usd), (capped.Hold!.OutputCap, capped.Hold.NanoUsd));
        var refused = (await gate.ReserveAsync([key], Ask(asked: 100), Now, default)).Refusal!;
        Assert.Equal((SpendLimit.Money, 0L, 110_000_000L, SpendWindow.Day), (refused.Limit, refused.Left, refused.Needed, refused.Budget!.Window));

        await gate.SettleAsync(capped.Hold, 100_000_000, 1_100);
        var second = (await gate.ReserveAsync([key], Ask(asked: 500), Now, default)).Hold!;
        Assert.Equal(510_000_000, second.NanoUsd);
        Assert.True(await gate.ExtendAsync(second, [key], 390_000_000, 10, default));
        Assert.False(await gate.ExtendAsync(second, [key], 1, 1, default));
        await gate.SettleAsync(second, 0, 0);
        Assert.NotNull((await gate.ReserveAsync([key], Ask(asked: 890), Now, default)).Hold);
    }

    [Fact]
    public async Task Requests_and_tokens_per_minute_are_those_of_all_instances()
    {
        var time = new FakeTimeProvider(Now);
        var (first, _) = await GateAsync(time);
        var (second, _) = await GateAsync(time);
        var key = Key(new() { RequestsPerMinute = 3, TokensPerMinute = 100_000 });
        var now = time.GetUtcNow();
        Assert.NotNull((await first.ReserveAsync([key], Ask(asked: 1), now, default)).Hold);
        Assert.NotNull((await second.ReserveAsync([key], Ask(asked: 1), now, default)).Hold);
        Assert.NotNull((await first.ReserveAsync([key], Ask(asked: 1), now, default)).Hold);
        var refused = (await second.ReserveAsync([key], Ask(asked: 1), now, default)).Refusal!;
        Assert.Equal(SpendLimit.RequestsPerMinute, refused.Limit);
        Assert.Equal((3L, 0L), (refused.Minute.Requests!.Value.Limit, refused.Minute.Requests.Value.Remaining));
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(2));

        // What is asked beside a request needs the room of one, and takes none.
        var aside = Key(new() { RequestsPerMinute = 1 });
        Assert.NotNull((await first.ReserveAsync([aside], Ask(asked: 1) with { IsAside = true }, now, default)).Hold);
        Assert.NotNull((await first.ReserveAsync([aside], Ask(asked: 1), now, default)).Hold);
        Assert.Equal(SpendLimit.RequestsPerMinute, (await second.ReserveAsync([aside], Ask(asked: 1) with { IsAside = true }, now, default)).Refusal!.Limit);

        // Behind a budget, and of two accounts the one with less left.
        var roomy = Key(new() { RequestsPerMinute = 10, TokensPerMinute = 9_000, Budgets = [new(SpendWindow.Day, Usd, null)] });
        var tight = Key(new() { RequestsPerMinute = 5, TokensPerMinute = 90_000 });
        await first.ReserveAsync([roomy, tight], Ask(asked: 1), now, default);
        var minute = (await second.ReserveAsync([roomy, tight], Ask(asked: 1), now, default)).Hold!.Minute;
        Assert.Equal((5L, 3L), (minute.Requests!.Value.Limit, minute.Requests.Value.Remaining));
        Assert.Equal((9_000L, 9_000L - 2 * 1_001), (minute.Tokens!.Value.Limit, minute.Tokens.Value.Remaining));

        var greedy = Key(new() { TokensPerMinute = 3_000 });
        Assert.NotNull((await first.ReserveAsync([greedy], Ask(asked: 1_500), now, default)).Hold);
        Assert.Equal(SpendLimit.TokensPerMinute, (await second.ReserveAsync([greedy], Ask(asked: 1_500), now, default)).Refusal!.Limit);
    }

    [Fact]
    public async Task What_a_long_request_was_counted_for_too_much_forgives_nothing_of_a_later_minute_and_too_little_is_added()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 12, 30, 0, TimeSpan.Zero));
        var (gate, _) = await GateAsync(time);
        var key = Key(new() { TokensPerMinute = 4_000 });
        var longest = (await gate.ReserveAsync([key], Ask(asked: 2_000), time.GetUtcNow(), default)).Hold!;
        time.Advance(TimeSpan.FromMinutes(3));
        await gate.SettleAsync((await gate.ReserveAsync([key], Ask(asked: 2_000), time.GetUtcNow(), default)).Hold!, 0, 3_000);
        await gate.SettleAsync(longest, 0, 100);
        Assert.Equal(SpendLimit.TokensPerMinute, (await gate.ReserveAsync([key], Ask(asked: 2_000), time.GetUtcNow(), default)).Refusal!.Limit);

        time.Advance(TimeSpan.FromMinutes(3));
        var more = (await gate.ReserveAsync([key], Ask(asked: 10), time.GetUtcNow(), default)).Hold!;
        time.Advance(TimeSpan.FromMinutes(3));
        await gate.SettleAsync(more, 0, 4_500);
        Assert.Equal(SpendLimit.TokensPerMinute, (await gate.ReserveAsync([key], Ask(asked: 10), time.GetUtcNow(), default)).Refusal!.Limit);
    }

    [Fact]
    public async Task A_second_call_is_not_made_where_redis_has_lost_what_is_left()
    {
        var (gate, link) = await GateAsync();
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        var hold = (await gate.ReserveAsync([key], Ask(asked: 500), Now, default)).Hold!;
        await link.Database.ScriptEvaluateAsync("for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('DEL', key) end return 0");
        Assert.False(await gate.ExtendAsync(hold, [key], 1, 1, default));
    }

    [Fact]
    public async Task Three_instances_spend_one_dollar_and_no_more()
    {
        var organisation = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "o", CreatedAt = Now, Limits = new() { Budgets = [new(SpendWindow.Day, Usd, null)] } };
        Account[] chain = [Key(new() { Budgets = [new(SpendWindow.Month, Usd, null)] }), organisation];
        var gates = new[] { (await GateAsync()).Gate, (await GateAsync()).Gate, (await GateAsync()).Gate };
        long spent = 0;
        await Parallel.ForAsync(0, 63, async (caller, cancel) =>
        {
            var random = new Random(caller);
            var gate = gates[caller % 3];
            while ((await gate.ReserveAsync(chain, Ask(asked: 20, input: 10), Now, cancel)).Hold is { } hold)
            {
                var cost = random.NextInt64(hold.NanoUsd + 1);
                Interlocked.Add(ref spent, cost);
                await gate.SettleAsync(hold, cost, 30);
            }
        });

        Assert.InRange(spent, Usd - Ask(asked: 20, input: 10).CostOf(20) * 63, Usd);
    }

    [Fact]
    public async Task What_redis_does_not_know_the_ledger_does()
    {
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        ledger.Spent[(key.Id, SpendWindow.Day)] = new(5, 5, 900_000_000, 0);
        var (gate, _) = await GateAsync();
        Assert.Equal(100_000_000, (await gate.ReserveAsync([key], Ask(asked: 500), Now, default)).Refusal!.Left);
    }

    [Fact]
    public async Task What_a_dead_instance_held_is_held_no_more()
    {
        var (dead, link) = await GateAsync();
        var (gate, _) = await GateAsync();
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        Assert.NotNull((await dead.ReserveAsync([key], Ask(asked: 900), Now, default)).Hold);
        Assert.Null((await gate.ReserveAsync([key], Ask(asked: 900), Now, default)).Hold);

        // As if its last sign of life were long ago.
        await link.Database.SortedSetAddAsync(SpendScripts.Instances, link.Instance, 1);
        Assert.NotNull((await gate.ReserveAsync([key], Ask(asked: 900), Now, default)).Hold);
    }

    [Fact]
    public async Task Without_redis_each_lets_through_its_share_and_afterwards_all_is_counted_again()
    {
        var (first, link) = await GateAsync();
        var (second, other) = await GateAsync();
        await WaitAsync(() => link.Instances == 2 || other.Instances == 2);
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)], RequestsPerMinute = 1_000 });
        var hold = (await first.ReserveAsync([key], Ask(asked: 100), Now, default)).Hold!;
        var seconds = (await second.ReserveAsync([key], Ask(asked: 100), Now, default)).Hold!;
        await redis.DownAsync();

        // 0.22 were spent and held when this one last looked; of the rest it has half.
        var let = 0L;
        while ((await second.ReserveAsync([key], Ask(asked: 20, input: 10), Now, default)) is { Hold: { } more })
        {
            let += more.NanoUsd;
            await second.SettleAsync(more, more.NanoUsd, 30);
        }

        Assert.False(other.IsUp);
        Assert.InRange(let, Usd / 4, Usd / 2);
        await first.SettleAsync(hold, 110_000_000, 1_100);
        await second.SettleAsync(seconds, 110_000_000, 1_100);

        ledger.Spent[(key.Id, SpendWindow.Day)] = new(9, 9, let + 220_000_000, 0);
        await redis.UpAsync();
        await WaitAsync(() => link.IsUp && other.IsUp);
        var refused = (await first.ReserveAsync([key], Ask(asked: 900), Now, default)).Refusal!;
        Assert.Equal(Usd - let - 220_000_000, refused.Left);
    }

    [Fact]
    public async Task What_runs_through_an_outage_is_held_again_before_anything_new_is()
    {
        var (first, link) = await GateAsync();
        var (second, other) = await GateAsync();
        await WaitAsync(() => link.Instances == 2 && other.Instances == 2);
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        var before = (await first.ReserveAsync([key], Ask(asked: 290), Now, default)).Hold!;
        await redis.DownAsync();

        // 0.3 are held since before, 0.2 in the share of the one, 0.4 in that of the other, which has seen nothing.
        var during = (await first.ReserveAsync([key], Ask(asked: 190), Now, default)).Hold!;
        var others = (await second.ReserveAsync([key], Ask(asked: 390), Now, default)).Hold!;
        await redis.UpAsync();
        await WaitAsync(() => link.IsUp && other.IsUp);

        Assert.Equal(100_000_000, (await first.ReserveAsync([key], Ask(asked: 500), Now, default)).Refusal!.Left);
        Assert.True(await first.ExtendAsync(during, [key], 50_000_000, 10, default));
        Assert.Equal(50_000_000, (await second.ReserveAsync([key], Ask(asked: 500), Now, default)).Refusal!.Left);
        foreach (var (gate, hold) in new[] { (first, before), (first, during), (second, others) })
        {
            await gate.SettleAsync(hold, 100_000_000, 100);
        }

        Assert.Equal(700_000_000, (await second.ReserveAsync([key], Ask(asked: 900), Now, default)).Refusal!.Left);
    }

    [Fact]
    public async Task A_redis_that_lost_its_memory_unnoticed_lets_nothing_through_before_what_runs_is_held_again()
    {
        var (gate, link) = await GateAsync();
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        var runs = (await gate.ReserveAsync([key], Ask(asked: 690), Now, default)).Hold!;
        await link.Database.ScriptEvaluateAsync("for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('DEL', key) end return 0");

        // No command has failed. What was held when last seen counts.
        Assert.Equal(300_000_000, (await gate.ReserveAsync([key], Ask(asked: 600), Now, default)).Refusal!.Left);
        Assert.False(link.IsUp);
        await WaitAsync(() => link.IsUp);
        Assert.Equal(300_000_000, (await gate.ReserveAsync([key], Ask(asked: 600), Now, default)).Refusal!.Left);
        await gate.SettleAsync(runs, 0, 0);
        Assert.NotNull((await gate.ReserveAsync([key], Ask(asked: 900), Now, default)).Hold);
    }

    [Fact]
    public async Task An_instance_that_counted_on_alone_waits_for_those_that_lived_to_come_back()
    {
        var (first, link) = await GateAsync();
        var (second, other) = await GateAsync();
        await WaitAsync(() => link.Instances == 2 && other.Instances == 2);
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        Assert.NotNull((await second.ReserveAsync([key], Ask(asked: 490), Now, default)).Hold);
        await redis.DownAsync();
        Assert.NotNull((await first.ReserveAsync([key], Ask(asked: 10), Now, default)).Hold);
        await redis.UpAsync();

        // What the second one holds is nowhere else, and it may notice the restart last.
        await WaitAsync(() => link.IsUp);
        Assert.Equal(490_000_000, (await first.ReserveAsync([key], Ask(asked: 900), Now, default)).Refusal!.Left + 10_000_000);
    }

    [Fact]
    public async Task A_share_knows_what_others_have_paid_since_it_last_looked_and_does_not_grow_with_the_budget_for_each()
    {
        var (gate, link) = await GateAsync();
        var (_, other) = await GateAsync();
        await WaitAsync(() => link.Instances == 2 && other.Instances == 2);
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        await gate.SettleAsync((await gate.ReserveAsync([key], Ask(asked: 10), Now, default)).Hold!, 20_000_000, 10);
        ledger.Spent[(key.Id, SpendWindow.Day)] = new(9, 9, 900_000_000, 0);
        await redis.DownAsync();

        var refusal = (await gate.ReserveAsync([key], Ask(asked: 500), Now, default)).Refusal!;
        Assert.Equal((50_000_000, Usd), (refusal.Left, refusal.Budget!.NanoUsd));
        var raised = key with { Limits = new() { Budgets = [new(SpendWindow.Day, 2 * Usd, null)] } };
        Assert.Equal(550_000_000, (await gate.ReserveAsync([raised], Ask(asked: 900), Now, default)).Refusal!.Left);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_window_of_which_neither_redis_nor_the_ledger_can_say_is_let_through_by_one_share(bool hangs)
    {
        var (gate, link) = await GateAsync();
        var key = Key(new() { Budgets = [new(SpendWindow.Day, Usd, null)] });
        ledger.Answers = hangs ? Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken) : Task.FromException(new LedgerStoreException("away", true, new IOException()));

        var hold = (await gate.ReserveAsync([key], Ask(asked: 390), Now, default)).Hold!;
        await gate.SettleAsync(hold, hold.NanoUsd, 1_390);
        Assert.NotNull((await gate.ReserveAsync([Key(new() { RequestsPerMinute = 9 })], Ask(asked: 1), Now, default)).Hold);
        Assert.Equal(100_000_000, (await gate.ReserveAsync([key], Ask(asked: 390), Now, default)).Refusal!.Left);

        ledger.Answers = Task.CompletedTask;
        Assert.True(link.IsUp);
        Assert.NotNull((await gate.ReserveAsync([key], Ask(asked: 390), Now, default)).Hold);
    }

    private static async Task WaitAsync(Func<bool> until)
    {
        for (var tries = 0; !until(); tries++)
        {
            Assert.True(tries < 300, "It did not happen within half a minute.");
            await Task.Delay(100);
        }
    }

    private static SpendAsk Ask(long? asked, long input = 1_000) => new()
    {
        InputTokens = input,
        InputNanoUsd = input * 10_000,
        OutputNanoUsdPerToken = 1_000_000,
        AskedOutputTokens = asked,
        MaxOutputTokens = 8_000,
        ExpectedOutputTokens = 300,
    };

    private static KeyAccount Key(AccountLimits limits) => new()
    {
        Id = $"key_{Guid.NewGuid():N}", Kind = AccountKind.Key, Name = "k", CreatedAt = Now, Hash = new byte[32], Prefix = "smlr_abc", Limits = limits,
    };

    private async Task<(SharedSpendGate Gate, RedisLink Link)> GateAsync(TimeProvider? time = null)
    {
        var link = await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System, NullLogger.Instance);
        var gate = new SharedSpendGate(link, ledger, () => AccountDirectory.Empty, time ?? TimeProvider.System);
        owned.AddRange([link, gate]);
        return (gate, link);
    }

    private sealed class SpentSoFar : ILedgerQueries
    {
        public Dictionary<(string, SpendWindow), SpendTotal> Spent { get; } = [];

        public Task Answers { get; set; } = Task.CompletedTask;

        public async ValueTask<SpendTotal> GetSpendAsync(string accountId, SpendWindow window, DateTimeOffset at, CancellationToken cancellationToken)
        {
            await Answers;
            return Spent.GetValueOrDefault((accountId, window));
        }

        public ValueTask<LedgerEntry?> GetAsync(string requestId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<LedgerEntry>> GetPageAsync(LedgerFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<LedgerTotal>> GetTotalsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ReadOnlyMemory<byte>?> GetDecisionAsync(string requestId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
