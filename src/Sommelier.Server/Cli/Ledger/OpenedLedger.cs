using System.Data.Common;
using Sommelier.Configuration;
using Sommelier.Ledger;
using Sommelier.Ledger.Postgres;
using Sommelier.Ledger.Sqlite;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Ledger;

/// <summary>The ledger as a verb reads it, beside a gateway that may be running.</summary>
internal static class OpenedLedger
{
    /// <summary>Runs something on the ledger.</summary>
    /// <exception cref="CliException">There is none, or it cannot be read.</exception>
    public static async Task<int> UseAsync(CliContext context, ServeSettings settings, Func<ILedgerQueries, SommelierConfig, Task<int>> act)
    {
        var config = settings.Over(CommonOptions.Load(context, settings.File));
        if (config.Postgres is null && !File.Exists(config.DatabasePath))
        {
            throw new CliException($"there is no ledger at '{config.DatabasePath}'. Name the gateway's data folder with --data, or its configuration with --config.", ExitCodes.Infrastructure);
        }

        try
        {
            if (config.Postgres is { } shared)
            {
                await using var database = Database.OfPostgres(shared);
                await using var common = await PostgresLedgerStore.OpenAsync(database, context.Time, CancellationToken.None);
                return await act(common.Queries, config);
            }

            await using var store = SqliteLedgerStore.Open(config.DatabasePath, context.Time);
            return await act(store.Queries, config);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DbException or InvalidOperationException)
        {
            throw new CliException(failure.Message, ExitCodes.Infrastructure);
        }
    }
}
