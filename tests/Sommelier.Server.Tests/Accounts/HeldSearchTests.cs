using System.Net;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>What a budget holds beside tokens: searches that a vendor runs, and the surcharge of a place.</summary>
public sealed class HeldSearchTests
{
    private const string Anthropic = """{"model":"lab/one","max_tokens":100,"messages":[{"role":"user","content":"Who won?"}]""";
    private const string Responses = """{"model":"lab/one","max_output_tokens":100,"input":"Who won?" """;
    private const string Gemini = """{"generationConfig":{"maxOutputTokens":100},"contents":[{"parts":[{"text":"Who won?"}]}]""";

    [Theory]
    // 100 tokens of output at 1,000 USD a million are 0.1 USD; a search is 0.01 USD.
    [InlineData("/v1/messages", Anthropic + "}", "0.1 USD")]
    [InlineData("/v1/messages", Anthropic + ""","tools":[{"name":"web_search","type":"web_search_20250305","max_uses":3}]}""", "0.13 USD")]
    [InlineData("/v1/messages", Anthropic + ""","tools":[{"max_uses":30,"type":"web_s\u0065arch_20260209","name":"web_search"}]}""", "0.4 USD")]
    [InlineData("/v1/messages", Anthropic + ""","tools":[{"type":"web_search_20250305","name":"web_search"}]}""", "0.2 USD")]
    [InlineData("/v1/messages", Anthropic + ""","tools":[{"name":"web_search","input_schema":{"type":"web_search_20250305","max_uses":3}}]}""", "0.1 USD")]
    [InlineData("/v1/messages", Anthropic + ""","tools":[{"name":"web_search","type":"web_search_20250305","max_uses":2.0}]}""", "0.12 USD")]
    [InlineData("/v1/messages", Anthropic + ""","inference_geo":"us"}""", "0.11 USD")]
    [InlineData("/v1/messages", Anthropic + ""","inference_geo":"global"}""", "0.1 USD")]
    // Nobody knows its price: the dearest known one is held.
    [InlineData("/v1/messages", Anthropic + ""","inference_geo":"eu"}""", "0.11 USD")]
    // What limits searches is not told to a server of another format.
    [InlineData("/v1/responses", Responses + ""","tools":[{"type":"web_search"}],"max_tool_calls":2}""", "0.2 USD")]
    [InlineData("/v1/responses", Responses + ""","tools":[{"type":"web_search"}],"max_tool_calls":0}""", "0.2 USD")]
    [InlineData("/v1/responses", Responses + ""","max_tool_calls":20,"tools":[{"type":"web_search_preview"}]}""", "0.3 USD")]
    [InlineData("/v1/responses", Responses + ""","max_tool_calls":20,"tools":[{"type":"file_search"}]}""", "0.1 USD")]
    [InlineData("/v1beta/models/lab%2Fone:generateContent", Gemini + ""","tools":[{"googleSearch":{}}]}""", "0.2 USD")]
    public async Task A_budget_holds_the_searches_and_the_place_that_are_asked_for(string path, string body, string needed)
    {
        await using var provider = new FaultServer(ScriptedAnswer.Anthropic.Reply(streamed: false));
        await using var gateway = await StartAsync(provider);
        var key = await KeyAsync(gateway, 0.000000001m);
        using var reply = await Ask.SendAsync(gateway, HttpMethod.Post, path, body, ("Authorization", $"Bearer {key}"));
        Assert.Contains($"this request may cost {needed}.", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task Searches_that_were_held_and_not_made_are_given_back()
    {
        await using var provider = new FaultServer(ScriptedAnswer.Anthropic.Reply(streamed: false));
        await using var gateway = await StartAsync(provider);
        var key = await KeyAsync(gateway, 0.2m);
        for (var asked = 1; asked <= 3; asked++)
        {
            using var reply = await Ask.SendAsync(
                gateway, HttpMethod.Post, "/v1/messages", Anthropic + ""","tools":[{"name":"web_search","type":"web_search_20250305","max_uses":7}]}""", ("x-api-key", key));
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            await reply.Content.ReadAsStringAsync();
            await gateway.EntriesAsync(asked);
        }
    }

    private static Task<RunningGateway> StartAsync(FaultServer provider) => RunningGateway.StartAsync(
        $$"""
        discover: false
        providers:
          lab:
            type: anthropic-compatible
            base_url: "{{provider.Address}}v1"
            models: [{ id: one, context: 32768, max_output: 4096, price: { input: 0, output: 1000, web_search: 10, inference_geo: { us: 1.1 } } }]
        """);

    private static async Task<string> KeyAsync(RunningGateway gateway, decimal usd) => (await gateway.Gateway.Accounts.CreateKeyAsync(
        key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(usd), null)] } }, "test", default)).Secret;
}
