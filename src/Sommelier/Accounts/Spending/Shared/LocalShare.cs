using System.Collections.Concurrent;
using System.Data.Common;
using Sommelier.Ledger;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>What one instance may let through while the shared counts are away: its share of what was left.</summary>
/// <param name="gate">Counts the share.</param>
/// <param name="instances">By how many the rest is divided.</param>
/// <param name="seen">What was spent and held of a window when last seen, or null.</param>
/// <param name="ledger">Knows what was spent of windows that were never seen.</param>
internal sealed class LocalShare(LocalSpendGate gate, int instances, Func<Account, SpendWindow, DateTimeOffset, (long NanoUsd, long Tokens)?> seen, ILedgerQueries ledger)
{
    private readonly ConcurrentDictionary<(string, SpendWindow, long), Task> restored = new();

    /// <inheritdoc cref="ISpendGate.ReserveAsync"/>
    public async ValueTask<SpendAnswer> ReserveAsync(IReadOnlyList<Account> payers, SpendAsk ask, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var account in payers)
        {
            foreach (var budget in account.Limits.Budgets)
            {
                await restored.GetOrAdd((account.Id, budget.Window, budget.Window.StartMs(now)), _ => RestoreAsync(account, budget, now));
            }
        }

        var answer = await gate.ReserveAsync([.. payers.Select(PartOf)], ask, now, cancellationToken);
        if (answer.Hold is { } hold)
        {
            hold.Origin = this;
        }

        return answer;
    }

    /// <inheritdoc cref="ISpendGate.ExtendAsync"/>
    public ValueTask<bool> ExtendAsync(SpendHold hold, long nanoUsd, long tokens, CancellationToken cancellationToken) =>
        gate.ExtendAsync(hold, nanoUsd, tokens, cancellationToken);

    /// <inheritdoc cref="ISpendGate.SettleAsync"/>
    public ValueTask SettleAsync(SpendHold hold, long nanoUsd, long tokens) => gate.SettleAsync(hold, nanoUsd, tokens);

    // Budgets stay as they are: what the others may use of them counts as spent.
    private Account PartOf(Account account) => account with
    {
        Limits = account.Limits with
        {
            RequestsPerMinute = account.Limits.RequestsPerMinute is { } requests ? Math.Max(1, requests / instances) : null,
            TokensPerMinute = account.Limits.TokensPerMinute is { } tokens ? Math.Max(1, tokens / instances) : null,
        },
    };

    private async Task RestoreAsync(Account account, Budget budget, DateTimeOffset now)
    {
        var known = seen(account, budget.Window, now) ?? await AskAsync(account, budget.Window, now);
        gate.Raise(account.Id, budget.Window, budget.Window.StartMs(now), Others(budget.NanoUsd, known.NanoUsd), Others(budget.Tokens, known.Tokens));
    }

    private async Task<(long NanoUsd, long Tokens)> AskAsync(Account account, SpendWindow window, DateTimeOffset now)
    {
        try
        {
            var spent = await ledger.GetSpendAsync(account.Id, window, now, CancellationToken.None);
            return (spent.CostNanoUsd, spent.Tokens);
        }
        catch (Exception failure) when (failure is LedgerStoreException or DbException)
        {
            // Nobody knows: as if half of it were gone.
            return ((account.Limits.Budgets.First(one => one.Window == window).NanoUsd ?? 0) / 2, (account.Limits.Budgets.First(one => one.Window == window).Tokens ?? 0) / 2);
        }
    }

    private long Others(long? limit, long used) => limit is { } most ? most - (Math.Max(0, most - used) / instances) : used;
}
