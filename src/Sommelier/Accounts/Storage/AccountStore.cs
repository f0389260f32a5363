using System.Data.Common;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Storage;

namespace Sommelier.Accounts.Storage;

/// <summary>Accounts and the audit log in a database. Every change is one transaction with its audit entry.</summary>
internal sealed class AccountStore(Database database)
{
    /// <summary>Brings the tables to the newest version.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public async ValueTask PrepareAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        Migrator.Migrate(connection, database.Dialect, AccountSchema.Component, AccountSchema.Steps, time);
    }

    /// <summary>Grows with every change, whoever made it.</summary>
    public async ValueTask<long> VersionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await VersionAsync(connection, cancellationToken);
    }

    /// <summary>Every account, and the version that they are of.</summary>
    public async ValueTask<(IReadOnlyList<Account> Accounts, long Version)> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);

        // Read first: a change in between makes the accounts newer than their version, and the next look takes them again.
        var version = await VersionAsync(connection, cancellationToken);
        var budgets = await BudgetsAsync(connection, cancellationToken);
        await using var command = connection.Command(AccountSql.All);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<Account> accounts = [];
        while (await row.ReadAsync(cancellationToken))
        {
            accounts.Add(AccountRow.Read(row, budgets.GetValueOrDefault(row.GetString(0)) ?? []));
        }

        return (accounts, version);
    }

    /// <summary>Stores an account, new or changed, with the act that made or changed it.</summary>
    /// <param name="account">The whole account.</param>
    /// <param name="act">Who did what.</param>
    /// <param name="seen">The version of the accounts that the change was made of.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where somebody else has changed an account since: nothing was stored.</returns>
    public async ValueTask<bool> PutAsync(Account account, AuditEntry act, long seen, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RunAsync(transaction, AccountSql.NextVersion, cancellationToken, ("@seen", seen)) == 0)
        {
            return false;
        }

        await using (var put = AccountRow.Put(connection, account))
        {
            put.Transaction = transaction;
            await put.ExecuteNonQueryAsync(cancellationToken);
        }

        await RunAsync(transaction, AccountSql.ClearBudgets, cancellationToken, ("@id", account.Id));
        foreach (var budget in account.Limits.Budgets)
        {
            await RunAsync(
                transaction, AccountSql.AddBudget, cancellationToken,
                ("@id", account.Id), ("@window", EnumNames<SpendWindow>.Of(budget.Window)), ("@money", budget.NanoUsd), ("@tokens", budget.Tokens));
        }

        await AddAsync(transaction, act, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Whether an error says that the account or the act is there already.</summary>
    public bool IsDuplicate(DbException error) => database.Dialect.IsDuplicate(error);

    /// <summary>Notes an act that changes no account.</summary>
    public async ValueTask NoteAsync(AuditEntry act, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AddAsync(transaction, act, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A page of the acts, newest first, by their ids.</summary>
    public async ValueTask<Page<AuditEntry>> ReadAuditAsync(PageAsk page, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(AccountSql.Audit, ("@after", page.After ?? RequestId.Beyond), ("@count", (long)page.Reach));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<AuditEntry> acts = [];
        while (await row.ReadAsync(cancellationToken))
        {
            acts.Add(new(
                row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)));
        }

        return page.Of(acts, static act => act.Id);
    }

    /// <summary>Deletes refused acts from before a moment; what was done stays for ever.</summary>
    public async ValueTask DeleteRefusalsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.RunAsync(AccountSql.DeleteRefusals, cancellationToken, ("@before", RequestId.Floor(before)));
    }

    private static async ValueTask<long> VersionAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(AccountSql.Version);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async ValueTask<Dictionary<string, List<Budget>>> BudgetsAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(AccountSql.Budgets);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<string, List<Budget>> budgets = new(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            if (EnumNames<SpendWindow>.Parse(row.GetString(1)) is not { } window)
            {
                throw new InvalidDataException($"A budget of {row.GetString(0)} has the window '{row.GetString(1)}', which this Sommelier does not know. Run the newer Sommelier.");
            }

            if (!budgets.TryGetValue(row.GetString(0), out var list))
            {
                budgets.Add(row.GetString(0), list = []);
            }

            list.Add(new(window, row.NumberOrNull(2), row.NumberOrNull(3)));
        }

        foreach (var list in budgets.Values)
        {
            list.Sort((a, b) => a.Window.CompareTo(b.Window));
        }

        return budgets;
    }

    /// <summary>Notes an act in the audit log, in the transaction that the connection is in.</summary>
    public static Task<int> NoteAsync(DbConnection connection, AuditEntry act, CancellationToken cancellationToken) => connection.RunAsync(
        AccountSql.AddAudit, cancellationToken,
        ("@id", act.Id), ("@at", act.At.ToUnixTimeMilliseconds()), ("@actor", act.Actor), ("@action", act.Action), ("@subject", act.Subject), ("@detail", act.Detail));

    private static Task<int> AddAsync(DbTransaction transaction, AuditEntry act, CancellationToken cancellationToken) => RunAsync(
        transaction, AccountSql.AddAudit, cancellationToken,
        ("@id", act.Id), ("@at", act.At.ToUnixTimeMilliseconds()), ("@actor", act.Actor), ("@action", act.Action), ("@subject", act.Subject), ("@detail", act.Detail));

    private static Task<int> RunAsync(DbTransaction transaction, string sql, CancellationToken cancellationToken, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = transaction.Connection!.Command(sql, parameters);
        command.Transaction = transaction;
        return RunAsync(command, cancellationToken);

        static async Task<int> RunAsync(DbCommand command, CancellationToken cancellationToken)
        {
            await using (command)
            {
                return await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
