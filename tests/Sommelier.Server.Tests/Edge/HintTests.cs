using System.Text.Json;

namespace Sommelier.Server.Tests.Edge;

/// <summary>The <c>sommelier</c> object and its headers: obeyed here, unseen by the provider.</summary>
public sealed class HintTests
{
    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("openai", "anthropic")]
    [InlineData("anthropic", "anthropic")]
    [InlineData("anthropic", "openai")]
    public async Task The_provider_sees_nothing_of_it(string caller, string provider)
    {
        await using var lab = await Lab.StartAsync(provider);

        using var reply = await Ask.ChatAsync(lab.Gateway, caller, more: "\"sommelier\":{\"exclude\":[\"lab/one\"],\"tags\":[\"team-red\"]},", headers: [("x-sommelier-session", "session-8"), ("cookie", "a=b")]);
        var seen = Assert.Single(lab.Provider.Requests);
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        Assert.Equal("lab/two", Ask.Header(reply, "x-sommelier-model"));
        Assert.Equal(["team-red"], entry.Tags);
        using var body = JsonDocument.Parse(seen.Body);
        Assert.False(body.RootElement.TryGetProperty("sommelier", out _));
        Assert.Equal("two", body.RootElement.GetProperty("model").GetString());
        Assert.DoesNotContain(seen.Headers.Keys, name => name.StartsWith("x-sommelier", StringComparison.OrdinalIgnoreCase) || name.Equals("cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("", "lab/two")]
    [InlineData("\"sommelier\":{\"exclude\":[\"lab/two\"]},", "lab/one")]
    public async Task Headers_ask_too_and_the_body_wins(string more, string answers)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: more, headers: ("x-sommelier-exclude", "lab/one"));

        Assert.Equal(answers, Ask.Header(reply, "x-sommelier-model"));
    }

    [Theory]
    [InlineData("\"sommelier\":{\"strict\":true},", null)]
    [InlineData("", "true")]
    public async Task A_strict_caller_gets_an_error_that_names_the_field_instead_of_a_loss(string more, string? header)
    {
        await using var lab = await Lab.StartAsync("anthropic");

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", more: more + "\"logit_bias\":{\"50256\":-100},", headers: header is null ? [] : [("x-sommelier-strict", header)]);

        Assert.Equal(400, (int)reply.StatusCode);
        Assert.Equal("logit_bias", (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("param").GetString());
        Assert.Empty(lab.Provider.Requests);
    }

    [Theory]
    [InlineData("openai", "openai", true)]
    [InlineData("openai", "anthropic", true)]
    [InlineData("openai", "openai", false)]
    [InlineData("openai", "anthropic", false)]
    [InlineData("anthropic", "anthropic", true)]
    [InlineData("anthropic", "anthropic", false)]
    [InlineData("anthropic", "openai", true)]
    public async Task A_stream_carries_its_cost_for_callers_that_sent_the_object(string caller, string provider, bool sent)
    {
        await using var lab = await Lab.StartAsync(provider, streamed: true);
        var more = (caller == "openai" ? "\"stream_options\":{\"include_usage\":true}," : "") + (sent ? "\"sommelier\":{\"tags\":[\"a\"]}," : "");

        using var reply = await Ask.ChatAsync(lab.Gateway, caller, streamed: true, more: more);
        var text = await reply.Content.ReadAsStringAsync();

        Assert.Equal(sent, text.Contains("\"sommelier\":{\"cost_usd\":0.000022}", StringComparison.Ordinal));
        Assert.Equal(sent, text.Contains("sommelier", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_keeps_its_model()
    {
        await using var lab = await Lab.StartAsync();

        using var first = await Ask.ChatAsync(lab.Gateway, "openai", headers: [("x-sommelier-session", "s1"), ("x-sommelier-exclude", "lab/one")]);
        await lab.Gateway.EntriesAsync(1);
        using var second = await Ask.ChatAsync(lab.Gateway, "openai", headers: ("x-sommelier-session", "s1"));
        using var other = await Ask.ChatAsync(lab.Gateway, "openai", headers: ("x-sommelier-session", "s2"));

        Assert.Equal("lab/two", Ask.Header(first, "x-sommelier-model"));
        Assert.Equal(("lab/two", "sticky_session"), (Ask.Header(second, "x-sommelier-model"), Ask.Header(second, "x-sommelier-reason")));
        Assert.Equal(("lab/one", "policy_order"), (Ask.Header(other, "x-sommelier-model"), Ask.Header(other, "x-sommelier-reason")));
    }
}
