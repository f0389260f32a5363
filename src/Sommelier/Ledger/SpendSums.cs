using System.Runtime.InteropServices;

namespace Sommelier.Ledger;

/// <summary>A window of an account.</summary>
/// <param name="AccountId">Whose.</param>
/// <param name="Window">Of which length.</param>
/// <param name="StartMs">When it began, in Unix milliseconds; 0 for <see cref="SpendWindow.Total"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpendKey(string AccountId, SpendWindow Window, long StartMs);

/// <summary>Sums a batch of entries by account and window, so that the store adds each sum once.</summary>
internal sealed class SpendSums
{
    private readonly Dictionary<SpendKey, SpendTotal> sums = [];

    /// <summary>The sums so far.</summary>
    public IReadOnlyDictionary<SpendKey, SpendTotal> All => sums;

    /// <summary>Adds an entry to its key, team and organisation, in the windows in which it began.</summary>
    public void Add(LedgerEntry entry, in LedgerSums used)
    {
        var total = new SpendTotal(1, used.InputTokens + used.OutputTokens, used.CostNanoUsd, used.EstimatedCostNanoUsd);
        Add(entry.CallerKeyId, entry.StartedAt, total);
        Add(entry.TeamId, entry.StartedAt, total);
        Add(entry.OrganisationId, entry.StartedAt, total);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => sums.Clear();

    private void Add(string? accountId, DateTimeOffset at, in SpendTotal total)
    {
        if (accountId is null)
        {
            return;
        }

        foreach (var window in SpendWindows.All)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, new(accountId, window, window.StartMs(at)), out _);
            sum += total;
        }
    }
}
