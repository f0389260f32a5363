using System.Text.Json;

namespace Sommelier.Server.Tests.Edge;

/// <summary><c>/v1/models</c> in both shapes.</summary>
public sealed class ModelsTests
{
    private static readonly (string, string) Anthropic = ("anthropic-version", "2023-06-01");

    [Fact]
    public async Task OpenAIs_shape_lists_every_name()
    {
        await using var lab = await Lab.StartAsync(more: "aliases: { smart: auto/premium }");

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models");
        var list = await Lab.JsonAsync(reply);

        Assert.Equal("list", list.GetProperty("object").GetString());
        var ids = list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(["auto", "auto/frugal", "auto/table", "smart", "one", "lab/one", "lab/two"], name => Assert.Contains(name, ids));
        Assert.All(list.GetProperty("data").EnumerateArray(), model => Assert.Equal("model", model.GetProperty("object").GetString()));
    }

    [Fact]
    public async Task Anthropics_shape_comes_in_pages_that_join_to_the_whole()
    {
        await using var lab = await Lab.StartAsync();
        using var whole = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models?limit=1000", headers: Anthropic);
        var all = Ids(await Lab.JsonAsync(whole));

        var joined = new List<string>();
        for (var more = true; more;)
        {
            var after = joined.Count == 0 ? "" : "&after_id=" + Uri.EscapeDataString(joined[^1]);
            using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models?limit=3" + after, headers: Anthropic);
            var page = await Lab.JsonAsync(reply);
            var ids = Ids(page);
            Assert.InRange(ids.Count, 1, 3);
            Assert.Equal((ids[0], ids[^1]), (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
            joined.AddRange(ids);
            more = page.GetProperty("has_more").GetBoolean();
        }

        Assert.Equal(all, joined);
        using var back = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models?limit=2&before_id=" + Uri.EscapeDataString(all[3]), headers: Anthropic);
        var before = await Lab.JsonAsync(back);
        Assert.Equal(all[1..3], Ids(before));
        Assert.True(before.GetProperty("has_more").GetBoolean());
        using var start = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models?limit=3&before_id=" + Uri.EscapeDataString(all[3]), headers: Anthropic);
        var beginning = await Lab.JsonAsync(start);
        Assert.Equal(all[..3], Ids(beginning));
        Assert.False(beginning.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Anthropics_page_holds_twenty_and_Googles_fifty_unless_told_otherwise()
    {
        var models = string.Join(", ", Enumerable.Range(0, 60).Select(at => $"{{ id: m{at} }}"));
        await using var lab = await Lab.StartAsync(more: $$"""  more: { type: openai-compatible, base_url: "http://127.0.0.1:9/v1", models: [{{models}}] }""");

        using var anthropic = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models", headers: Anthropic);
        Assert.Equal(20, Ids(await Lab.JsonAsync(anthropic)).Count);
        using var google = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1beta/models");
        var page = await Lab.JsonAsync(google);
        Assert.Equal(50, page.GetProperty("models").GetArrayLength());
        Assert.True(page.TryGetProperty("nextPageToken", out _));
    }

    [Fact]
    public async Task Googles_shape_comes_in_pages_that_join_to_the_whole()
    {
        await using var lab = await Lab.StartAsync();
        var whole = await GoogleAsync(lab, "?pageSize=5000");
        Assert.False(whole.TryGetProperty("nextPageToken", out _));

        var joined = new List<string?>();
        for (string? token = ""; token is not null;)
        {
            var page = await GoogleAsync(lab, $"?pageSize=3&pageToken={token}");
            Assert.InRange(page.GetProperty("models").GetArrayLength(), 1, 3);
            joined.AddRange(Names(page));
            token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Names(whole), joined);
        Assert.True(joined.Count > 6);
    }

    [Theory]
    [InlineData("?pageSize=-1", "pageSize")]
    [InlineData("?pageSize=many", "pageSize")]
    [InlineData("?pageToken=bm8tc3VjaA", "pageToken")]
    [InlineData("?pageToken=%21", "pageToken")]
    public async Task A_wrong_page_of_Googles_is_400_in_its_shape(string query, string field)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1beta/models" + query);

        Assert.Equal(400, (int)reply.StatusCode);
        var error = (await Lab.JsonAsync(reply)).GetProperty("error");
        Assert.Equal("INVALID_ARGUMENT", error.GetProperty("status").GetString());
        Assert.Contains(field, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?after_id=no-such", "after_id")]
    public async Task A_wrong_page_is_400(string query, string field)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models" + query, headers: Anthropic);

        Assert.Equal(400, (int)reply.StatusCode);
        Assert.Contains(field, (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_without_a_name_for_people_is_shown_by_its_id()
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models/lab/one", headers: Anthropic);

        Assert.Equal("one (lab)", (await Lab.JsonAsync(reply)).GetProperty("display_name").GetString());
    }

    [Theory]
    [InlineData("lab/one", 200)]
    [InlineData("lab%2Fone", 200)]
    [InlineData("lab%2fone", 200)]
    [InlineData("auto/frugal", 200)]
    [InlineData("lab/none", 404)]
    public async Task An_id_with_a_slash_is_read_raw_and_escaped(string id, int status)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models/" + id);

        Assert.Equal(status, (int)reply.StatusCode);
        if (status == 200)
        {
            Assert.Equal(Uri.UnescapeDataString(id), (await Lab.JsonAsync(reply)).GetProperty("id").GetString());
        }
    }

    private static List<string> Ids(System.Text.Json.JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];

    private static async Task<JsonElement> GoogleAsync(Lab lab, string query)
    {
        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1beta/models" + query);
        Assert.Equal(200, (int)reply.StatusCode);
        return await Lab.JsonAsync(reply);
    }

    private static string?[] Names(JsonElement page) => [.. page.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString())];
}
