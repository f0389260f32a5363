using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Accounts.Administration;
using Sommelier.Accounts.Storage;
using Sommelier.Ledger.Sqlite;
using Sommelier.Storage;

namespace Sommelier.Server.Cli.Accounts;

/// <summary>The accounts as a verb opens them, beside a gateway that may be running: it takes changes over within a second.</summary>
internal sealed class OpenedBook : IAsyncDisposable
{
    /// <summary>What the audit log calls whoever types at this machine.</summary>
    public const string Actor = "cli";

    private readonly Database database;
    private readonly SqliteLedgerStore ledger;

    private OpenedBook(Database database, SqliteLedgerStore ledger, AccountBook book) => (this.database, this.ledger, Book) = (database, ledger, book);

    /// <summary>The accounts.</summary>
    public AccountBook Book { get; }

    /// <summary>Runs something on the accounts.</summary>
    /// <exception cref="CliException">They cannot be opened, or cannot be changed so.</exception>
    public static async Task<int> UseAsync(CliContext context, ServeSettings settings, Func<AccountBook, Task> act, CancellationToken cancellationToken)
    {
        var path = settings.Over(CommonOptions.Load(context, settings.File)).DatabasePath;
        try
        {
            await using var opened = await OpenAsync(path, context.Time, cancellationToken);
            await act(opened.Book);
            return ExitCodes.Fine;
        }
        catch (AccountException wrong)
        {
            throw new CliException(wrong.Message);
        }
        catch (Exception failure) when (failure is IOException or DbException or InvalidOperationException)
        {
            throw new CliException($"the accounts in '{path}' cannot be used: {failure.Message}", ExitCodes.Infrastructure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Book.DisposeAsync();
        await ledger.DisposeAsync();
        await database.DisposeAsync();
    }

    private static async ValueTask<OpenedBook> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var ledger = SqliteLedgerStore.Open(path, time);
        var database = Database.OfSqlite(path);
        var book = await AccountBook.OpenAsync(new AccountStore(database), ledger.Queries, null, time, NullLogger.Instance, cancellationToken);
        return new(database, ledger, book);
    }
}
