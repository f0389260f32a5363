using System.Data.Common;
using Microsoft.Extensions.Logging;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Ledger.Catalogs;

namespace Sommelier.Gateway;

/// <summary>Has every catalog stored that comes into force, in the background and in order: a request never waits for it.</summary>
internal sealed class CatalogKeeper(CatalogStore store, TimeProvider time, ILogger logger)
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;

    /// <summary>A catalog is in force.</summary>
    /// <param name="catalog">As configured.</param>
    /// <returns>Done when it and all before it are stored, or when that has failed, which the log tells.</returns>
    public Task Keep(CatalogSnapshot catalog)
    {
        lock (gate)
        {
            var before = last;
            return last = Task.Run(async () =>
            {
                await before;
                try
                {
                    await store.PutAsync(catalog, time.GetUtcNow(), CancellationToken.None);
                }
                catch (Exception failure) when (failure is DbException or InvalidOperationException or ObjectDisposedException)
                {
                    // Replay will miss it until the next hour, or until the next start.
                    logger.CatalogNotKept(catalog.Version, failure);
                }
            });
        }
    }

    /// <summary>Deletes what was last in force before a moment.</summary>
    /// <exception cref="DbException">Nothing was deleted.</exception>
    public ValueTask PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => store.PurgeAsync(before, cancellationToken);
}
