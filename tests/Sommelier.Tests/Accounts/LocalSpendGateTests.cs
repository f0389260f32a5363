using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts;
using Sommelier.Accounts.Spending;
using Sommelier.Ledger;

namespace Sommelier.Tests.Accounts;

public sealed class LocalSpendGateTests
{
    private const long Usd = 1_000_000_000;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 12, 30, 0, TimeSpan.Zero));
    private readonly LocalSpendGate gate;

    public LocalSpendGateTests() => gate = new(time);

    [Fact]
    public async Task What_is_spent_and_what_is_held_count_together()
    {
        var key = Key(new Budget(SpendWindow.Day, Usd, null));
        var first = await Reserve([key], Ask(asked: 500));   // 1 000 input for 0.01, 500 output for 0.5
        Assert.Equal(510_000_000, first.Hold!.NanoUsd);
        Assert.Equal(SpendLimit.Money, (await Reserve([key], Ask(asked: 500))).Refusal!.Limit);

        await gate.SettleAsync(first.Hold, 100_000_000, 1_100);
        var second = await Reserve([key], Ask(asked: 500));
        Assert.NotNull(second.Hold);
        Assert.Equal((100_000_000, 1_100L, 510_000_000, 1_500L), Window(key, SpendWindow.Day));
    }

    [Fact]
    public async Task Without_a_limit_of_its_own_a_request_may_answer_as_long_as_the_money_lasts()
    {
        var key = Key(new Budget(SpendWindow.Total, Usd, null));
        var answer = await Reserve([key], Ask(asked: null));
        Assert.Equal(990, answer.Hold!.OutputCap);
        Assert.Equal(Usd, answer.Hold.NanoUsd);

        var refused = (await Reserve([key], Ask(asked: null))).Refusal!;
        Assert.Equal((SpendLimit.Money, 0L, 266_000_000L), (refused.Limit, refused.Left, refused.Needed));
        Assert.Null(refused.RetryAfter);
    }

    [Fact]
    public async Task A_budget_of_tokens_caps_and_refuses_alike()
    {
        var key = Key(new Budget(SpendWindow.Hour, null, 2_000));
        var answer = await Reserve([key], Ask(asked: null));
        Assert.Equal(1_000, answer.Hold!.OutputCap);
        var refused = (await Reserve([key], Ask(asked: 10))).Refusal!;
        Assert.Equal((SpendLimit.Tokens, TimeSpan.FromMinutes(30)), (refused.Limit, refused.RetryAfter));
    }

    [Fact]
    public async Task A_model_that_answers_little_is_not_capped()
    {
        var key = Key(new Budget(SpendWindow.Hour, 100 * Usd, null));
        Assert.Null((await Reserve([key], Ask(asked: null))).Hold!.OutputCap);
    }

    [Fact]
    public async Task Every_level_is_asked_and_a_refusal_takes_from_none()
    {
        var organisation = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "o", CreatedAt = time.GetUtcNow(), Limits = new() { Budgets = [new(SpendWindow.Month, Usd / 10, null)] } };
        var key = Key(new Budget(SpendWindow.Day, Usd, null));
        var refused = (await Reserve([key, organisation], Ask(asked: 500))).Refusal!;
        Assert.Equal("org_1", refused.Account.Id);
        Assert.Equal((0L, 0L, 0L, 0L), Window(key, SpendWindow.Day));
    }

    [Fact]
    public async Task A_new_window_begins_with_nothing_and_the_late_end_of_an_old_request_stays_in_its_own()
    {
        var key = Key(new Budget(SpendWindow.Hour, Usd, null), new Budget(SpendWindow.Day, 10 * Usd, null));
        var old = (await Reserve([key], Ask(asked: 500))).Hold!;
        time.Advance(TimeSpan.FromHours(1));
        var fresh = (await Reserve([key], Ask(asked: 900))).Hold!;
        await gate.SettleAsync(old, 400_000_000, 1_400);
        Assert.Equal((0L, 0L, fresh.NanoUsd, fresh.Tokens), Window(key, SpendWindow.Hour));
        Assert.Equal((400_000_000, 1_400L, fresh.NanoUsd, fresh.Tokens), Window(key, SpendWindow.Day));
    }

    [Fact]
    public async Task A_request_that_waited_past_the_turn_of_the_hour_counts_in_the_hour_in_which_it_began()
    {
        var key = Key(new Budget(SpendWindow.Hour, Usd, null));
        time.SetUtcNow(new(2026, 11, 26, 12, 59, 59, TimeSpan.Zero));
        var began = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(2));
        var fresh = (await Reserve([key], Ask(asked: 900))).Hold!;

        // 510 of the old hour's 1 000 are held, so that there is no room for as much again.
        var late = (await gate.ReserveAsync([key], Ask(asked: 500), began, TestContext.Current.CancellationToken)).Hold!;
        Assert.Equal(SpendLimit.Money, (await gate.ReserveAsync([key], Ask(asked: 500), began, TestContext.Current.CancellationToken)).Refusal!.Limit);
        Assert.False(await gate.ExtendAsync(late, [key], 500_000_000, 0, TestContext.Current.CancellationToken));
        Assert.True(await gate.ExtendAsync(late, [key], 400_000_000, 0, TestContext.Current.CancellationToken));
        await gate.SettleAsync(late, 700_000_000, 1_000);
        Assert.Equal(SpendLimit.Money, (await gate.ReserveAsync([key], Ask(asked: 500), began, TestContext.Current.CancellationToken)).Refusal!.Limit);

        Assert.Equal((0L, 0L, fresh.NanoUsd, fresh.Tokens), Window(key, SpendWindow.Hour));
        await gate.SettleAsync(fresh, 300_000_000, 1_000);
        Assert.Equal((300_000_000L, 1_000L, 0L, 0L), Window(key, SpendWindow.Hour));
        Assert.Equal((1_000_000_000L, 2_000L, 0L, 0L), Window(key, SpendWindow.Day));
    }

    [Fact]
    public async Task A_request_that_waited_for_hours_leaves_nothing_held()
    {
        var key = Key(new Budget(SpendWindow.Hour, Usd, null));
        var began = time.GetUtcNow();
        for (var hour = 0; hour < 3; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
            await gate.SettleAsync((await Reserve([key], Ask(asked: 1))).Hold!, 0, 0);
        }

        var late = (await gate.ReserveAsync([key], Ask(asked: 500), began, TestContext.Current.CancellationToken)).Hold!;
        Assert.True(await gate.ExtendAsync(late, [key], 1, 1, TestContext.Current.CancellationToken));
        await gate.SettleAsync(late, 400_000_000, 1_000);
        Assert.Equal((0L, 0L, 0L, 0L), Window(key, SpendWindow.Hour));
        Assert.Equal((400_000_000L, 1_000L, 0L, 0L), Window(key, SpendWindow.Day));
    }

    [Fact]
    public async Task A_second_call_is_held_for_too_or_not_made()
    {
        var key = Key(new Budget(SpendWindow.Day, Usd, null));
        var hold = (await Reserve([key], Ask(asked: 500))).Hold!;
        Assert.True(await gate.ExtendAsync(hold, [key], 400_000_000, 100, TestContext.Current.CancellationToken));
        Assert.False(await gate.ExtendAsync(hold, [key], 100_000_000, 100, TestContext.Current.CancellationToken));
        await gate.SettleAsync(hold, 600_000_000, 2_000);
        Assert.Equal((600_000_000, 2_000L, 0L, 0L), Window(key, SpendWindow.Day));
    }

    [Fact]
    public async Task What_the_ledger_remembers_counts_after_a_start()
    {
        var key = Key(new Budget(SpendWindow.Day, Usd, null));
        gate.Raise(key.Id, SpendWindow.Day, SpendWindow.Day.StartMs(time.GetUtcNow()), 900_000_000, 5);
        gate.Raise(key.Id, SpendWindow.Hour, SpendWindow.Hour.StartMs(time.GetUtcNow()) - 3_600_000, 900_000_000, 5);
        Assert.Equal(SpendLimit.Money, (await Reserve([key], Ask(asked: 500))).Refusal!.Limit);
        Assert.Equal((0L, 0L, 0L, 0L), Window(key, SpendWindow.Hour));
    }

    [Fact]
    public async Task Requests_per_minute_are_counted_over_the_last_minute()
    {
        var key = Key(new AccountLimits { RequestsPerMinute = 3 });
        time.SetUtcNow(new(2026, 11, 26, 12, 30, 30, TimeSpan.Zero));
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull((await Reserve([key], Ask(asked: 1))).Hold);
        }

        var refused = (await Reserve([key], Ask(asked: 1))).Refusal!;
        Assert.Equal(SpendLimit.RequestsPerMinute, refused.Limit);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(60));
        time.Advance(refused.RetryAfter.Value);
        Assert.NotNull((await Reserve([key], Ask(asked: 1))).Hold);
    }

    [Fact]
    public async Task Tokens_per_minute_are_corrected_when_the_true_use_is_known()
    {
        var key = Key(new AccountLimits { TokensPerMinute = 4_000 });
        var first = (await Reserve([key], Ask(asked: 2_000))).Hold!;
        Assert.Equal(SpendLimit.TokensPerMinute, (await Reserve([key], Ask(asked: 2_000))).Refusal!.Limit);
        await gate.SettleAsync(first, 0, 1_000);
        Assert.NotNull((await Reserve([key], Ask(asked: 2_000))).Hold);
    }

    [Fact]
    public async Task What_a_long_request_was_counted_for_too_much_forgives_nothing_of_a_later_minute()
    {
        var key = Key(new AccountLimits { TokensPerMinute = 4_000 });
        var longest = (await Reserve([key], Ask(asked: 2_000))).Hold!;
        time.Advance(TimeSpan.FromMinutes(3));
        await gate.SettleAsync((await Reserve([key], Ask(asked: 2_000))).Hold!, 0, 3_000);
        await gate.SettleAsync(longest, 0, 100);
        Assert.Equal(SpendLimit.TokensPerMinute, (await Reserve([key], Ask(asked: 2_000))).Refusal!.Limit);

        // Within the minute after its own it is taken back, as far as that minute still counts.
        time.Advance(TimeSpan.FromMinutes(3));
        var over = (await Reserve([key], Ask(asked: 3_000))).Hold!;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull((await Reserve([key], Ask(asked: 10, input: 10))).Refusal);
        await gate.SettleAsync(over, 0, 0);
        Assert.NotNull((await Reserve([key], Ask(asked: 2_500))).Hold);
    }

    [Fact]
    public async Task A_request_that_waited_for_minutes_counts_in_the_minute_in_which_it_goes_on()
    {
        var key = Key(new AccountLimits { RequestsPerMinute = 2 });
        var began = time.GetUtcNow();
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.NotNull((await Reserve([key], Ask(asked: 1))).Hold);
        Assert.NotNull((await gate.ReserveAsync([key], Ask(asked: 1), began, TestContext.Current.CancellationToken)).Hold);
        Assert.NotNull((await gate.ReserveAsync([key], Ask(asked: 1), began, TestContext.Current.CancellationToken)).Refusal);
    }

    [Fact]
    public async Task However_many_run_at_once_the_budget_holds_and_is_used_up()
    {
        var key = Key(new Budget(SpendWindow.Month, Usd, null));
        var organisation = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "o", CreatedAt = time.GetUtcNow(), Limits = new() { Budgets = [new(SpendWindow.Day, Usd, null)] } };
        Account[] chain = [key, organisation];
        long spent = 0;
        await Parallel.ForAsync(0, 64, async (caller, _) =>
        {
            var random = new Random(caller);
            while ((await Reserve(chain, Ask(asked: 20, input: 10))).Hold is { } hold)
            {
                await Task.Yield();
                var cost = random.NextInt64(hold.NanoUsd + 1);
                Interlocked.Add(ref spent, cost);
                await gate.SettleAsync(hold, cost, 30);
            }
        });

        Assert.InRange(spent, Usd - Ask(asked: 20, input: 10).CostOf(20) * 64, Usd);
        Assert.Equal((spent, 0L), (Window(key, SpendWindow.Month).NanoUsd, Window(key, SpendWindow.Month).Held));
        Assert.Equal((spent, 0L), (Window(organisation, SpendWindow.Day).NanoUsd, Window(organisation, SpendWindow.Day).Held));
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

    private KeyAccount Key(params Budget[] budgets) => Key(new AccountLimits { Budgets = budgets });

    private KeyAccount Key(AccountLimits limits) => new()
    {
        Id = "key_1", Kind = AccountKind.Key, Name = "k", CreatedAt = time.GetUtcNow(), Hash = new byte[32], Prefix = "smlr_abc", Limits = limits,
    };

    private ValueTask<SpendAnswer> Reserve(IReadOnlyList<Account> accounts, SpendAsk ask) =>
        gate.ReserveAsync(accounts, ask, time.GetUtcNow(), CancellationToken.None);

    private (long NanoUsd, long Tokens, long Held, long HeldTokens) Window(Account account, SpendWindow window)
    {
        var meter = gate.Read(account.Id, window);
        return (meter.NanoUsd, meter.Tokens, meter.HeldNanoUsd, meter.HeldTokens);
    }
}
