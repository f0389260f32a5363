using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.Tests.Ledger;

namespace Sommelier.Tests.Gateway;

public sealed class RetentionTests
{
    [Fact]
    public async Task A_store_that_cannot_delete_does_not_keep_the_gateway_from_closing()
    {
        using var folder = new TemporaryFolder();
        var database = Path.Combine(folder.Path, "ledger.db");
        var time = new FakeTimeProvider(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        using var log = new Awaited("retention");
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(log));
        var gateway = await GatewayHost.StartAsync(
            GatewaySnapshotBuilder.Build(SommelierConfig.Default with { Discover = false }, _ => null, []).Snapshot,
            new() { DatabasePath = database, JournalFolder = Path.Combine(folder.Path, "journal"), LedgerRetention = TimeSpan.FromDays(1) },
            time,
            logging,
            TestContext.Current.CancellationToken);

        await using (var other = new SqliteConnection($"Data Source={database}"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var drop = other.CreateCommand();
            drop.CommandText = "DROP TABLE ledger_decisions; DROP TABLE ledger_attempts; DROP TABLE ledger_entries;";
            await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        // Whichever deletion comes after the tables are gone, the one at the start or the one an hour later, fails.
        time.Advance(TimeSpan.FromHours(1));
        await log.Seen.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        await gateway.DisposeAsync();
    }

    /// <summary>A log that says when a line with a word has come.</summary>
    private sealed class Awaited(string word) : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => seen.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains(word, StringComparison.Ordinal))
            {
                seen.TrySetResult();
            }
        }

        public void Dispose()
        {
        }
    }
}
