using System.Net;
using Sommelier.Accounts;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Server.Tests.Cli;
using Sommelier.TestKit.Services;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>Three gateways over one PostgreSQL and one Redis: one set of keys, one ledger, one budget.</summary>
public sealed class SharedStorageTests : IAsyncLifetime
{
    private readonly List<RunningGateway> gateways = [];
    private PostgresServer postgres = null!;
    private RedisServer redis = null!;
    private FaultServer provider = null!;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresServer.StartAsync();
        redis = await RedisServer.StartAsync();
        provider = new(ScriptedAnswer.OpenAI.Reply(streamed: false));
        for (var i = 0; i < 3; i++)
        {
            gateways.Add(await RunningGateway.StartAsync(
                $$"""
                discover: false
                storage: { postgres: "{{postgres.ConnectionString}}", redis: "{{redis.ConnectionString}}" }
                providers:
                  lab:
                    type: openai-compatible
                    base_url: "{{provider.Address}}v1"
                    models: [{ id: dear, context: 32768, max_output: 64, price: { input: 100, output: 2000 } }]
                """));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }

        await provider.DisposeAsync();
        await redis.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_dollar_for_all_three_is_never_overspent_and_used_up()
    {
        var (organisation, key) = await MakeAsync(NanoUsd.FromUsd(1));
        await Parallel.ForAsync(0, 63, new ParallelOptions { MaxDegreeOfParallelism = 63 }, async (caller, _) =>
        {
            for (var refused = 0; refused < 3;)
            {
                var status = await AskAsync(gateways[caller % 3], key);
                refused += status == HttpStatusCode.OK ? 0 : 1;
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, status.ToString());
            }
        });

        // 12 input tokens at 100 USD per million, 5 of output at 2000; a request holds at most its estimated input and 64 of output.
        var owed = provider.Requests.Count * 11_200_000L;
        var spent = await SpentAsync(organisation.Id, owed);
        Assert.Equal(owed, spent.CostNanoUsd);
        Assert.InRange(spent.CostNanoUsd, NanoUsd.FromUsd(1 - 0.14m), NanoUsd.FromUsd(1));
    }

    [Fact]
    public async Task Verbs_read_the_ledger_of_all()
    {
        var (_, key) = await MakeAsync(NanoUsd.FromUsd(1));
        for (var i = 0; i < gateways.Count; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[i], key));
            await gateways[i].EntriesAsync(i + 1);
        }

        using var folder = new TemporaryFolder();
        var yaml = Path.Combine(folder.Path, "sommelier.yaml");
        await File.WriteAllTextAsync(yaml, gateways[0].Configuration);

        var exported = await CliRun.RunAsync("", [], ["ledger", "export", "--config", yaml, "--data", folder.Path], TimeProvider.System);
        var replayed = await CliRun.RunAsync("", [], ["replay", "--policy", "frugal", "--config", yaml, "--data", folder.Path], TimeProvider.System);

        Assert.Equal(4, exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("same model: 3 of 3", replayed.Output, StringComparison.Ordinal);
        Assert.Contains("exact 0.0336 of 3 requests", replayed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_that_start_together_make_one_first_admin_key()
    {
        var keys = await Task.WhenAll(gateways.Select(gateway => gateway.Gateway.Accounts.FirstAdminKeyAsync(default).AsTask()));

        Assert.Single(keys, key => key is not null);
        await gateways[0].Gateway.Accounts.RefreshAsync(default);
        Assert.Single(gateways[0].Gateway.Accounts.Directory.All.OfType<KeyAccount>(), key => key.Role == KeyRole.Admin);
    }

    [Fact]
    public async Task A_quality_table_that_one_publishes_is_in_force_in_all()
    {
        var made = await Quality.LivingQualityTests.PublishAsync(gateways[0].Gateway, "r1", oneIsGood: true);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var gateway in gateways)
        {
            while (gateway.Gateway.Snapshot.Catalog.QualityTable.Published != made.Info.Name)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    [Fact]
    public async Task A_pause_that_one_learns_of_is_kept_by_all()
    {
        await using var busy = new FaultServer(FaultReply.Error(429, """{"error":{"message":"Slow down."}}""", ("retry-after", "60")));
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }

        gateways.Clear();
        for (var i = 0; i < 2; i++)
        {
            gateways.Add(await RunningGateway.StartAsync(
                $$"""
                discover: false
                storage: { postgres: "{{postgres.ConnectionString}}", redis: "{{redis.ConnectionString}}" }
                providers: { lab: { type: openai-compatible, base_url: "{{busy.Address}}v1", models: [m] } }
                """));
        }

        using var reply = await Ask.ChatAsync(gateways[0], "openai", model: "lab/m");
        Assert.Equal(HttpStatusCode.TooManyRequests, reply.StatusCode);
        for (var tries = 0; gateways[1].Gateway.PausedUntil("lab/m") is null; tries++)
        {
            Assert.True(tries < 100, "The other instance did not hear of it.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Redis_and_then_postgresql_may_go_away_and_come_back()
    {
        var (organisation, key) = await MakeAsync(NanoUsd.FromUsd(10));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[0], key));
        await redis.DownAsync();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[0], key));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[1], key));
        await redis.UpAsync();

        await postgres.DownAsync();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[0], key));
        await postgres.UpAsync();
        var expected = provider.Requests.Count * 11_200_000L;
        for (var tries = 0; tries < 200; tries++)
        {
            try
            {
                if ((await gateways[0].Gateway.Accounts.SpendAsync(organisation.Id, SpendWindow.Day, default)).CostNanoUsd == expected)
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is LedgerStoreException or System.Data.Common.DbException)
            {
                // Not back yet.
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail("What was spent while PostgreSQL was away did not arrive.");
    }

    /// <summary>The organisation's spend once it is at least what is owed: a call is counted after the last byte of its reply.</summary>
    private async Task<SpendTotal> SpentAsync(string organisation, long owed)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var spent = await gateways[0].Gateway.Accounts.SpendAsync(organisation, SpendWindow.Day, patience.Token);
            if (spent.CostNanoUsd >= owed)
            {
                return spent;
            }

            await Task.Delay(10, patience.Token);
        }
    }

    private async Task<(Account Organisation, string Key)> MakeAsync(long nanoUsd)
    {
        var accounts = gateways[0].Gateway.Accounts;
        var organisation = await accounts.CreateAsync(AccountKind.Organisation, account => account with { Name = "o", Limits = new() { Budgets = [new(SpendWindow.Day, nanoUsd, null)] } }, "test", default);
        var (_, key) = await accounts.CreateKeyAsync(key => key with { Name = "k", ParentId = organisation.Id }, "test", default);
        foreach (var gateway in gateways)
        {
            await gateway.Gateway.Accounts.RefreshAsync(default);
        }

        return (organisation, key);
    }

    private static async Task<HttpStatusCode> AskAsync(RunningGateway gateway, string key)
    {
        using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/dear", headers: ("Authorization", $"Bearer {key}"));
        await reply.Content.ReadAsStringAsync();
        return reply.StatusCode;
    }
}
