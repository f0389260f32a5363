using Sommelier.Routing;

namespace Sommelier.Server.Tests.Edge;

/// <summary><c>/v1/route</c> and <c>/v1/decisions/{id}</c>: why a request goes where it goes.</summary>
public sealed class DecisionTests
{
    [Fact]
    public async Task A_decision_read_back_decides_the_same_again()
    {
        await using var lab = await Lab.StartAsync();
        using var reply = await Ask.ChatAsync(lab.Gateway, "anthropic");
        await lab.Gateway.EntriesAsync(1);

        using var read = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/decisions/" + Ask.Header(reply, "x-sommelier-request-id"));
        var record = RouteRecord.Read(await read.Content.ReadAsByteArrayAsync(), lab.Gateway.Gateway.Snapshot.Catalog);
        var again = ModelRouter.Decide(record.Query);

        Assert.Equal(200, (int)read.StatusCode);
        Assert.Equal(record.Id, again.Id);
        Assert.Equal(["lab/one", "lab/two"], again.Plan.Select(candidate => candidate.Deployment.Id));
    }

    [Fact]
    public async Task A_decision_is_its_callers_own()
    {
        await using var lab = await Lab.StartAsync(more: "server: { keys: [sk-mine, sk-theirs] }");
        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", headers: ("x-api-key", "sk-mine"));
        await lab.Gateway.EntriesAsync(1);
        var path = "/v1/decisions/" + Ask.Header(reply, "x-sommelier-request-id");

        using var mine = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path, headers: ("x-api-key", "sk-mine"));
        using var theirs = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, path, headers: ("x-api-key", "sk-theirs"));
        using var unknown = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/decisions/01ARZ3NDEKTSV4RRFFQ69G5FAV", headers: ("x-api-key", "sk-mine"));

        Assert.Equal((200, 404, 404), ((int)mine.StatusCode, (int)theirs.StatusCode, (int)unknown.StatusCode));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_dry_run_ranks_gives_reasons_and_asks_nobody(string dialect)
    {
        await using var lab = await Lab.StartAsync();
        (string, string)[] headers = dialect == "anthropic" ? [("anthropic-version", "2023-06-01")] : [];

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/route", Ask.Body(more: "\"sommelier\":{\"exclude\":[\"lab/two\"]},"), headers);
        var route = await Lab.JsonAsync(reply);

        Assert.Equal("lab/one", route.GetProperty("model").GetString());
        Assert.Equal("table", route.GetProperty("policy").GetString());
        Assert.All(["id", "reason", "intent", "difficulty", "tokens", "catalog_version", "policy_version"], name => Assert.True(route.TryGetProperty(name, out _), name));
        var candidates = route.GetProperty("candidates").EnumerateArray().ToDictionary(candidate => candidate.GetProperty("model").GetString()!);
        Assert.Equal(1, candidates["lab/one"].GetProperty("rank").GetInt32());
        Assert.All(["quality", "cost_usd", "latency_ms"], name => Assert.True(candidates["lab/one"].TryGetProperty(name, out _), name));
        Assert.False(string.IsNullOrEmpty(candidates["lab/two"].GetProperty("dropped").GetProperty("constraint").GetString()));
        Assert.Empty(lab.Provider.Requests);
        Assert.Empty(await lab.Gateway.EntriesAsync(0));
    }

    [Theory]
    [InlineData("""{"model":"auto","input":"Say hello to the world."}""")]
    [InlineData("""{"model":"auto","max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":"Say hello to the world."}]}""")]
    [InlineData("""{"contents":[{"parts":[{"text":"Say hello to the world."}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"Say hello to the world."}]}]}""")]
    [InlineData("""{"model":"auto","options":{},"messages":[{"role":"user","content":"Say hello to the world."}]}""")]
    [InlineData("""{"model":"auto","prompt":"Say hello to the world."}""")]
    public async Task A_dry_run_reads_the_body_of_any_dialect(string body)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/route", body);
        var route = await Lab.JsonAsync(reply);

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Equal("lab/one", route.GetProperty("model").GetString());
        Assert.InRange(route.GetProperty("tokens").GetProperty("input").GetInt32(), 4, 40);
    }

    [Theory]
    [InlineData("openai", "code")]
    [InlineData("anthropic", "type")]
    public async Task A_dry_run_refuses_in_the_callers_dialect(string dialect, string member)
    {
        await using var lab = await Lab.StartAsync();
        (string, string)[] headers = dialect == "anthropic" ? [("anthropic-version", "2023-06-01")] : [];

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/route", "{\"model\":\"auto\"}", headers);

        Assert.Equal(400, (int)reply.StatusCode);
        var error = await Lab.JsonAsync(reply);
        Assert.True((dialect == "openai" ? error.GetProperty("error") : error).TryGetProperty(member, out _));
    }
}
