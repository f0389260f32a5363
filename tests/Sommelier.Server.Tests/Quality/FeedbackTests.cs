using System.Text.Json;

namespace Sommelier.Server.Tests.Quality;

/// <summary><c>POST /v1/feedback</c>: what is taken, from whom, and what is refused.</summary>
public sealed class FeedbackTests : IAsyncLifetime
{
    private Tasting tasting = null!;

    public async ValueTask InitializeAsync() => tasting = await Tasting.StartAsync("server: { keys: [sk-mine, sk-theirs] }");

    public async ValueTask DisposeAsync() => await tasting.DisposeAsync();

    [Theory]
    [InlineData("\"thumbs\":\"up\"", 1)]
    [InlineData("\"thumbs\":\"down\",\"score\":null", 0)]
    [InlineData("\"score\":0.25,\"comment\":\"too dry\"", 0.25)]
    [InlineData("\"label\":\"partial\"", 0.5)]
    public async Task A_word_on_ones_own_answer_is_taken(string said, double score)
    {
        var id = await AskAsync();

        var (status, receipt) = await tasting.SayAsync($$"""{"request_id":"{{id}}",{{said}}}""", "sk-mine");

        Assert.Equal(200, status);
        Assert.Equal(
            (id, score, "lab/one", "coding", true),
            (receipt.GetProperty("request_id").GetString()!, receipt.GetProperty("score").GetDouble(), receipt.GetProperty("model").GetString(), receipt.GetProperty("intent").GetString(), receipt.GetProperty("counts").GetBoolean()));
    }

    [Fact]
    public async Task A_later_word_replaces_the_earlier_and_administrators_read_it()
    {
        var id = await AskAsync();
        await tasting.SayAsync($$"""{"request_id":"{{id}}","score":0,"comment":"corked"}""", "sk-mine");
        await tasting.SayAsync($$"""{"request_id":"{{id}}","score":1,"comment":"fine after all"}""", "sk-mine");

        var (_, page) = await tasting.AdministerAsync(HttpMethod.Get, "/feedback");

        var word = Assert.Single(page.GetProperty("data").EnumerateArray());
        Assert.Equal((id, 1.0, "fine after all"), (word.GetProperty("request_id").GetString(), word.GetProperty("score").GetDouble(), word.GetProperty("comment").GetString()));
    }

    [Fact]
    public async Task Nobody_rates_the_requests_of_others()
    {
        var id = await AskAsync();

        var theirs = await tasting.SayAsync($$"""{"request_id":"{{id}}","score":0}""", "sk-theirs");
        var nobodys = await tasting.SayAsync("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","score":0}""", "sk-mine");
        var keyless = await tasting.SayAsync($$"""{"request_id":"{{id}}","score":0}""", "sk-nobody");

        Assert.Equal((404, 404, 401), (theirs.Status, nobodys.Status, keyless.Status));
        Assert.Equal("request_not_found", theirs.Body.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(theirs.Body.GetProperty("error").GetProperty("message").GetString(), nobodys.Body.GetProperty("error").GetProperty("message").GetString());
        Assert.Empty((await tasting.AdministerAsync(HttpMethod.Get, "/feedback")).Body.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task What_the_classifier_was_not_sure_of_does_not_count()
    {
        await tasting.DisposeAsync();
        tasting = await Tasting.StartAsync("classifier: { abstain_below: 1 }");
        var (id, _) = await tasting.AskAsync();
        await tasting.Lab.Gateway.EntriesAsync(1);

        var (status, receipt) = await tasting.SayAsync($$"""{"request_id":"{{id}}","score":0}""");
        var (refused, problem) = await tasting.AdministerAsync(HttpMethod.Post, "/publish", "{}");

        Assert.Equal((200, false, JsonValueKind.Null), (status, receipt.GetProperty("counts").GetBoolean(), receipt.GetProperty("intent").ValueKind));
        Assert.Contains("not sure", receipt.GetProperty("why_not").GetString(), StringComparison.Ordinal);
        Assert.Equal(400, refused);
        Assert.Contains("nothing to publish", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("""{"score":1}""", "request_id")]
    [InlineData("""{"request_id":"x","score":1}""", "request_id")]
    [InlineData("""{"request_id":7,"score":1}""", "request_id")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}""", "score")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","score":1.5}""", "score")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","score":"1"}""", "score")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","score":1,"thumbs":"up"}""", "score")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","thumbs":"sideways"}""", "thumbs")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","label":"nice"}""", "label")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","score":1,"comment":7}""", "comment")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","score":1,"model":"lab/one"}""", "model")]
    [InlineData("""{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","score":1,"comment":"\ud800"}""", null)]
    public async Task A_wrong_body_is_refused_by_the_name_of_its_field(string body, string? field)
    {
        var (status, reply) = await tasting.SayAsync(body, "sk-mine");

        Assert.Equal((400, field), (status, reply.GetProperty("error").GetProperty("param").GetString()));
    }

    [Fact]
    public async Task A_request_that_nobody_answered_cannot_be_rated()
    {
        using var reply = await Ask.ChatAsync(tasting.Lab.Gateway, "openai", model: "lab/nobody", headers: ("authorization", "Bearer sk-mine"));
        await tasting.Lab.Gateway.EntriesAsync(1);

        var (status, problem) = await tasting.SayAsync($$"""{"request_id":"{{Ask.Header(reply, "x-sommelier-request-id")}}","score":1}""", "sk-mine");

        Assert.Equal(400, status);
        Assert.Contains("No model answered", problem.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync()
    {
        var (id, _) = await tasting.AskAsync("sk-mine");
        await tasting.Lab.Gateway.EntriesAsync(1);
        return id;
    }
}
