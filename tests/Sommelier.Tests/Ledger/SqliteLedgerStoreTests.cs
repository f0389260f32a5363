using Microsoft.Data.Sqlite;
using Sommelier.Ledger;
using Sommelier.Ledger.Sqlite;

namespace Sommelier.Tests.Ledger;

public sealed class SqliteLedgerStoreTests : LedgerStoreTests
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Sums_what_was_spent_before_sums_were_kept()
    {
        await Store.AppendAsync([new LedgerRecord(Entries.Settled(1, 7) with { CallerKeyId = "key_7" }, null)], default);
        await Store.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={folder["ledger.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                "DROP TABLE ledger_spend; ALTER TABLE ledger_entries DROP COLUMN team_id; ALTER TABLE ledger_entries DROP COLUMN organisation_id;"
                + "ALTER TABLE ledger_entries DROP COLUMN input_audio_tokens; ALTER TABLE ledger_entries DROP COLUMN output_audio_tokens;"
                + "ALTER TABLE ledger_attempts DROP COLUMN input_audio_tokens; ALTER TABLE ledger_attempts DROP COLUMN cache_read_input_audio_tokens;"
                + "ALTER TABLE ledger_attempts DROP COLUMN output_audio_tokens; ALTER TABLE ledger_attempts DROP COLUMN service_tier;"
                + "ALTER TABLE ledger_attempts DROP COLUMN inference_geo; ALTER TABLE ledger_attempts DROP COLUMN web_searches;"
                + "ALTER TABLE ledger_attempts DROP COLUMN api_key_number; ALTER TABLE ledger_attempts DROP COLUMN purpose;"
                + "DELETE FROM schema_versions WHERE component = 'ledger' AND version >= 2";
            command.ExecuteNonQuery();
        }

        await using var upgraded = SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System);
        foreach (var window in Enum.GetValues<SpendWindow>())
        {
            Assert.Equal(new SpendTotal(1, 15, 7, 0), await upgraded.Queries.GetSpendAsync("key_7", window, Entries.Noon, default));
        }

        // What was recorded before audio was counted has none.
        Entries.Same(Entries.Settled(1, 7) with { CallerKeyId = "key_7" }, await upgraded.Queries.GetAsync(Entries.Id(1), default));
    }

    [Fact]
    public async Task Opens_its_own_file_again_and_refuses_one_from_the_future()
    {
        await Append(Entries.Full(1));
        await Store.DisposeAsync();
        var again = SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System);
        Entries.Same(Entries.Full(1), await again.Queries.GetAsync(Entries.Id(1), default));
        await again.DisposeAsync();
        Scalar("INSERT INTO schema_versions (component, version, applied_at_ms) VALUES ('ledger', 99, 0)");

        var error = Assert.Throws<InvalidOperationException>(() => SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System));

        Assert.Contains("version 99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_so_when_the_file_is_no_database()
    {
        File.WriteAllText(folder["text.db"], "This is a text file, and not a short one, so that it has a header to misread.");

        var error = Assert.Throws<IOException>(() => SqliteLedgerStore.Open(folder["text.db"], TimeProvider.System));

        Assert.Contains("text.db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_stores_the_vendors_words()
    {
        var attempt = Entries.Call(1, 0) with { Failure = new(Canonical.UpstreamFailureKind.AuthenticationFailed, "Incorrect API key provided: sk-secret", 401) };
        await Append(Entries.Settled(1) with { Attempts = [attempt] });
        await Store.DisposeAsync();

        foreach (var file in Directory.GetFiles(folder.Path))
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("sk-secret"u8));
        }
    }

    [Fact]
    public async Task Carries_the_log_over_to_the_file_while_entries_come_in()
    {
        var megabyte = new byte[1024 * 1024];
        Array.Fill(megabyte, (byte)'x');

        // On a slow disk the log is carried over later: it is written on until then, and at most a gigabyte.
        long Log() => new FileInfo(folder["ledger.db-wal"]).Length;
        var batches = 0;
        while (batches < 160 || (batches < 1_000 && Log() > batches * 0.8 * megabyte.Length))
        {
            await Store.AppendAsync([new LedgerRecord(Entries.Settled(batches++), new JsonLedgerDecision(megabyte))], default);
        }

        Assert.InRange(Log(), 1, (long)(batches * 0.8 * megabyte.Length));
        Assert.InRange(new FileInfo(folder["ledger.db"]).Length, 16 * megabyte.Length, long.MaxValue);
        for (var i = 0; i < batches; i += batches - 1)
        {
            Assert.Equal(megabyte.Length, (await ((SqliteLedgerStore)Store).Queries.GetDecisionAsync(Entries.Id(i), default))!.Value.Length);
        }
    }

    private protected override ValueTask<(ILedgerStore Store, ILedgerQueries Queries)> OpenStoreAsync()
    {
        var opened = SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System);
        return new((opened, opened.Queries));
    }

    private protected override System.Data.Common.DbConnection Connection() => new SqliteConnection($"Data Source={folder["ledger.db"]};Pooling=False");
}
