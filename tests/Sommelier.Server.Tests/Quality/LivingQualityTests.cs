using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Quality;

namespace Sommelier.Server.Tests.Quality;

/// <summary>Evidence in, another choice out, and back: over HTTP, on a running gateway.</summary>
public sealed class LivingQualityTests
{
    [Fact]
    public async Task Feedback_of_64_callers_at_once_changes_the_choice_and_a_rollback_changes_it_back()
    {
        await using var tasting = await Tasting.StartAsync();
        var ids = await tasting.AskAsync(64, "lab/one");

        var said = await Task.WhenAll(ids.Select(id => tasting.SayAsync($$"""{"request_id":"{{id}}","thumbs":"down"}""")));
        Assert.All(said, one => Assert.Equal((200, true), (one.Status, one.Body.GetProperty("counts").GetBoolean())));

        // Nothing changes by itself.
        Assert.Equal("lab/one", (await tasting.AskAsync()).Model);
        var (status, made) = await tasting.AdministerAsync(HttpMethod.Post, "/publish", "{}");
        Assert.Equal((201, 64), (status, made.GetProperty("n").GetInt32()));
        var name = made.GetProperty("name").GetString()!;

        var (id, model) = await tasting.AskAsync();
        Assert.Equal("lab/two", model);
        await tasting.Lab.Gateway.EntriesAsync(66);
        var decision = await tasting.DecisionAsync(id);
        Assert.Equal(name, decision.GetProperty("quality_version").GetString());
        var candidates = decision.GetProperty("candidates").EnumerateArray().ToDictionary(candidate => candidate.GetProperty("model").GetString()!);
        Assert.Equal($"{name}: feedback n=64; before: nothing known", candidates["lab/one"].GetProperty("quality").GetProperty("evidence").GetString());

        Assert.Equal((200, "v0"), await RollBackAsync(tasting, 0));
        Assert.Equal("lab/one", (await tasting.AskAsync()).Model);
        Assert.Equal((200, name), await RollBackAsync(tasting, 1));
        Assert.Equal("lab/two", (await tasting.AskAsync()).Model);
    }

    [Fact]
    public async Task A_decision_is_decided_again_on_the_version_that_it_names()
    {
        await using var tasting = await Tasting.StartAsync();
        var gateway = tasting.Lab.Gateway.Gateway;
        await PublishAsync(gateway, "r1", oneIsGood: false);
        var (id, model) = await tasting.AskAsync();
        await PublishAsync(gateway, "r2", oneIsGood: true);
        await tasting.Lab.Gateway.EntriesAsync(1);
        var record = (await gateway.Ledger.GetDecisionAsync(id, default))!.Value;

        var again = await Redecision.OfAsync(record, gateway.Configured.Catalog, gateway.Quality.Book, default);

        Assert.Equal(("lab/two", "lab/one"), (model, (await tasting.AskAsync()).Model));
        Assert.Equal((again.Record.Id, "lab/two", null), (again.Decision.Id, again.Decision.Plan[0].Deployment.Id, again.Difference));

        // As if the record came from a gateway with another database.
        var foreign = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(record.Span)!
            .ToDictionary(member => member.Key, member => member.Key == "quality_version" ? (object)"v1-00000000" : member.Value));
        var other = await Redecision.OfAsync(foreign, gateway.Configured.Catalog, gateway.Quality.Book, default);
        Assert.Equal("lab/one", other.Decision.Plan[0].Deployment.Id);
        Assert.StartsWith("the quality table v1-00000000 of the record is not held here any more; v2-", other.Difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_of_the_configuration_keeps_the_version_in_force()
    {
        await using var tasting = await Tasting.StartAsync();
        var gateway = tasting.Lab.Gateway.Gateway;
        await PublishAsync(gateway, "r1", oneIsGood: false);

        gateway.Swap(gateway.Configured with { ConfigVersion = "other" });

        Assert.Equal("other", gateway.Snapshot.ConfigVersion);
        Assert.Equal("lab/two", (await tasting.AskAsync()).Model);
    }

    [Fact]
    public async Task Feedback_is_published_by_itself_where_the_configuration_says_so()
    {
        await using var tasting = await Tasting.StartAsync("quality: { feedback: publish, every: 1s }");
        foreach (var id in await tasting.AskAsync(32, "lab/one"))
        {
            Assert.Equal(200, (await tasting.SayAsync($$"""{"request_id":"{{id}}","score":0}""")).Status);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (tasting.Lab.Gateway.Gateway.Quality.Book.Live is not { Info.Answers: 32 })
        {
            await Task.Delay(50, patience.Token);
        }

        // The book tells of a version a moment after it has it, before it can be refreshed again.
        await tasting.Lab.Gateway.Gateway.Quality.Book.RefreshAsync(patience.Token);
        Assert.Equal("feedback", tasting.Lab.Gateway.Gateway.Quality.Book.Live!.Info.Actor);
        Assert.Equal("lab/two", (await tasting.AskAsync()).Model);
    }

    internal static async Task<QualityVersion> PublishAsync(GatewayHost gateway, string run, bool oneIsGood) => (await gateway.Quality.Book.PublishAsync(
        gateway.Quality.Publication($"eval run {run}", "test", shadow: false) with
        {
            Evidence =
            [
                new()
                {
                    Id = run, Model = "lab/one", Intent = Intent.Coding, Kind = EvidenceKind.Eval, Source = $"{run} (code.suite)",
                    Answers = 400, Score = oneIsGood ? 400 : 0, ObservedAt = gateway.Now,
                },
            ],
        },
        default))!;

    private static async Task<(int Status, string Live)> RollBackAsync(Tasting tasting, int version)
    {
        var (status, body) = await tasting.AdministerAsync(HttpMethod.Post, "/rollback", $$"""{"version":{{version}}}""");
        return (status, body.GetProperty("live").GetString()!);
    }
}
