using System.Text;
using Microsoft.Data.Sqlite;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>The real process is killed while calls run whose provider has them: each is in the ledger after the next start, once, under its own name.</summary>
public sealed class KilledCallsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly FaultServer one = new(FaultReply.Nothing);
    private readonly FaultServer two = new(FaultReply.Nothing);
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string url = ServerProcess.FreeUrl();

    private string Data => Path.Combine(folder.Path, "data");

    private string Configuration => Path.Combine(folder.Path, "sommelier.yaml");

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await one.DisposeAsync();
        await two.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_call_and_the_hedge_beside_it()
    {
        await KillAsync("hedge: { after: 50ms, max_share: 1, max_usd_per_hour: 100 }", "", async () =>
        {
            _ = AskAsync();
            await one.RequestAsync(0);
            await two.RequestAsync(0);
        });

        var rows = await RowsAsync();
        Assert.Equal([(1L, "one/m", "unknown"), (2L, "two/m", "unknown")], rows.Select(row => (row.Number, row.Deployment, row.Outcome)));
        Assert.Single(rows.Select(row => row.Request).Distinct());

        // Each at its own price: 3 and 1 USD per million.
        Assert.True(rows[0].Cost > 0);
        Assert.Equal(rows[0].Cost, 3 * rows[1].Cost);
        Assert.Equal(rows.Sum(row => row.Cost), await EntryCostAsync());
    }

    [Fact]
    public async Task A_first_call_to_another_than_the_plans_first()
    {
        await KillAsync("", "max_concurrency: 1, ", async () =>
        {
            _ = AskAsync();
            await one.RequestAsync(0);
            _ = AskAsync();
            await two.RequestAsync(0);
        });

        Assert.Equal(["one/m", "two/m"], (await RowsAsync()).Select(row => row.Deployment));
    }

    private async Task KillAsync(string policy, string model, Func<Task> underWay)
    {
        await File.WriteAllTextAsync(
            Configuration,
            $$"""
            discover: false
            policies: { default: table, table: { strategy: order, order: [one/m, two/m]{{(policy.Length > 0 ? ", " + policy : "")}} } }
            providers:
              one: { type: openai-compatible, base_url: "{{one.Address}}v1", models: [{ id: m, {{model}}context: 32768, max_output: 64, price: { input: 3, output: 3 } }] }
              two: { type: openai-compatible, base_url: "{{two.Address}}v1", models: [{ id: m, context: 32768, max_output: 64, price: { input: 1, output: 1 } }] }
            """);
        await using (var server = ServerProcess.Start(Configuration, Data, url))
        {
            await server.ReadyAsync(http, url);
            await underWay();
            await server.KillAsync();
        }

        // Twice: what was taken over is not taken over again.
        for (var start = 0; start < 2; start++)
        {
            await using var again = ServerProcess.Start(Configuration, Data, url);
            await again.ReadyAsync(http, url);
            await again.KillAsync();
        }
    }

    private async Task AskAsync()
    {
        using var content = new StringContent(Ask.Body(streamed: true), Encoding.UTF8, "application/json");
        try
        {
            using var reply = await http.PostAsync(new Uri($"{url}/v1/chat/completions"), content);
        }
        catch (HttpRequestException)
        {
            // Killed.
        }
    }

    private async Task<List<(string Request, long Number, string Deployment, string Outcome, long Cost)>> RowsAsync()
    {
        await using var database = await OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT request_id, number, deployment_id, outcome, cost_nano_usd FROM ledger_attempts ORDER BY request_id, number";
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<(string, long, string, string, long)>();
        while (await row.ReadAsync())
        {
            rows.Add((row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4)));
        }

        return rows;
    }

    private async Task<object?> EntryCostAsync()
    {
        await using var database = await OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT cost_nano_usd FROM ledger_entries";
        return await command.ExecuteScalarAsync();
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var database = new SqliteConnection($"Data Source={Path.Combine(Data, "sommelier.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        return database;
    }
}
