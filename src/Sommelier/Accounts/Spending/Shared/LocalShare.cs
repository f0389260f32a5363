using System.Collections.Concurrent;
using Sommelier.Ledger;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>What one instance may let through while the shared counts are away: its share of what was left.</summary>
/// <param name="gate">Counts the share, and nothing else.</param>
/// <param name="instances">By how many the rest is divided.</param>
/// <param name="seen">What was spent and held of a window when last seen, or null.</param>
/// <param name="ledger">Knows what was spent meanwhile, and of windows that were never seen.</param>
/// <param name="time">The clock.</param>
/// <param name="outage">In which outage.</param>
internal sealed class LocalShare(
    LocalSpendGate gate, int instances, Func<Account, SpendWindow, DateTimeOffset, (long NanoUsd, long Tokens)?> seen, ILedgerQueries ledger, TimeProvider time, int outage)
{
    private readonly ConcurrentDictionary<(string Account, SpendWindow Window, long StartMs), Task<(long NanoUsd, long Tokens)>> used = new();

    /// <summary>The outage that it is for, as <see cref="RedisLink.Outages"/> counts them.</summary>
    public int Outage { get; } = outage;

    /// <inheritdoc cref="ISpendGate.ReserveAsync"/>
    public async ValueTask<SpendAnswer> ReserveAsync(IReadOnlyList<Account> payers, SpendAsk ask, DateTimeOffset began, CancellationToken cancellationToken)
    {
        var answer = await gate.ReserveAsync(await PartsAsync(payers, began), ask, began, cancellationToken);
        if (answer.Refusal is not { Budget: { } part } refusal)
        {
            return answer;
        }

        // Who is refused hears of the budget that was set.
        var account = payers.First(one => string.Equals(one.Id, refusal.Account.Id, StringComparison.Ordinal));
        return new(null, refusal with { Account = account, Budget = account.Limits.Budgets.First(one => one.Window == part.Window) });
    }

    /// <inheritdoc cref="ISpendGate.ExtendAsync"/>
    public async ValueTask<bool> ExtendAsync(SpendHold hold, IReadOnlyList<Account> payers, long nanoUsd, long tokens, CancellationToken cancellationToken) =>
        await gate.ExtendAsync(hold, await PartsAsync(payers, hold.At), nanoUsd, tokens, cancellationToken);

    /// <inheritdoc cref="ISpendGate.SettleAsync"/>
    public ValueTask SettleAsync(SpendHold hold, long nanoUsd, long tokens) => gate.SettleAsync(hold, nanoUsd, tokens);

    private async ValueTask<Account[]> PartsAsync(IReadOnlyList<Account> payers, DateTimeOffset at)
    {
        var parts = new Account[payers.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var limits = payers[i].Limits;
            var budgets = new Budget[limits.Budgets.Count];
            for (var b = 0; b < budgets.Length; b++)
            {
                var budget = limits.Budgets[b];
                var gone = await used.GetOrAdd((payers[i].Id, budget.Window, budget.Window.StartMs(at)), _ => UsedAsync(payers[i], budget, at));
                budgets[b] = budget with { NanoUsd = Part(budget.NanoUsd - gone.NanoUsd), Tokens = Part(budget.Tokens - gone.Tokens) };
            }

            parts[i] = payers[i] with
            {
                Limits = limits with
                {
                    Budgets = budgets,
                    RequestsPerMinute = limits.RequestsPerMinute is { } requests ? Math.Max(1, requests / instances) : null,
                    TokensPerMinute = limits.TokensPerMinute is { } tokens ? Math.Max(1, tokens / instances) : null,
                },
            };
        }

        return parts;
    }

    private long? Part(long? left) => left is { } some ? Math.Max(0, some) / instances : null;

    // What was held when last seen, here or elsewhere, or what was paid for since: whichever is more.
    private async Task<(long NanoUsd, long Tokens)> UsedAsync(Account account, Budget budget, DateTimeOffset at)
    {
        var known = seen(account, budget.Window, at);
        if (await ledger.GetSpendSoonAsync(account.Id, budget.Window, at, time) is { } spent)
        {
            return (Math.Max(spent.CostNanoUsd, known?.NanoUsd ?? 0), Math.Max(spent.Tokens, known?.Tokens ?? 0));
        }

        // Where nobody knows: as if half of it were gone.
        return known ?? ((budget.NanoUsd ?? 0) / 2, (budget.Tokens ?? 0) / 2);
    }
}
