using System.Net;
using Sommelier.Accounts;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Stored answers over HTTP: who gets them, what they cost, and what is never stored.</summary>
public sealed class CacheTests
{
    private const string On = "\"sommelier\":{\"cache\":true},";

    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("anthropic", "anthropic")]
    [InlineData("anthropic", "openai")]
    public async Task The_same_request_gets_the_same_bytes_and_costs_nothing(string caller, string provider)
    {
        await using var lab = await Lab.StartAsync(provider);
        using var first = await Ask.ChatAsync(lab.Gateway, caller, more: On);
        var text = await first.Content.ReadAsStringAsync();
        using var second = await Ask.ChatAsync(lab.Gateway, caller, headers: ("x-sommelier-cache", "true"));
        Assert.Equal(text, await second.Content.ReadAsStringAsync());
        var entries = await lab.Gateway.EntriesAsync(2);

        Assert.Single(lab.Provider.Requests);
        Assert.Equal(("miss", null), (Ask.Header(first, "x-sommelier-cache"), Ask.Header(first, "age")));
        Assert.Equal("hit", Ask.Header(second, "x-sommelier-cache"));
        Assert.InRange(int.Parse(Ask.Header(second, "age")!, System.Globalization.CultureInfo.InvariantCulture), 0, 60);
        Assert.Equal(
            ("lab/one", "cached", "0", "0"),
            (Ask.Header(second, "x-sommelier-model"), Ask.Header(second, "x-sommelier-reason"), Ask.Header(second, "x-sommelier-attempts"), Ask.Header(second, "x-sommelier-cost-usd")));
        var entry = entries.Single(entry => entry.Reason == "cached");
        Assert.Equal((LedgerOutcome.Succeeded, 200, 0, "lab/one"), (entry.Outcome, entry.Status, entry.Attempts.Count, entry.DeploymentId));
        using var metrics = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/metrics");
        Assert.Contains("sommelier_cache_hits_total 1", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("anthropic", "anthropic")]
    [InlineData("openai", "anthropic")]
    public async Task A_stream_is_given_again_whole_with_its_cost_as_zero(string caller, string provider)
    {
        await using var lab = await Lab.StartAsync(provider, streamed: true);
        var more = (caller == "openai" ? "\"stream_options\":{\"include_usage\":true}," : "") + On;
        using var first = await Ask.ChatAsync(lab.Gateway, caller, streamed: true, more: more);
        var text = await first.Content.ReadAsStringAsync();
        using var second = await Ask.ChatAsync(lab.Gateway, caller, streamed: true, more: more);
        var again = await second.Content.ReadAsStringAsync();

        Assert.Contains("\"cost_usd\":0.000022}", text, StringComparison.Ordinal);
        Assert.Equal(text.Replace("\"cost_usd\":0.000022}", "\"cost_usd\":0}", StringComparison.Ordinal), again);
        Assert.Equal(("hit", "text/event-stream"), (Ask.Header(second, "x-sommelier-cache"), second.Content.Headers.ContentType!.MediaType));
        Assert.Single(lab.Provider.Requests);
    }

    [Fact]
    public async Task Nothing_is_stored_unless_policy_or_caller_say_so_and_either_may_forbid_it()
    {
        await using var off = await Lab.StartAsync();
        await TwiceAsync(off, "", null, 2);

        await using var policy = await Lab.StartAsync(policy: "cache: { ttl: 5m }");
        await TwiceAsync(policy, "", "hit", 1);
        await TwiceAsync(policy, "\"sommelier\":{\"cache\":false},", null, 3);

        await using var never = await Lab.StartAsync(policy: "cache: false");
        await TwiceAsync(never, On, null, 2);
    }

    [Fact]
    public async Task No_tenant_gets_anothers_answer_and_an_organisation_shares()
    {
        await using var lab = await Lab.StartAsync();
        var accounts = lab.Gateway.Gateway.Accounts;
        var one = await accounts.CreateAsync(AccountKind.Organisation, account => account with { Name = "one" }, "test", default);
        var two = await accounts.CreateAsync(AccountKind.Organisation, account => account with { Name = "two" }, "test", default);
        var keys = new List<string>();
        foreach (var parent in new[] { one.Id, one.Id, two.Id, null, null })
        {
            keys.Add((await accounts.CreateKeyAsync(key => key with { Name = "k", ParentId = parent }, "test", default)).Secret);
        }

        var told = new List<string?>();
        foreach (var key in keys)
        {
            using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: On, headers: ("x-api-key", key));
            await reply.Content.ReadAsStringAsync();
            told.Add(Ask.Header(reply, "x-sommelier-cache"));
        }

        Assert.Equal(["miss", "hit", "miss", "miss", "miss"], told);
    }

    [Theory]
    [InlineData("\"user\":\"u2\",\"metadata\":{\"a\":\"b\"},", "openai", true)]
    [InlineData("\"temperature\":0.5,", "openai", false)]
    [InlineData("\"temperature\":0.5,", "anthropic", false)]
    [InlineData("\"metadata\":{\"user_id\":\"u2\"},", "anthropic", true)]
    [InlineData("\"sommelier\":{\"cache\":true,\"strict\":true},", "openai", false)]
    [InlineData("\"sommelier\":{\"cache\":{\"ttl\":\"1h\"},\"tags\":[\"x\"]},", "openai", true)]
    [InlineData("\"sommelier\":{\"only\":[\"lab/two\"]},", "openai", false)]
    public async Task What_changes_the_answer_makes_another_request_of_it(string more, string dialect, bool same)
    {
        await using var lab = await Lab.StartAsync(dialect);
        foreach (var fields in new[] { "", more })
        {
            using var reply = await Ask.ChatAsync(lab.Gateway, dialect, more: fields, headers: ("x-sommelier-cache", "1h"));
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            await reply.Content.ReadAsStringAsync();
        }

        Assert.Equal(same ? 1 : 2, lab.Provider.Requests.Count);
    }

    [Theory]
    [InlineData("openai", "\"store\":true,")]
    [InlineData("openai", "\"web_search_options\":{},")]
    [InlineData("anthropic", "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}],")]
    public async Task What_depends_on_more_than_the_request_is_not_stored(string dialect, string more)
    {
        await using var lab = await Lab.StartAsync(dialect);
        await TwiceAsync(lab, On + more, null, 2, dialect);
    }

    [Fact]
    public async Task Functions_of_the_caller_are_no_hindrance()
    {
        await using var lab = await Lab.StartAsync();
        await TwiceAsync(lab, On + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}],", "hit", 1);
    }

    [Theory]
    [InlineData("/v1beta/models/lab%2Fone:generateContent", """{"contents":[{"parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[{"name":"f"}]}]}""", "hit")]
    [InlineData("/v1beta/models/lab%2Fone:generateContent", """{"contents":[{"parts":[{"text":"Hi"}]}],"tools":[{"googleSearch":{}}]}""", null)]
    [InlineData("/model/lab%2Fone/converse", """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}]}}""", "hit")]
    [InlineData("/model/lab%2Fone/converse-stream", """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"sommelier":{"tags":["t"]}}""", null)]
    [InlineData("/model/lab%2Fone/converse-stream", """{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""", "hit")]
    [InlineData("/model/lab%2Fone/converse", """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},{"cachePoint":{"type":"default"}}]}}""", "hit")]
    [InlineData("/api/chat", """{"model":"lab/one","messages":[{"role":"user","content":"Hi"}]}""", "hit")]
    [InlineData("/v1/responses", """{"model":"lab/one","input":"Hi"}""", null)]
    [InlineData("/v1/responses", """{"model":"lab/one","input":"Hi","store":false}""", "hit")]
    public async Task Every_dialect_has_its_own_and_those_that_keep_answers_have_none(string path, string body, string? told)
    {
        var streamed = path.Contains("stream", StringComparison.Ordinal) || path.StartsWith("/api/", StringComparison.Ordinal);
        await using var lab = await Lab.StartAsync(streamed: streamed);
        using var first = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, path, body, ("x-sommelier-cache", "true"));
        var bytes = await first.Content.ReadAsByteArrayAsync();
        using var second = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, path, body, ("x-sommelier-cache", "true"));
        var again = await second.Content.ReadAsByteArrayAsync();

        Assert.Equal((HttpStatusCode.OK, told), (second.StatusCode, Ask.Header(second, "x-sommelier-cache")));
        Assert.Equal(told is null ? 2 : 1, lab.Provider.Requests.Count);
        if (told is not null)
        {
            Assert.Equal(bytes, again);
        }
    }

    [Fact]
    public async Task An_answer_with_tool_calls_is_for_the_caller_whose_thinking_led_to_it()
    {
        var calls = ScriptedAnswer.OpenAI.WholeBody
            .Replace("\"content\":\"Hello world!\"", """ "content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}] """, StringComparison.Ordinal)
            .Replace("\"stop\"", "\"tool_calls\"", StringComparison.Ordinal);
        await using var lab = await Lab.StartAsync(script: FaultReply.Json(calls));
        var shared = await lab.Gateway.Gateway.Accounts.CreateAsync(AccountKind.Organisation, account => account with { Name = "o" }, "test", default);
        var told = new List<string?>();
        var keys = new List<string>();
        for (var at = 0; at < 2; at++)
        {
            keys.Add((await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", ParentId = shared.Id }, "test", default)).Secret);
        }

        foreach (var key in new[] { keys[0], keys[0], keys[1] })
        {
            using var reply = await Ask.ChatAsync(
                lab.Gateway, "openai", more: On + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],", headers: ("x-api-key", key));
            await reply.Content.ReadAsStringAsync();
            told.Add(Ask.Header(reply, "x-sommelier-cache"));
        }

        Assert.Equal(["miss", "hit", "miss"], told);
    }

    [Fact]
    public async Task Filtered_broken_and_failed_answers_are_not_stored()
    {
        await using var filtered = await Lab.StartAsync(script: FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody.Replace("\"stop\"", "\"content_filter\"", StringComparison.Ordinal)));
        await TwiceAsync(filtered, On, "miss", 2);

        await using var broken = await Lab.StartAsync(script: ScriptedAnswer.OpenAI.Cut(1));
        for (var at = 1; at <= 2; at++)
        {
            using var reply = await Ask.ChatAsync(broken.Gateway, "openai", streamed: true, more: On);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => reply.Content.ReadAsStringAsync());
            Assert.Equal(at, broken.Provider.Requests.Count);
        }
    }

    [Fact]
    public async Task A_hit_counts_as_a_request_and_as_no_money()
    {
        await using var lab = await Lab.StartAsync();
        var (made, key) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(
            key => key with { Name = "k", Limits = new() { RequestsPerMinute = 3, Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(1), null)] } }, "test", default);
        for (var at = 0; at < 3; at++)
        {
            using var good = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", more: On, headers: ("x-api-key", key));
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
            Assert.Equal(at == 0 ? "miss" : "hit", Ask.Header(good, "x-sommelier-cache"));
            await good.Content.ReadAsStringAsync();
        }

        using var refused = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", more: On, headers: ("x-api-key", key));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await lab.Gateway.EntriesAsync(4);
        Assert.Equal(NanoUsd.FromUsd(22e-6m), (await lab.Gateway.Gateway.Accounts.SpendAsync(made.Id, SpendWindow.Total, default)).CostNanoUsd);
    }

    [Fact]
    public async Task A_budget_that_capped_an_answer_is_told_to_nobody_else()
    {
        await using var lab = await Lab.StartAsync();
        var accounts = lab.Gateway.Gateway.Accounts;
        var shared = await accounts.CreateAsync(AccountKind.Organisation, account => account with { Name = "o" }, "test", default);
        var poor = await accounts.CreateKeyAsync(
            key => key with { Name = "poor", ParentId = shared.Id, Limits = new() { Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(0.001m), null)] } }, "test", default);
        var rich = await accounts.CreateKeyAsync(key => key with { Name = "rich", ParentId = shared.Id }, "test", default);
        const string Body = """{"model":"lab/one","sommelier":{"cache":true},"messages":[{"role":"user","content":"Say hello to the world."}]}""";
        using var first = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/chat/completions", Body, ("x-api-key", poor.Secret));
        await first.Content.ReadAsStringAsync();
        using var second = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/chat/completions", Body, ("x-api-key", rich.Secret));

        Assert.Contains("output_capped_by_budget", Ask.Header(first, "x-sommelier-warnings"), StringComparison.Ordinal);
        Assert.Equal(("hit", null), (Ask.Header(second, "x-sommelier-cache"), Ask.Header(second, "x-sommelier-warnings")));
    }

    private static async Task TwiceAsync(Lab lab, string more, string? told, int requests, string dialect = "openai")
    {
        using var first = await Ask.ChatAsync(lab.Gateway, dialect, more: more);
        await first.Content.ReadAsStringAsync();
        using var second = await Ask.ChatAsync(lab.Gateway, dialect, more: more);
        await second.Content.ReadAsStringAsync();
        Assert.Equal(told, Ask.Header(second, "x-sommelier-cache"));
        Assert.Equal(requests, lab.Provider.Requests.Count);
    }
}
