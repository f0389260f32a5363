using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Ledger.Postgres;
using Sommelier.Ledger.Sqlite;
using Sommelier.Quality;
using Sommelier.Quality.Storage;
using Sommelier.Replay;
using Sommelier.Routing;
using Sommelier.Tests.Accounts;

namespace Sommelier.Tests.Replay;

/// <summary>A ledger of decided requests, a minute apart and each a conversation of its own, in a database of its own.</summary>
internal sealed class LoggedTraffic : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly Databases databases;
    private readonly ILedgerStore store;

    private LoggedTraffic(Databases databases, ILedgerStore store, ILedgerQueries queries, QualityBook book) =>
        (this.databases, this.store, Ledger, Book) = (databases, store, queries, book);

    public QualityBook Book { get; }

    public ILedgerQueries Ledger { get; }

    /// <summary>What all requests cost, nano-USD.</summary>
    public long Cost { get; private set; }

    /// <summary>Serves requests by a policy.</summary>
    /// <param name="query">The request; its number is the seed and the conversation.</param>
    /// <param name="count">How many.</param>
    /// <param name="rate">How an answer of a deployment to the request of a number is rated; null where it is not.</param>
    /// <param name="catalog">What the gateway of the time knew; null for the query's own.</param>
    /// <param name="postgres">Where a database is made; null for SQLite.</param>
    public static async Task<LoggedTraffic> OfAsync(
        RouteQuery query, int count, Func<string, int, double?>? rate = null, CatalogSnapshot? catalog = null, PostgresFixture? postgres = null)
    {
        var traffic = await OpenAsync(postgres);
        var batch = new List<LedgerRecord>();
        for (var number = 0; number < count; number++)
        {
            var decision = ModelRouter.Decide(query with
            {
                Seed = number,
                Catalog = catalog ?? query.Catalog,
                Signals = query.Signals with { ConversationKey = (ulong)number },
            });
            var entry = Entry(decision, number);
            traffic.Cost += entry.Attempts[0].CostNanoUsd;
            batch.Add(new(entry, new JsonLedgerDecision(RouteRecord.Write(decision))));
            if (rate?.Invoke(entry.DeploymentId!, number) is { } score)
            {
                await traffic.Book.PutAsync(new() { RequestId = entry.RequestId, CallerId = "key_1", At = Start, Score = score, DeploymentId = entry.DeploymentId! }, default);
            }
        }

        await traffic.store.AppendAsync(batch, default);
        return traffic;
    }

    /// <summary>Adds a copy that a shadow was sent.</summary>
    public async Task AddShadowAsync(RouteQuery query, int number)
    {
        var decision = ModelRouter.Decide(query);
        var entry = Entry(decision, number) with { Endpoint = LedgerEntry.ShadowEndpoint };
        await store.AppendAsync([new(entry, new JsonLedgerDecision(RouteRecord.Write(decision)))], default);
    }

    public Task<ReplayReport> ReplayAsync(CatalogSnapshot catalog, Policy policy, DateTimeOffset? since = null, DateTimeOffset? until = null) =>
        new ReplayRun(Ledger, Book, catalog).RunAsync(policy, since, until, default);

    public async ValueTask DisposeAsync()
    {
        Book.Dispose();
        await store.DisposeAsync();
        await databases.DisposeAsync();
    }

    private static async Task<LoggedTraffic> OpenAsync(PostgresFixture? postgres)
    {
        var databases = await Databases.StartAsync(postgres);
        var book = await QualityBook.OpenAsync(new QualityStore(databases.Database), new FakeTimeProvider(Start), NullLogger.Instance, default);
        if (postgres is null)
        {
            var file = SqliteLedgerStore.Open(databases.Database.Name, TimeProvider.System);
            return new(databases, file, file.Queries, book);
        }

        var shared = await PostgresLedgerStore.OpenAsync(databases.Database, TimeProvider.System, default);
        return new(databases, shared, shared.Queries, book);
    }

    private static LedgerEntry Entry(RouteDecision decision, int number)
    {
        var chosen = decision.Plan[0].Deployment;
        var at = Start.AddMinutes(number);
        var usage = new Usage { InputTokens = 1_000 + number, OutputTokens = 100 };
        return new()
        {
            RequestId = RequestId.Format(at.ToUnixTimeMilliseconds(), 0, (ulong)number),
            StartedAt = at,
            Duration = TimeSpan.FromMilliseconds(chosen.Id[0] == 'a' ? 3_000 : 1_000),
            InboundFormat = "openai-chat",
            Endpoint = "/v1/chat/completions",
            CallerKeyId = "key_1",
            OriginalModel = "auto",
            Reason = decision.Reason.Token(),
            DeploymentId = chosen.Id,
            Outcome = LedgerOutcome.Succeeded,
            Status = 200,
            ConversationId = number.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            Attempts =
            [
                new()
                {
                    Number = 1,
                    DeploymentId = chosen.Id,
                    RequestModel = chosen.Model,
                    StartedAt = at,
                    Outcome = AttemptOutcome.Succeeded,
                    OutputCommitted = true,
                    Usage = usage,
                    CostNanoUsd = PriceCalculator.Cost(chosen.Price!, usage, at).ToNanoUsd(),
                },
            ],
        };
    }
}
