using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts;
using Sommelier.Accounts.Spending;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Ledger;

namespace Sommelier.Tests.Gateway;

public sealed class SpendControlTests
{
    [Fact]
    public async Task What_earlier_calls_used_is_held_for_once_however_many_follow()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
        var gate = new LocalSpendGate(time);
        var key = new KeyAccount
        {
            Id = "key_1", Kind = AccountKind.Key, Name = "k", CreatedAt = time.GetUtcNow(), Hash = new byte[32], Prefix = "smlr_abc",
            Limits = new() { Budgets = [new(SpendWindow.Day, 1_000, null)] },
        };
        var ask = new SpendAsk { InputTokens = 100, InputNanoUsd = 100, OutputNanoUsdPerToken = 1, AskedOutputTokens = 500, MaxOutputTokens = 500 };
        var control = new SpendControl(gate, () => AccountDirectory.Empty);
        var flight = new Flight(null!, null!, time.GetUtcNow(), 0) { Hold = (await gate.ReserveAsync([key], ask, time.GetUtcNow(), default)).Hold };

        // 600 are held for one call; the first used 250, the second 150, and all of the 1000 are taken then.
        flight.Attempts.Add(Used(1, 250));
        Assert.True(await control.AffordsAnotherAsync(flight, default));
        Assert.Equal(850, flight.Hold!.NanoUsd);
        flight.Attempts.Add(Used(2, 150));
        Assert.True(await control.AffordsAnotherAsync(flight, default));
        Assert.Equal(1_000, flight.Hold.NanoUsd);
        Assert.True(await control.AffordsAnotherAsync(flight, default));
        flight.Attempts.Add(Used(3, 1));
        Assert.False(await control.AffordsAnotherAsync(flight, default));

        control.Settle(flight);
        var window = gate.Read(key.Id, SpendWindow.Day);
        Assert.Equal((401, 0L), (window.NanoUsd, window.HeldNanoUsd));
    }

    [Fact]
    public async Task A_budget_that_was_lowered_meanwhile_affords_no_further_call()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
        var gate = new LocalSpendGate(time);
        var key = new KeyAccount
        {
            Id = "key_1", Kind = AccountKind.Key, Name = "k", CreatedAt = time.GetUtcNow(), Hash = new byte[32], Prefix = "smlr_abc",
            Limits = new() { Budgets = [new(SpendWindow.Day, 1_000, null)] },
        };
        var ask = new SpendAsk { InputTokens = 100, InputNanoUsd = 100, OutputNanoUsdPerToken = 1, AskedOutputTokens = 300, MaxOutputTokens = 500 };
        var directory = AccountDirectory.Of([key]);
        var control = new SpendControl(gate, () => directory);
        var flight = new Flight(null!, null!, time.GetUtcNow(), 0) { Hold = (await gate.ReserveAsync([key], ask, time.GetUtcNow(), default)).Hold };

        directory = AccountDirectory.Of([key with { Limits = new() { Budgets = [new(SpendWindow.Day, 500, null)] } }]);
        flight.Attempts.Add(Used(1, 200));
        Assert.False(await control.AffordsAnotherAsync(flight, default));

        // And one that was raised does, or taken away.
        directory = AccountDirectory.Of([key with { Limits = AccountLimits.None }]);
        Assert.True(await control.AffordsBesideAsync(flight, default));
        Assert.Equal(800, flight.Hold!.NanoUsd);
    }

    private static Attempt Used(int number, long cost) => new()
    {
        Number = number, DeploymentId = "lab/m", RequestModel = "m", StartedAt = DateTimeOffset.UnixEpoch, Outcome = AttemptOutcome.Failed,
        CostNanoUsd = cost, Usage = new Usage { InputTokens = 1, OutputTokens = 1 },
    };
}
