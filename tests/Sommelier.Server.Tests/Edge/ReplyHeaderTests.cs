using System.Globalization;
using Sommelier.Catalog;

namespace Sommelier.Server.Tests.Edge;

/// <summary>What every reply carries, and that it says the same as the ledger.</summary>
public sealed class ReplyHeaderTests
{
    [Theory]
    [InlineData("openai", "openai", false)]
    [InlineData("openai", "anthropic", true)]
    [InlineData("anthropic", "anthropic", false)]
    [InlineData("anthropic", "openai", true)]
    public async Task Answers_say_who_why_and_what_it_cost(string caller, string provider, bool streamed)
    {
        await using var lab = await Lab.StartAsync(provider, streamed);

        using var reply = await Ask.ChatAsync(lab.Gateway, caller, streamed);
        await reply.Content.ReadAsStringAsync();
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        Assert.Equal(entry.RequestId, Ask.Header(reply, "x-sommelier-request-id"));
        Assert.Equal("lab/one", Ask.Header(reply, "x-sommelier-model"));
        Assert.Equal("table", Ask.Header(reply, "x-sommelier-policy"));
        Assert.Equal("policy_order", Ask.Header(reply, "x-sommelier-reason"));
        Assert.Equal("1", Ask.Header(reply, "x-sommelier-attempts"));
        Assert.NotNull(Ask.Header(reply, "x-sommelier-intent"));
        Assert.InRange(double.Parse(Ask.Header(reply, "x-sommelier-overhead-ms")!, CultureInfo.InvariantCulture), 0, 60_000);
        Assert.Null(Ask.Header(reply, "x-sommelier-simulated"));
        var cost = NanoUsd.ToUsd(entry.Attempts[0].CostNanoUsd).ToString("0.#########", CultureInfo.InvariantCulture);
        Assert.Equal("0.000022", cost);
        Assert.Equal(streamed ? null : cost, Ask.Header(reply, "x-sommelier-cost-usd"));
        Assert.Equal(streamed ? "no" : null, Ask.Header(reply, "x-accel-buffering"));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Errors_can_be_looked_up_too(string caller)
    {
        await using var lab = await Lab.StartAsync(caller);

        using var reply = await Ask.ChatAsync(lab.Gateway, caller, model: "lab/nothing");
        await reply.Content.ReadAsStringAsync();
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        Assert.Equal(404, (int)reply.StatusCode);
        Assert.Equal(entry.RequestId, Ask.Header(reply, "x-sommelier-request-id"));
        Assert.Equal("0", Ask.Header(reply, "x-sommelier-attempts"));
        Assert.Empty(lab.Provider.Requests);
    }

    [Theory]
    [InlineData("lab/one", true)]
    [InlineData("one", true)]
    [InlineData("auto", false)]
    public async Task A_model_that_retires_says_so_to_callers_that_named_it(string model, bool told)
    {
        await using var lab = await Lab.StartAsync();
        var lifecycle = new Lifecycle { DeprecatedOn = new(2026, 1, 2), RetiresOn = new(2099, 3, 4) };
        var snapshot = lab.Gateway.Gateway.Snapshot;
        lab.Gateway.Gateway.Swap(snapshot with { Catalog = snapshot.Catalog.With(snapshot.Catalog.Deployments.Select(deployment => deployment with { Lifecycle = lifecycle })) });

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: model);

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Equal(told ? "@1767312000" : null, Ask.Header(reply, "Deprecation"));
        Assert.Equal(told ? "Wed, 04 Mar 2099 00:00:00 GMT" : null, Ask.Header(reply, "Sunset"));
    }

    [Fact]
    public async Task What_is_lost_in_translation_is_told()
    {
        await using var lab = await Lab.StartAsync("anthropic");

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: "\"logit_bias\":{\"50256\":-100},");
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Contains("logit_bias", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
        Assert.Contains(entry.Warnings, warning => warning.Field == "logit_bias");
    }

    [Fact]
    public async Task A_model_name_cannot_break_out_of_a_header()
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one\\r\\nx-injected: yes");

        Assert.Equal(404, (int)reply.StatusCode);
        Assert.Null(Ask.Header(reply, "x-injected"));
    }
}
