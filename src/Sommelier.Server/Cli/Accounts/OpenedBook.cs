using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Accounts.Administration;
using Sommelier.Accounts.Storage;
using Sommelier.Configuration;
using Sommelier.Ledger;
using Sommelier.Ledger.Postgres;
using Sommelier.Ledger.Sqlite;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Accounts;

/// <summary>The accounts as a verb opens them, beside a gateway that may be running: it takes changes over within a second.</summary>
internal sealed class OpenedBook : IAsyncDisposable
{
    /// <summary>What the audit log calls whoever types at this machine.</summary>
    public const string Actor = "cli";

    private readonly ILedgerStore ledger;

    private OpenedBook(ILedgerStore ledger, AccountBook book) => (this.ledger, Book) = (ledger, book);

    /// <summary>The accounts.</summary>
    public AccountBook Book { get; }

    /// <summary>Runs something on the accounts.</summary>
    /// <exception cref="CliException">They cannot be opened, or cannot be changed so.</exception>
    public static async Task<int> UseAsync(CliContext context, ServeSettings settings, Func<AccountBook, Task> act, CancellationToken cancellationToken)
    {
        var config = settings.Over(CommonOptions.Load(context, settings.File));
        await using var database = config.Postgres is { } shared ? Database.OfPostgres(shared) : Database.OfSqlite(config.DatabasePath);
        try
        {
            await using var opened = await OpenAsync(database, config, context.Time, cancellationToken);
            await act(opened.Book);
            return ExitCodes.Fine;
        }
        catch (AccountException wrong)
        {
            throw new CliException(wrong.Message);
        }
        catch (Exception failure) when (failure is IOException or DbException or InvalidOperationException)
        {
            throw new CliException($"the accounts in '{database.Name}' cannot be used: {failure.Message}", ExitCodes.Infrastructure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Book.DisposeAsync();
        await ledger.DisposeAsync();
    }

    private static async ValueTask<OpenedBook> OpenAsync(Database database, SommelierConfig config, TimeProvider time, CancellationToken cancellationToken)
    {
        var (ledger, queries) = await LedgerAsync(database, config, time, cancellationToken);
        return new(ledger, await AccountBook.OpenAsync(new AccountStore(database), queries, null, time, NullLogger.Instance, cancellationToken));
    }

    private static async ValueTask<(ILedgerStore Store, ILedgerQueries Queries)> LedgerAsync(Database database, SommelierConfig config, TimeProvider time, CancellationToken cancellationToken)
    {
        if (database.IsShared)
        {
            var shared = await PostgresLedgerStore.OpenAsync(database, time, cancellationToken);
            return (shared, shared.Queries);
        }

        var own = SqliteLedgerStore.Open(config.DatabasePath, time);
        return (own, own.Queries);
    }
}
