using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sommelier.Server.Tests.Cli;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>The real process is killed with SIGKILL under load, again and again, on one data folder: no request and no money is lost.</summary>
/// <remarks>
/// Five kills, a hundred with <c>SOMMELIER_LONG=1</c>; the seed is printed, and <c>SOMMELIER_SEED=n</c> sets it.
/// </remarks>
public sealed class KilledGatewayTests : IAsyncLifetime
{
    private const int Callers = 8;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 100 : 5;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SOMMELIER_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Environment.TickCount;

    private readonly TemporaryFolder folder = new();
    private readonly BookkeepingProvider provider = new(Seed);
    private readonly Random chance = new(Seed);
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0, MaxConnectionsPerServer = 64 });
    private readonly string url = ServerProcess.FreeUrl();
    private string admin = "";
    private string organisation = "";
    private string team = "";
    private string keyId = "";
    private string key = "";
    private int asked;

    private string Data => Path.Combine(folder.Path, "data");

    private string Configuration => Path.Combine(folder.Path, "sommelier.yaml");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Configuration, provider.Configuration());
        organisation = await DoAsync("org", "create", "o", "--budget", "month=100000");
        team = await DoAsync("team", "create", "t", "--org", organisation);
        (admin, _) = await KeyAsync("a", "--role", "admin");
        (key, keyId) = await KeyAsync("k", "--parent", team, "--budget", "total=100000");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await provider.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task No_request_and_no_money_is_lost_when_the_process_is_killed()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"SOMMELIER_SEED={Seed}, {Rounds} kills");
        for (var round = 1; round <= Rounds; round++)
        {
            await using (var server = Start())
            {
                // Sometimes the start itself is killed, in the midst of what it replays.
                if (chance.Next(4) == 0)
                {
                    await Task.Delay(chance.Next(1_500));
                    await server.KillAsync();
                    continue;
                }

                await server.ReadyAsync(http, url);
                using var stopping = new CancellationTokenSource();
                var seeds = Enumerable.Range(0, Callers).Select(_ => chance.Next()).ToArray();
                var load = Task.WhenAll(seeds.Select(seed => LoadAsync(new Random(seed), stopping.Token)));
                await Task.Delay(chance.Next(50, 1_500));
                await server.KillAsync();
                await stopping.CancelAsync();
                await load;
            }

            await using var again = Start();
            await again.ReadyAsync(http, url);
            await CheckAsync($"seed {Seed}, round {round}");
            await again.KillAsync();
        }

        Assert.True(provider.Books.Count > Rounds, $"Only {provider.Books.Count} requests reached the provider.");
    }

    private ServerProcess Start() => ServerProcess.Start(Configuration, Data, url);

    private async Task LoadAsync(Random own, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var word = BookkeepingProvider.Word(own);
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                using var reply = await AskAsync(word, leaving.Token);
                Assert.NotEqual(HttpStatusCode.InternalServerError, reply.StatusCode);
                leaving.CancelAfter(word == "hang" ? TimeSpan.FromMilliseconds(own.Next(60)) : Timeout.InfiniteTimeSpan);
                await reply.Content.ReadAsByteArrayAsync(leaving.Token);
            }
            catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException or SocketException)
            {
                // Killed, or the caller left.
            }
        }
    }

    private async Task<HttpResponseMessage> AskAsync(string word, CancellationToken cancellationToken, int maxTokens = 64)
    {
        var name = $"{word}-{Interlocked.Increment(ref asked).ToString(CultureInfo.InvariantCulture)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/v1/chat/completions");
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.Add("x-sommelier-tags", name);
        var body = Ask.Body(streamed: BookkeepingProvider.Streams(word), prompt: $"{name} {word} and a few words more");
        request.Content = new StringContent(body.Replace("\"max_tokens\":64", $"\"max_tokens\":{maxTokens.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal), Encoding.UTF8, "application/json");
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task CheckAsync(string when)
    {
        // New requests work, and the answer to the second tells that the first is stored.
        using (var reply = await AskAsync("ok", default))
        {
            Assert.True(reply.StatusCode == HttpStatusCode.OK, $"{when}: {await reply.Content.ReadAsStringAsync()}");
        }

        // The store is written in batches: the request just made is the last to come, however busy the machine is.
        var last = $"ok-{asked.ToString(CultureInfo.InvariantCulture)}";
        await using var database = new SqliteConnection($"Data Source={Path.Combine(Data, "sommelier.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        for (var tries = 0; tries < 100 && Rows(database, $"SELECT 1 FROM ledger_entries e, json_each(e.tags) t WHERE t.value = '{last}'").Count == 0; tries++)
        {
            await Task.Delay(100);
        }

        Assert.Equal("ok", Assert.Single(Rows(database, "PRAGMA integrity_check"))[0]);

        var entries = Rows(database, "SELECT t.value, e.outcome, e.cost_nano_usd, e.estimated, e.attempt_count FROM ledger_entries e, json_each(e.tags) t").ToLookup(row => (string)row[0]);
        foreach (var (name, calls) in provider.Books)
        {
            var entry = entries[name].ToList();
            Assert.True(entry.Count == 1, $"{when}: {name} reached the provider and is {entry.Count} times in the ledger.");
            var cost = (long)entry[0][2];
            if ((long)entry[0][3] == 0)
            {
                Assert.True(calls.Sum(call => call.NanoUsd) == cost, $"{when}: {name}: the provider's books say {string.Join(", ", calls)}, the ledger {cost}.");
            }
            else
            {
                Assert.True(cost > 0, $"{when}: the estimate of {name} is nothing.");
            }

            Assert.True((string)entry[0][1] != "unknown" || (long)entry[0][4] >= calls.Count, $"{when}: {name} was asked {calls.Count} times, and has {entry[0][4]} attempts.");
        }

        Assert.All(entries, same => Assert.Single(same));
        foreach (var (account, column) in new[] { (keyId, "caller_key_id"), (team, "team_id"), (organisation, "organisation_id") })
        {
            Assert.Equal(
                Assert.Single(Rows(database, $"SELECT COUNT(*), SUM(cost_nano_usd), SUM(estimated_cost_nano_usd), SUM(input_tokens + output_tokens) FROM ledger_entries WHERE {column} = '{account}'")),
                Assert.Single(Rows(database, $"SELECT requests, cost_nano_usd, estimated_cost_nano_usd, tokens FROM ledger_spend WHERE account_id = '{account}' AND window_name = 'total'")));
        }

        var spent = (long)Assert.Single(Rows(database, $"SELECT cost_nano_usd FROM ledger_spend WHERE account_id = '{keyId}' AND window_name = 'total'"))[0];
        await CheckCounterAsync(when, spent);
    }

    // A budget of one nano-USD more than the ledger's sum has one left exactly when the counter agrees with the ledger.
    private async Task CheckCounterAsync(string when, long spent)
    {
        await BudgetAsync((spent + 1) / 1e9m);
        using (var reply = await AskAsync("ok", default))
        {
            var text = await reply.Content.ReadAsStringAsync();
            Assert.True(reply.StatusCode == HttpStatusCode.TooManyRequests && text.Contains("has 0.000000001 USD left", StringComparison.Ordinal), $"{when}: {text}");
        }

        await BudgetAsync(100_000);
    }

    private async Task BudgetAsync(decimal usd)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{url}/admin/keys/{keyId}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", admin);
        request.Content = new StringContent($$"""{"budgets":[{"window":"total","usd":{{usd.ToString(CultureInfo.InvariantCulture)}}}]}""", Encoding.UTF8, "application/json");
        using var reply = await http.SendAsync(request);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    private static List<object[]> Rows(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<object[]> rows = [];
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    private async Task<(string Secret, string Id)> KeyAsync(params string[] arguments)
    {
        using var made = JsonDocument.Parse(await DoAsync(["key", "create", .. arguments, "--json"]));
        return (made.RootElement.GetProperty("key").GetString()!, made.RootElement.GetProperty("id").GetString()!);
    }

    private async Task<string> DoAsync(params string[] arguments)
    {
        var result = await CliRun.RunAsync([.. arguments, "--data", Data]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.Trim();
    }
}
