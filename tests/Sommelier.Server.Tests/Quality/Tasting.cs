using System.Globalization;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Quality;

/// <summary>
/// A gateway of which nothing is known of two models: <c>lab/one</c> is cheaper, so <c>auto</c> takes it until evidence says otherwise.
/// Every request is a conversation of its own.
/// </summary>
internal sealed class Tasting : IAsyncDisposable
{
    private int asked;

    private Tasting(Lab lab, string admin) => (Lab, Admin) = (lab, admin);

    public Lab Lab { get; }

    /// <summary>An administrator's key.</summary>
    public string Admin { get; }

    public static async Task<Tasting> StartAsync(string more = "")
    {
        var lab = await Lab.StartAsync(more: more);
        return new(lab, await KeyAsync(lab, KeyRole.Admin));
    }

    /// <summary>Makes a key.</summary>
    public static async Task<string> KeyAsync(Lab lab, KeyRole role) =>
        (await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Role = role }, "test", default)).Secret;

    /// <summary>Asks for some code; returns the request's id and who answered.</summary>
    public async Task<(string Id, string Model)> AskAsync(string key = "any")
    {
        var prompt = string.Create(CultureInfo.InvariantCulture, $"Write a Python function that merges {Interlocked.Increment(ref asked)} sorted lists.");
        using var reply = await Ask.SendAsync(Lab.Gateway, HttpMethod.Post, "/v1/chat/completions", Ask.Body("auto/balanced", prompt: prompt), ("authorization", $"Bearer {key}"));
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return (Ask.Header(reply, "x-sommelier-request-id")!, Ask.Header(reply, "x-sommelier-model")!);
    }

    /// <summary>Asks many times at once, and returns the ids of the requests once they are all in the ledger.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(int times, string model)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, times).Select(_ => AskAsync()));
        Assert.All(answers, answer => Assert.Equal(model, answer.Model));
        await Lab.Gateway.EntriesAsync(times);
        return [.. answers.Select(answer => answer.Id)];
    }

    /// <summary>Says something of an answer.</summary>
    public Task<(int Status, JsonElement Body)> SayAsync(string body, string key = "any") => SendAsync(HttpMethod.Post, "/v1/feedback", body, key);

    /// <summary>Calls <c>/admin/quality</c>.</summary>
    public Task<(int Status, JsonElement Body)> AdministerAsync(HttpMethod method, string path, string? body = null, string? key = null) =>
        SendAsync(method, "/admin/quality" + path, body, key ?? Admin);

    /// <summary>The record of a decision.</summary>
    public async Task<JsonElement> DecisionAsync(string id)
    {
        await Lab.Gateway.EntriesAsync(1);
        return (await SendAsync(HttpMethod.Get, "/v1/decisions/" + id, null, "any")).Body;
    }

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body, string key)
    {
        using var reply = await Ask.SendAsync(Lab.Gateway, method, path, body, ("authorization", $"Bearer {key}"));
        return ((int)reply.StatusCode, await Lab.JsonAsync(reply));
    }

    public ValueTask DisposeAsync() => Lab.DisposeAsync();
}
