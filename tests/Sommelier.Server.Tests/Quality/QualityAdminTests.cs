using Sommelier.Accounts;
using Sommelier.Server.Tests.Accounts;

namespace Sommelier.Server.Tests.Quality;

/// <summary><c>/admin/quality</c>: who may what, and what it says.</summary>
public sealed class QualityAdminTests : IAsyncLifetime
{
    private Tasting tasting = null!;

    public async ValueTask InitializeAsync() => tasting = await Tasting.StartAsync();

    public async ValueTask DisposeAsync() => await tasting.DisposeAsync();

    [Fact]
    public async Task Viewers_read_and_editors_change()
    {
        await LivingQualityTests.PublishAsync(tasting.Lab.Gateway.Gateway, "r1", oneIsGood: true);
        var viewer = await Tasting.KeyAsync(tasting.Lab, KeyRole.Viewer);
        var editor = await Tasting.KeyAsync(tasting.Lab, KeyRole.Editor);
        var caller = await Tasting.KeyAsync(tasting.Lab, KeyRole.Caller);

        foreach (var path in new[] { "", "/versions", "/diff", "/feedback" })
        {
            Assert.Equal((200, 403, 401), (await StatusAsync(HttpMethod.Get, path, viewer), await StatusAsync(HttpMethod.Get, path, caller), await StatusAsync(HttpMethod.Get, path, "nobody")));
            Assert.Equal(405, await StatusAsync(HttpMethod.Post, path, editor));
        }

        foreach (var (path, body) in new[] { ("/rollback", """{"version":1}"""), ("/publish", "{}") })
        {
            Assert.Equal((403, 403), ((await tasting.AdministerAsync(HttpMethod.Post, path, body, viewer)).Status, (await tasting.AdministerAsync(HttpMethod.Post, path, body, caller)).Status));
            Assert.InRange((await tasting.AdministerAsync(HttpMethod.Post, path, body, editor)).Status, 200, 201);
            Assert.Equal(405, await StatusAsync(HttpMethod.Get, path, viewer));
        }

        Assert.Equal(404, await StatusAsync(HttpMethod.Get, "/nowhere", viewer));
        var (_, audit) = await tasting.SendAsync(HttpMethod.Get, "/admin/audit", null, viewer);
        var done = audit.GetProperty("data").EnumerateArray().Where(act => !act.GetProperty("action").GetString()!.EndsWith(".refused", StringComparison.Ordinal)).Take(2).ToList();
        Assert.Equal(["quality.publish", "quality.rollback"], done.Select(act => act.GetProperty("action").GetString()));
        Assert.All(done, act => Assert.StartsWith("key_", act.GetProperty("actor").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_table_names_runs_and_the_difference_names_both_sides()
    {
        var gateway = tasting.Lab.Gateway.Gateway;
        var first = await LivingQualityTests.PublishAsync(gateway, "r1", oneIsGood: false);
        var second = await LivingQualityTests.PublishAsync(gateway, "r2", oneIsGood: true);

        var (_, table) = await tasting.AdministerAsync(HttpMethod.Get, "");
        var row = Assert.Single(table.GetProperty("data").EnumerateArray());
        Assert.Equal((second.Info.Name, "lab/one", "coding", 800), (table.GetProperty("version").GetString(), row.GetProperty("model").GetString(), row.GetProperty("intent").GetString(), row.GetProperty("n").GetInt32()));
        Assert.Equal("eval run r1 (code.suite) n=400; eval run r2 (code.suite) n=400", string.Join("; ", row.GetProperty("sources").EnumerateArray().Select(source => $"{source.GetProperty("name").GetString()} n={source.GetProperty("n")}")));
        Assert.InRange(row.GetProperty("age_s").GetInt64(), 0, 600);
        Assert.Equal(18, (await tasting.AdministerAsync(HttpMethod.Get, "?model=lab/two")).Body.GetProperty("data").GetArrayLength());
        var cells = await Pages.ReadAsync(tasting.Lab.Gateway, "/admin/quality?model=lab/two", 7, await Tasting.KeyAsync(tasting.Lab, KeyRole.Viewer));
        Assert.Equal((18, 3), (cells.Items.DistinctBy(static one => one.GetProperty("intent").GetString()).Count(), cells.Count));
        Assert.Equal(["lab/one", "lab/two"], (await tasting.AdministerAsync(HttpMethod.Get, "?intent=coding")).Body.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("model").GetString()).Order());

        var (_, versions) = await tasting.AdministerAsync(HttpMethod.Get, "/versions");
        Assert.Equal(second.Info.Name, versions.GetProperty("live").GetString());
        Assert.Equal([second.Info.Name, first.Info.Name], versions.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("name").GetString()));

        var (_, diff) = await tasting.AdministerAsync(HttpMethod.Get, "/diff");
        Assert.Equal((first.Info.Name, second.Info.Name), (diff.GetProperty("from").GetString(), diff.GetProperty("to").GetString()));
        var differences = await Pages.ReadAsync(tasting.Lab.Gateway, "/admin/quality/diff", 1, await Tasting.KeyAsync(tasting.Lab, KeyRole.Viewer));
        Assert.Equal(diff.GetProperty("data").EnumerateArray().Select(static one => one.GetRawText()), differences.Items.Select(static one => one.GetRawText()));
        var coding = diff.GetProperty("data").EnumerateArray().Single(one => one.GetProperty("intent").GetString() == "coding");
        Assert.True(coding.GetProperty("after").GetProperty("mean").GetDouble() > coding.GetProperty("before").GetProperty("mean").GetDouble() + 0.4);
    }

    [Theory]
    [InlineData("GET", "?model=nobody", null, 400, "model")]
    [InlineData("GET", "?intent=drinking", null, 400, "intent")]
    [InlineData("GET", "/diff?from=9", null, 404, "version")]
    [InlineData("GET", "/feedback?before=x", null, 400, "before")]
    [InlineData("GET", "/feedback?after=x", null, 400, "after")]
    [InlineData("GET", "/versions?after=x", null, 400, "after")]
    [InlineData("GET", "/diff?after=coding:none", null, 400, "after")]
    [InlineData("GET", "?after=coding:none", null, 400, "after")]
    [InlineData("POST", "/rollback", """{"version":9}""", 404, "version")]
    [InlineData("POST", "/rollback", """{"version":"1"}""", 400, "version")]
    [InlineData("POST", "/rollback", """{"to":1}""", 400, "to")]
    [InlineData("POST", "/publish", """{"shadow":"yes"}""", 400, "shadow")]
    [InlineData("POST", "/publish", """{"reason":""}""", 400, "reason")]
    [InlineData("POST", "/publish", "{}", 400, "evidence")]
    public async Task What_cannot_be_done_is_said_by_the_name_of_the_field(string method, string path, string? body, int status, string field)
    {
        var (given, reply) = await tasting.AdministerAsync(new HttpMethod(method), path, body);

        Assert.Equal((status, field), (given, reply.GetProperty("error").GetProperty("param").GetString()));
    }

    private async Task<int> StatusAsync(HttpMethod method, string path, string key)
    {
        using var reply = await Ask.SendAsync(tasting.Lab.Gateway, method, "/admin/quality" + path, method == HttpMethod.Post ? "{}" : null, ("authorization", $"Bearer {key}"));
        return (int)reply.StatusCode;
    }
}
