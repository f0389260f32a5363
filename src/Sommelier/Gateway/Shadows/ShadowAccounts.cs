using System.Collections.Concurrent;
using Sommelier.Accounts;
using Sommelier.Accounts.Spending;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Gateway.Shadows;

/// <summary>Who pays for shadows: an account of each policy's own with a budget per day, so that no caller's is touched.</summary>
/// <remarks>Its sums are the ledger's like any account's, so the cap outlives a restart, and with Redis all instances share it.</remarks>
internal sealed class ShadowAccounts(ILedgerQueries ledger, LocalSpendGate? gate, TimeProvider time)
{
    /// <summary>What the ids begin with, as they stand in the ledger.</summary>
    public const string Prefix = "shadow:";

    private readonly ConcurrentDictionary<string, Lazy<Task>> restored = new(StringComparer.Ordinal);

    /// <summary>The caller that a policy's shadows go by.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="shadow">Its shadow.</param>
    /// <param name="original">Whose request is copied: bodies that it keeps out of the store stay out.</param>
    public async ValueTask<Caller> OfAsync(string policy, ShadowSettings shadow, Caller original)
    {
        var id = Prefix + policy;
        await RestoredAsync(id);
        var account = new KeyAccount
        {
            Id = id,
            Kind = AccountKind.Key,
            Name = id,
            Hash = default,
            Prefix = "",
            CreatedAt = time.GetUtcNow(),
            NoBodies = original.Known?.Key.NoBodies ?? false,
            Limits = new() { Budgets = [new(SpendWindow.Day, NanoUsd.FromUsd(shadow.MaxUsdPerDay), null)] },
        };
        return new(id, new(account, null, null));
    }

    private async ValueTask RestoredAsync(string id)
    {
        var restoring = restored.GetOrAdd(id, id => new(() => RestoreAsync(id)));
        try
        {
            await restoring.Value;
        }
        catch
        {
            // The next copy asks again.
            restored.TryRemove(new(id, restoring));
            throw;
        }
    }

    // What was spent before this process began; a gate that several instances share asks for itself.
    private async Task RestoreAsync(string id)
    {
        if (gate is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var spent = await ledger.GetSpendAsync(id, SpendWindow.Day, now, CancellationToken.None);
        gate.Raise(id, SpendWindow.Day, SpendWindow.Day.StartMs(now), spent.CostNanoUsd, spent.Tokens);
    }
}
