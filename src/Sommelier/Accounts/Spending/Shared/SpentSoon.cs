using System.Data.Common;
using Sommelier.Ledger;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>Asks the ledger while a request waits: its database may be away, or hang.</summary>
internal static class SpentSoon
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What an account has used in the window that holds a moment; null where the ledger cannot say so within two seconds.</summary>
    public static async Task<SpendTotal?> GetSpendSoonAsync(this ILedgerQueries ledger, string accountId, SpendWindow window, DateTimeOffset at, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            // A database that hangs does not hear that it was cancelled either.
            return await ledger.GetSpendAsync(accountId, window, at, patience.Token).AsTask().WaitAsync(patience.Token);
        }
        catch (Exception failure) when (failure is LedgerStoreException or DbException or OperationCanceledException)
        {
            return null;
        }
    }
}
