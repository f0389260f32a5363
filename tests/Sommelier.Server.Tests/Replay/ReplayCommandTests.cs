using System.Globalization;
using System.Text.Json;
using Sommelier.Ledger;
using Sommelier.Server.Tests.Cli;
using Sommelier.Server.Tests.Ledger;

namespace Sommelier.Server.Tests.Replay;

/// <summary><c>replay</c> over a ledger that real requests have made, before a provider that keeps its own books.</summary>
public sealed class ReplayCommandTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Day = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    private static readonly string[] Words = ["ok", "stream", "ok", "silent", "ok", "fallback", "stream", "refuse", "ok", "empty"];

    private readonly Cli.TemporaryFolder folder = new();
    private BookkeepingProvider provider = null!;
    private RunningGateway gateway = null!;
    private IReadOnlyList<LedgerEntry> entries = null!;

    private string Yaml => Path.Combine(folder.Path, "sommelier.yaml");

    public async ValueTask InitializeAsync()
    {
        provider = new(11);
        var configuration = provider.Configuration().Replace("default: table,", "default: table, reverse: { strategy: order, order: [lab/two, lab/one] },", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Yaml, configuration);
        gateway = await RunningGateway.StartAsync(configuration, time: new ShiftedTime(Day));
        for (var number = 0; number < 40; number++)
        {
            var word = Words[number % Words.Length];
            var prompt = string.Create(CultureInfo.InvariantCulture, $"{word}-{number} {word} is the {number}th of them");
            using var reply = await Ask.SendAsync(
                gateway, HttpMethod.Post, "/v1/chat/completions", Ask.Body(streamed: BookkeepingProvider.Streams(word), prompt: prompt), ("authorization", "Bearer any"));
            await reply.Content.ReadAsStringAsync();
        }

        entries = await gateway.EntriesAsync(40);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await provider.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task After_a_change_of_prices_requests_are_decided_by_those_of_their_moment_or_by_todays()
    {
        // The gateway has stored its catalog; the file says other prices now.
        var changed = (await File.ReadAllTextAsync(Yaml)).Replace("output: ", "output: 9", StringComparison.Ordinal);
        Assert.NotEqual(changed, await File.ReadAllTextAsync(Yaml));
        await File.WriteAllTextAsync(Yaml, changed);

        var asOf = await JsonAsync("--policy", "reverse");
        var present = await JsonAsync("--policy", "reverse", "--catalog", "present");

        Assert.Equal(("as-of", "present"), (asOf.GetProperty("catalog").GetString(), present.GetProperty("catalog").GetString()));
        Assert.Equal(Decided(present), Decided(asOf));
        Assert.All(new[] { asOf, present }, report => Assert.False(report.GetProperty("requests").GetProperty("undecided").TryGetProperty("other_catalog", out _)));
        Assert.True(Usd(present.GetProperty("cost_usd"), "estimated") > Usd(asOf.GetProperty("cost_usd"), "estimated"));

        static int Decided(JsonElement report) => report.GetProperty("requests").GetProperty("decided").GetInt32();
    }

    [Fact]
    public async Task The_logged_policy_costs_what_the_ledger_and_the_provider_say()
    {
        var report = await JsonAsync("--policy", "table");

        var ledger = entries.Sum(entry => entry.Attempts.Sum(attempt => attempt.CostNanoUsd)) / 1_000_000_000m;
        Assert.True(ledger > 0);
        var requests = report.GetProperty("requests");
        Assert.Equal((40, 40, 40), (requests.GetProperty("total").GetInt32(), requests.GetProperty("decided").GetInt32(), requests.GetProperty("same_model").GetInt32()));
        Assert.Empty(requests.GetProperty("undecided").EnumerateObject());
        var cost = report.GetProperty("cost_usd");
        Assert.Equal(
            (ledger, ledger, ledger, 0m, 0m),
            (Usd(cost, "logged"), Usd(cost, "replayed"), Usd(cost, "exact"), Usd(cost, "estimated"), Usd(cost, "difference")));
        Assert.Equal("[0,0]", cost.GetProperty("difference_per_request_interval").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));

        // Where the provider told the usage, its own books say the same.
        var told = entries.SelectMany(entry => entry.Attempts).Where(attempt => attempt.Usage is { Estimated: false }).Sum(attempt => attempt.CostNanoUsd);
        Assert.Equal(provider.Books.Values.SelectMany(calls => calls).Where(call => call.Reported).Sum(call => call.NanoUsd), told);
    }

    [Fact]
    public async Task Another_policy_costs_what_its_prices_make_of_the_same_tokens()
    {
        var report = await JsonAsync("--policy", "reverse");

        // By hand: lab/two takes 1 USD per million in and 2 out, cached or not; who was answered by it pays what that call cost.
        long exact = 0, estimated = 0, logged = 0;
        foreach (var entry in entries.Where(entry => entry.Outcome == LedgerOutcome.Succeeded))
        {
            var last = entry.Attempts[^1];
            logged += entry.Attempts.Sum(attempt => attempt.CostNanoUsd);
            (exact, estimated) = entry.DeploymentId == "lab/two"
                ? (exact + last.CostNanoUsd, estimated)
                : (exact, estimated + (last.Usage!.Value.InputTokens * 1_000) + (last.Usage.Value.OutputTokens * 2_000));
        }

        var (requests, cost) = (report.GetProperty("requests"), report.GetProperty("cost_usd"));
        Assert.Equal((exact / 1e9m, estimated / 1e9m, logged / 1e9m), (Usd(cost, "exact"), Usd(cost, "estimated"), Usd(cost, "logged")));
        Assert.True(exact > 0 && estimated > 0);
        Assert.Equal(4, requests.GetProperty("undecided").GetProperty("no_answer").GetInt32());
        var change = Assert.Single(report.GetProperty("changes").EnumerateArray());
        Assert.Equal(("lab/one", "lab/two"), (change.GetProperty("from").GetString(), change.GetProperty("to").GetString()));
        Assert.Equal(requests.GetProperty("other_model").GetInt32(), change.GetProperty("requests").GetInt32());

        var text = (await RunAsync("--policy", "reverse")).Output;
        Assert.StartsWith("reverse over the 40 requests since 2026-11-16 12:00 UTC\nnot decided: 4 without an answer to go by; they cost 0.00 USD\n", text, StringComparison.Ordinal);
        Assert.Matches(@"\ncost USD +\d", text);
        Assert.Matches(@"\nlab/one +lab/two +\d+ +-\d", text);
    }

    [Fact]
    public async Task Ratings_that_do_not_suffice_are_said_not_to()
    {
        Assert.Contains("Rated quality: not enough data. Nobody rated", (await RunAsync("--policy", "reverse")).Output, StringComparison.Ordinal);

        foreach (var entry in entries.Where(entry => entry is { Outcome: LedgerOutcome.Succeeded, DeploymentId: "lab/one" }).Take(10))
        {
            using var said = await Ask.SendAsync(
                gateway, HttpMethod.Post, "/v1/feedback", $$"""{"request_id":"{{entry.RequestId}}","thumbs":"up"}""", ("authorization", "Bearer any"));
            Assert.True(said.IsSuccessStatusCode);
        }

        var rated = (await JsonAsync("--policy", "reverse")).GetProperty("rated_quality");
        Assert.Equal((10, 0, false), (rated.GetProperty("rated").GetInt32(), rated.GetProperty("drawn").GetInt32(), rated.GetProperty("enough_data").GetBoolean()));
        Assert.Equal((1.0, JsonValueKind.Null), (rated.GetProperty("logged").GetDouble(), rated.GetProperty("snips").ValueKind));
        Assert.Contains("not enough data. 1.000 logged over 10 ratings; 0 of them were drawn", (await RunAsync("--policy", "reverse")).Output, StringComparison.Ordinal);
        Assert.Contains("Rated quality: 1.000, the same under both", (await RunAsync("--policy", "table")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "no policy 'nobody'", "--policy", "nobody")]
    [InlineData(2, "--policy", "--json")]
    [InlineData(2, "is no time", "--policy", "table", "--since", "yesterday")]
    [InlineData(3, "no ledger", "--policy", "table", "--data", "/nowhere")]
    [InlineData(0, "", "--policy", "table", "--since", "2026-11-21")]
    public async Task Exit_codes_say_what_was_wrong(int code, string why, params string[] arguments)
    {
        var result = await (arguments.Contains("--data") ? CliRun.RunAsync(["replay", .. arguments]) : RunAsync(arguments));

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.Equal(code == 0 ? "table over the 0 requests since 2026-11-21 00:00 UTC\nThere is nothing to compare.\n" : "", result.Output);
    }

    private static decimal Usd(JsonElement cost, string name) => cost.GetProperty(name).GetDecimal();

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var result = await RunAsync([.. arguments, "--json"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliRun.RunAsync(["replay", .. arguments, "--config", Yaml, "--data", gateway.Folder]);
}
