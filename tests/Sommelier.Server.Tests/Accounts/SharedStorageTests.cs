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
        await RestartAsync(2, $$"""
            discover: false
            storage: { postgres: "{{postgres.ConnectionString}}", redis: "{{redis.ConnectionString}}" }
            providers: { lab: { type: openai-compatible, base_url: "{{busy.Address}}v1", models: [m] } }
            """);

        using var reply = await Ask.ChatAsync(gateways[0], "openai", model: "lab/m");
        Assert.Equal(HttpStatusCode.TooManyRequests, reply.StatusCode);
        for (var tries = 0; gateways[1].Gateway.PausedUntil("lab/m") is null; tries++)
        {
            Assert.True(tries < 100, "The other instance did not hear of it.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Instances_that_start_while_redis_is_away_serve_and_join_when_it_is_back()
    {
        var (_, key) = await MakeAsync(NanoUsd.FromUsd(1));
        await using var busy = new FaultServer(FaultReply.Error(429, """{"error":{"message":"Slow down."}}""", ("retry-after", "60")));
        await redis.DownAsync();
        await RestartAsync(2, $$"""
            discover: false
            storage: { postgres: "{{postgres.ConnectionString}}", redis: "{{redis.ConnectionString}}" }
            providers:
              busy: { type: openai-compatible, base_url: "{{busy.Address}}v1", models: [{ id: m, context: 32768, max_output: 64, price: { input: 1, output: 1 } }] }
              lab: { type: openai-compatible, base_url: "{{provider.Address}}v1", models: [{ id: dear, context: 32768, max_output: 64, price: { input: 100, output: 2000 } }] }
            """);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[0], key));
        Assert.All(gateways, static gateway => Assert.Contains("Redis does not answer", gateway.Log, StringComparison.Ordinal));

        await redis.UpAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!gateways.TrueForAll(static gateway => gateway.Log.Contains("are counted in Redis", StringComparison.Ordinal)))
        {
            await Task.Delay(50, patience.Token);
        }

        using var reply = await Ask.ChatAsync(gateways[0], "openai", model: "busy/m", headers: ("Authorization", $"Bearer {key}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, reply.StatusCode);
        while (gateways[1].Gateway.PausedUntil("busy/m") is null)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [Fact]
    public async Task A_key_that_one_is_refused_with_is_left_alone_by_all()
    {
        await using var choosy = new FaultServer(0, (request, _) => request.Headers["authorization"].EndsWith("sk-bad", StringComparison.Ordinal)
            ? FaultReply.Error(401, """{"error":{"message":"No.","type":"error","code":"invalid_api_key"}}""")
            : ScriptedAnswer.OpenAI.Reply(streamed: false));
        await RestartAsync(2, $$"""
            discover: false
            storage: { postgres: "{{postgres.ConnectionString}}", redis: "{{redis.ConnectionString}}" }
            providers: { lab: { type: openai-compatible, base_url: "{{choosy.Address}}v1", api_keys: [{ key: sk-bad, weight: 1000000 }, sk-good], models: [m] } }
            """);

        using var first = await Ask.ChatAsync(gateways[0], "openai", model: "lab/m");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(2, choosy.Requests.Count);
        var ring = gateways[1].Gateway.Snapshot.Bindings.Find("lab")!.Ring!;
        for (var tries = 0; ring.Choose("m", DateTimeOffset.UtcNow, 0).KeyNumber == 0; tries++)
        {
            Assert.True(tries < 100, "The other instance did not hear of it.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        using var second = await Ask.ChatAsync(gateways[1], "openai", model: "lab/m");
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Single(choosy.Requests, request => request.Headers["authorization"].EndsWith("sk-bad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_budget_that_one_is_told_of_is_held_by_all_within_a_second()
    {
        var accounts = gateways[0].Gateway.Accounts;
        var (made, key) = await accounts.CreateKeyAsync(key => key with { Name = "k" }, "test", default);
        await gateways[1].Gateway.Accounts.RefreshAsync(default);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[1], key));

        await accounts.ChangeAsync(made.Id, account => account with { Limits = new() { Budgets = [new(SpendWindow.Total, 1, null)] } }, "test", default);
        await Task.Delay(1_500, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(gateways[1], key));
    }

    [Fact]
    public async Task A_stored_answer_of_one_is_given_by_all_to_its_own_tenant_only()
    {
        var (_, mine) = await MakeAsync(NanoUsd.FromUsd(1));
        var (_, other) = await MakeAsync(NanoUsd.FromUsd(1));
        Assert.Equal("miss", await CachedAsync(gateways[0], mine));
        await gateways[0].EntriesAsync(1);
        Assert.Equal("hit", await CachedAsync(gateways[1], mine));
        Assert.Equal("miss", await CachedAsync(gateways[1], other));
        Assert.Equal(2, provider.Requests.Count);

        // What was found is remembered here: without Redis it is still given, and nothing new comes from others.
        await redis.DownAsync();
        Assert.Equal("hit", await CachedAsync(gateways[1], mine));
        Assert.Equal("miss", await CachedAsync(gateways[2], mine));

        async Task<string?> CachedAsync(RunningGateway gateway, string key)
        {
            using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/dear", headers: [("Authorization", $"Bearer {key}"), ("x-sommelier-cache", "true")]);
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            await reply.Content.ReadAsStringAsync();
            return Ask.Header(reply, "x-sommelier-cache");
        }
    }

    [Fact]
    public async Task A_conversation_goes_on_at_another_instance_for_its_caller_only()
    {
        var (_, mine) = await MakeAsync(NanoUsd.FromUsd(1));
        var (_, other) = await MakeAsync(NanoUsd.FromUsd(1));
        var first = await RespondAsync(gateways[0], mine, "");
        Assert.Equal(HttpStatusCode.OK, first.Status);
        var id = System.Text.Json.JsonDocument.Parse(first.Text).RootElement.GetProperty("id").GetString();
        var previous = $"\"previous_response_id\":\"{id}\",";

        var second = await RespondAsync(gateways[1], mine, previous);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal(3, System.Text.Json.JsonDocument.Parse(provider.Requests[^1].Body).RootElement.GetProperty("messages").GetArrayLength());
        Assert.Contains("previous_response_not_found", (await RespondAsync(gateways[1], other, previous)).Text, StringComparison.Ordinal);

        await postgres.DownAsync();
        var (status, text) = await RespondAsync(gateways[1], mine, previous);
        Assert.True(status == HttpStatusCode.ServiceUnavailable && text.Contains("kept_answers_unavailable", StringComparison.Ordinal), $"{status} {text}");

        static async Task<(HttpStatusCode Status, string Text)> RespondAsync(RunningGateway gateway, string key, string more)
        {
            using var reply = await Ask.SendAsync(gateway, HttpMethod.Post, "/v1/responses", $$"""{{{more}}"model":"lab/dear","max_output_tokens":64,"input":"Say hello."}""", ("Authorization", $"Bearer {key}"));
            return (reply.StatusCode, await reply.Content.ReadAsStringAsync());
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

    [Fact]
    public async Task What_postgresql_has_is_told_503_while_it_is_away()
    {
        var (organisation, key) = await MakeAsync(NanoUsd.FromUsd(10));
        var (_, admin) = await gateways[0].Gateway.Accounts.CreateKeyAsync(one => one with { Name = "a", Role = KeyRole.Admin }, "test", default);
        await postgres.DownAsync();

        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Get, "/admin/audit", null), (HttpMethod.Get, "/admin/ledger", null), (HttpMethod.Get, $"/admin/organisations/{organisation.Id}", null),
            (HttpMethod.Post, "/admin/keys", """{"name":"x"}"""), (HttpMethod.Patch, $"/admin/organisations/{organisation.Id}", """{"name":"x"}"""),
        })
        {
            using var reply = await Ask.SendAsync(gateways[0], method, path, body, ("Authorization", $"Bearer {admin}"));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (reply.StatusCode, Ask.Header(reply, "retry-after")));
            Assert.Contains("storage_unavailable", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var wrong = await Ask.SendAsync(gateways[0], HttpMethod.Get, "/admin/audit", headers: ("Authorization", "Bearer smlr_guess"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateways[0], key));
    }

    private async Task RestartAsync(int count, string yaml)
    {
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }

        gateways.Clear();
        for (var i = 0; i < count; i++)
        {
            gateways.Add(await RunningGateway.StartAsync(yaml));
        }
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
