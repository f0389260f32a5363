using System.Data.Common;
using Microsoft.Extensions.Logging;
using Sommelier.Accounts.Spending;
using Sommelier.Accounts.Storage;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Storage;

namespace Sommelier.Accounts.Administration;

/// <summary>The accounts in force: read by every request, changed by administrators, here or by way of another process.</summary>
internal sealed class AccountBook : IAsyncDisposable
{
    // The id of the act that makes the first administrator's key: there is only one such act.
    private const string FirstAct = "00000000000000000000000001";

    // What was spent by requests that began before their account had a budget is known so soon after their end.
    private static readonly TimeSpan RaiseEvery = TimeSpan.FromMinutes(1);

    private readonly AccountStore store;
    private readonly ILedgerQueries ledger;
    private readonly LocalSpendGate? gate;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly RequestIdGenerator ids;
    private readonly SemaphoreSlim changing = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private Known known = new(AccountDirectory.Empty, -1);
    private Task watching = Task.CompletedTask;

    private AccountBook(AccountStore store, ILedgerQueries ledger, LocalSpendGate? gate, TimeProvider time, ILogger logger)
    {
        (this.store, this.ledger, this.gate, this.time, this.logger) = (store, ledger, gate, time, logger);
        ids = new(time);
        Refusals = new(store, ids, time, logger);
    }

    /// <summary>Notes acts that were refused.</summary>
    public RefusalLog Refusals { get; }

    /// <summary>Every account, as of now.</summary>
    public AccountDirectory Directory => Volatile.Read(ref known).Directory;

    /// <summary>Opens the book.</summary>
    /// <param name="store">Where accounts are kept.</param>
    /// <param name="ledger">Knows what was spent.</param>
    /// <param name="gate">Takes over what was spent; null when another place counts it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of trouble.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static async ValueTask<AccountBook> OpenAsync(
        AccountStore store, ILedgerQueries ledger, LocalSpendGate? gate, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        await store.PrepareAsync(time, cancellationToken);
        var book = new AccountBook(store, ledger, gate, time, logger);
        await book.RefreshAsync(cancellationToken);
        return book;
    }

    /// <summary>Follows the changes of other processes from now on.</summary>
    public void Watch(TimeSpan every) => watching = Task.Run(() => WatchAsync(every));

    /// <summary>Takes over changes, when there are any.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await changing.WaitAsync(cancellationToken);
        try
        {
            if (await store.VersionAsync(cancellationToken) != known.Version)
            {
                await ReadAsync(cancellationToken);
            }
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Makes an account.</summary>
    /// <param name="make">Makes it of its id and moment; checked before it is stored.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AccountException">It cannot be made so.</exception>
    public async ValueTask<Account> CreateAsync(AccountKind kind, Func<Account, Account> make, string actor, CancellationToken cancellationToken)
    {
        var account = make(new() { Id = NewId(kind), Kind = kind, Name = "", CreatedAt = time.GetUtcNow() });
        return await PutAsync(_ => account, "create", actor, ids.Next(), cancellationToken);
    }

    /// <summary>Makes a key.</summary>
    /// <returns>The key's account, and the key itself: shown this once, kept nowhere.</returns>
    /// <exception cref="AccountException">It cannot be made so.</exception>
    public ValueTask<(KeyAccount Key, string Secret)> CreateKeyAsync(Func<KeyAccount, KeyAccount> make, string actor, CancellationToken cancellationToken) =>
        CreateKeyAsync(make, actor, ids.Next(), cancellationToken);

    private async ValueTask<(KeyAccount Key, string Secret)> CreateKeyAsync(
        Func<KeyAccount, KeyAccount> make, string actor, string act, CancellationToken cancellationToken)
    {
        var secret = KeySecret.Create();
        var hash = new byte[32];
        KeySecret.Hash(secret, hash);
        var key = make(new()
        {
            Id = NewId(AccountKind.Key), Kind = AccountKind.Key, Name = "", CreatedAt = time.GetUtcNow(), Hash = hash, Prefix = KeySecret.PrefixOf(secret),
        });
        return ((KeyAccount)await PutAsync(_ => key, "create", actor, act, cancellationToken), secret);
    }

    /// <summary>The first key of an administrator, where there never was one; else null.</summary>
    public async ValueTask<string?> FirstAdminKeyAsync(CancellationToken cancellationToken)
    {
        if (Directory.All.OfType<KeyAccount>().Any(static key => key.Role == KeyRole.Admin))
        {
            return null;
        }

        try
        {
            return (await CreateKeyAsync(static key => key with { Name = "first admin", Role = KeyRole.Admin }, "start", FirstAct, cancellationToken)).Secret;
        }
        catch (DbException taken) when (store.IsDuplicate(taken))
        {
            // Another instance, started at the same moment, was first.
            return null;
        }
    }

    /// <summary>Changes an account.</summary>
    /// <exception cref="AccountException">There is none of that id, or it cannot be changed so.</exception>
    public ValueTask<Account> ChangeAsync(string id, Func<Account, Account> change, string actor, CancellationToken cancellationToken) =>
        PutAsync(accounts => change(accounts.Find(id) ?? throw AccountException.Missing(id)), "change", actor, ids.Next(), cancellationToken);

    /// <summary>Closes an account for ever: a key is revoked, whoever is below a team or an organisation calls no more. Closing twice changes nothing.</summary>
    /// <exception cref="AccountException">There is none of that id.</exception>
    public ValueTask<Account> CloseAsync(string id, string actor, CancellationToken cancellationToken) => PutAsync(
        accounts => accounts.Find(id) switch
        {
            null => throw AccountException.Missing(id),
            { ClosedAt: null } open => open with { ClosedAt = time.GetUtcNow() },
            var closed => closed,
        },
        "close", actor, ids.Next(), cancellationToken);

    /// <summary>What an account has used in each window that runs now.</summary>
    public ValueTask<SpendTotal> SpendAsync(string id, SpendWindow window, CancellationToken cancellationToken) =>
        ledger.GetSpendAsync(id, window, time.GetUtcNow(), cancellationToken);

    /// <summary>A page of the accounts of a kind, oldest first; null where it goes on behind an account that is none of them.</summary>
    public Page<Account>? Read(AccountKind kind, PageAsk page) =>
        page.Cut([.. Directory.All.Where(account => account.Kind == kind).OrderBy(static account => account.Id, StringComparer.Ordinal)], static account => account.Id);

    /// <inheritdoc cref="AccountStore.ReadAuditAsync"/>
    public ValueTask<Page<AuditEntry>> ReadAuditAsync(PageAsk page, CancellationToken cancellationToken) => store.ReadAuditAsync(page, cancellationToken);

    /// <summary>Deletes refusals whose time is over.</summary>
    public ValueTask PurgeAsync(CancellationToken cancellationToken) => store.DeleteRefusalsAsync(time.GetUtcNow() - RefusalLog.Retention, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        await Refusals.DisposeAsync();
        stopping.Dispose();
        changing.Dispose();
    }

    private string NewId(AccountKind kind)
    {
        var start = kind switch { AccountKind.Organisation => "org_", AccountKind.Team => "team_", _ => "key_" };
#pragma warning disable CA1308 // an id's case is a matter of taste, not of comparison
        return start + ids.Next().ToLowerInvariant();
#pragma warning restore CA1308
    }

    // What is stored is made of the newest accounts: where another act comes in between it is made again of what that one left, so that
    // no change undoes another, and none brings back a key that was revoked meanwhile.
    private async ValueTask<Account> PutAsync(Func<AccountDirectory, Account> make, string verb, string actor, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            await RefreshAsync(cancellationToken);
            var (accounts, version) = Volatile.Read(ref known);
            var account = make(accounts);
            if (ReferenceEquals(account, accounts.Find(account.Id)))
            {
                return account;
            }

            AccountRules.Check(account, accounts, time.GetUtcNow());
            var act = new AuditEntry(id, time.GetUtcNow(), actor, $"{EnumNames<AccountKind>.Of(account.Kind)}.{verb}", account.Id, AccountJson.Text(account));
            if (await store.PutAsync(account, act, version, cancellationToken))
            {
                logger.AccountChanged(act.Actor, act.Action, act.Subject);
                await RefreshAsync(cancellationToken);
                return account;
            }
        }
    }

    private async Task WatchAsync(TimeSpan every)
    {
        using var timer = new PeriodicTimer(every, time);
        await using var end = timer.EndedBy(stopping.Token);
        var failed = false;
        var raisedAt = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
            {
                try
                {
                    await RefreshAsync(stopping.Token);
                    if (gate is not null && time.GetElapsedTime(raisedAt) >= RaiseEvery)
                    {
                        raisedAt = time.GetTimestamp();
                        await RaiseAllAsync(stopping.Token);
                    }

                    failed = false;
                }
                catch (Exception failure) when (failure is DbException or LedgerStoreException or InvalidDataException or IOException or TimeoutException)
                {
                    // The accounts that are known stay in force.
                    if (!failed)
                    {
                        logger.AccountsUnreadable(failure);
                        failed = true;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async ValueTask RaiseAllAsync(CancellationToken cancellationToken)
    {
        foreach (var account in Directory.All)
        {
            foreach (var budget in account.Limits.Budgets)
            {
                await RaiseAsync(gate!, account.Id, budget.Window, cancellationToken);
            }
        }
    }

    private async ValueTask RaiseAsync(LocalSpendGate to, string accountId, SpendWindow window, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var spent = await ledger.GetSpendAsync(accountId, window, now, cancellationToken);
        to.Raise(accountId, window, window.StartMs(now), spent.CostNanoUsd, spent.Tokens);
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        var (accounts, read) = await store.ReadAllAsync(cancellationToken);
        var next = AccountDirectory.Of(accounts);

        // Before it is in force: whoever is given a budget, for the first time or again, is known to the gate with what was spent already.
        foreach (var account in accounts)
        {
            if (gate is not null && account.Limits.Budgets.Count > 0 && known.Directory.Find(account.Id) is not { Limits.Budgets.Count: > 0 })
            {
                foreach (var window in Enum.GetValues<SpendWindow>())
                {
                    await RaiseAsync(gate, account.Id, window, cancellationToken);
                }
            }
        }

        Volatile.Write(ref known, new(next, read));
    }

    private sealed record Known(AccountDirectory Directory, long Version);
}
