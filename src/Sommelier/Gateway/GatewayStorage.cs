using Microsoft.Extensions.Logging;
using Sommelier.Accounts.Administration;
using Sommelier.Accounts.Spending;
using Sommelier.Accounts.Spending.Shared;
using Sommelier.Accounts.Storage;
using Sommelier.Canaries;
using Sommelier.Canaries.Storage;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;
using Sommelier.Ledger.Postgres;
using Sommelier.Quality;
using Sommelier.Quality.Storage;
using Sommelier.Storage;

namespace Sommelier.Gateway;

/// <summary>Where a gateway remembers: the ledger, the accounts and what counts them; embedded, or shared with other instances.</summary>
internal sealed class GatewayStorage : IAsyncDisposable
{
    // How soon a key that another process made or revoked is known here.
    private static readonly TimeSpan AccountsEvery = TimeSpan.FromSeconds(1);

    private GatewayStorage()
    {
    }

    /// <summary>The database.</summary>
    public required Database Database { get; init; }

    /// <summary>The ledger.</summary>
    public required RequestLedger Ledger { get; init; }

    /// <summary>Who may call.</summary>
    public required AccountBook Accounts { get; init; }

    /// <summary>The versions of the quality table.</summary>
    public required QualityBook Quality { get; init; }

    /// <summary>How canaries stand.</summary>
    public required CanaryBook Canaries { get; init; }

    /// <summary>What calls may cost.</summary>
    public required ISpendGate Gate { get; init; }

    /// <summary>The way to the other instances; null where there are none.</summary>
    public RedisLink? Redis { get; private init; }

    /// <summary>Opens everything and replays what an earlier run left in the journal.</summary>
    /// <exception cref="IOException">The database or the journal cannot be used.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static async ValueTask<GatewayStorage> OpenAsync(GatewayHostOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var database = options.Postgres is { } shared ? Database.OfPostgres(shared) : Database.OfSqlite(options.DatabasePath, options.Durable);
        try
        {
            var ledger = await OpenLedgerAsync(database, options, time, logger, cancellationToken);
            var quality = await QualityBook.OpenAsync(new QualityStore(database), time, logger, cancellationToken);
            var canaries = await CanaryBook.OpenAsync(new CanaryStore(database), time, logger, cancellationToken);
            if (options.Redis is not { } redis)
            {
                var local = new LocalSpendGate(time);
                var own = await AccountBook.OpenAsync(new AccountStore(database), ledger.Queries, local, time, logger, cancellationToken);
                own.Watch(AccountsEvery);
                return new() { Database = database, Ledger = ledger, Accounts = own, Quality = quality, Canaries = canaries, Gate = local };
            }

            var accounts = await AccountBook.OpenAsync(new AccountStore(database), ledger.Queries, null, time, logger, cancellationToken);
            accounts.Watch(AccountsEvery);
            var link = await RedisLink.ConnectAsync(redis, TimeProvider.System, logger);
            return new()
            {
                Database = database,
                Ledger = ledger,
                Accounts = accounts,
                Quality = quality,
                Canaries = canaries,
                Gate = new SharedSpendGate(link, ledger.Queries, () => accounts.Directory, time),
                Redis = link,
            };
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stores what waits and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        Quality.Dispose();
        await Canaries.DisposeAsync();
        await Accounts.DisposeAsync();
        await Ledger.DisposeAsync();
        if (Gate is IAsyncDisposable shared)
        {
            await shared.DisposeAsync();
        }

        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private static async ValueTask<RequestLedger> OpenLedgerAsync(
        Database database, GatewayHostOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var settings = new LedgerOptions { DatabasePath = options.DatabasePath, JournalFolder = options.JournalFolder };
        if (!database.IsShared)
        {
            return await RequestLedger.OpenAsync(settings, time, logger, cancellationToken);
        }

        // The journal stays on this machine's disk, and is replayed by it.
        var journal = new Journal(settings.JournalFolder, settings.JournalSegmentBytes);
        try
        {
            var store = await PostgresLedgerStore.OpenAsync(database, time, cancellationToken);
            return await RequestLedger.OpenAsync(journal, store, store.Queries, settings, time, logger, cancellationToken);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }
}
