using Sommelier.Ledger;
using Sommelier.Ledger.Export;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>Audio is billed at its own price, by the catalog's or the configuration's, whichever dialect the caller speaks.</summary>
public sealed class AudioCostTests
{
    private const string Counts = "\"usageMetadata\":{\"promptTokenCount\":1000000,\"totalTokenCount\":1000000,\"promptTokensDetails\":[{\"modality\":\"AUDIO\",\"tokenCount\":1000000}]}";
    private const string Answer = "{\"responseId\":\"g\",\"modelVersion\":\"gemini-2.5-flash\",\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hello world!\"}]},\"finishReason\":\"STOP\"}]," + Counts + "}";
    private const string Chat = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello world!"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500,"prompt_tokens_details":{"audio_tokens":800},"completion_tokens_details":{"audio_tokens":400}}}""";
    private const string GoogleBody = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""";

    [Theory]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("anthropic", false)]
    [InlineData("gemini", false)]
    [InlineData("gemini", true)]
    public async Task A_million_tokens_of_audio_cost_what_the_catalog_says(string caller, bool streamed)
    {
        await using var google = new FaultServer(streamed ? FaultReply.Events([$"data: {Answer}\n\n"]) : FaultReply.Json(Answer));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              gemini: { base_url: '{{google.Address}}v1beta', api_key: k, only: [gemini-2.5-flash] }
            """);

        using var reply = caller == "gemini"
            ? await Ask.SendAsync(gateway, HttpMethod.Post, $"/v1beta/models/gemini/gemini-2.5-flash:{(streamed ? "streamGenerateContent?alt=sse" : "generateContent")}", GoogleBody)
            : await Ask.ChatAsync(gateway, caller, streamed, "gemini/gemini-2.5-flash");
        await reply.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Equal(streamed ? null : "1", Ask.Header(reply, "x-sommelier-cost-usd"));
        var attempt = Assert.Single(Assert.Single(await gateway.EntriesAsync(1)).Attempts);
        Assert.Equal((1_000_000, 1_000_000_000), (attempt.Usage!.Value.InputAudioTokens, attempt.CostNanoUsd));
    }

    [Theory]
    [InlineData("promptTokenDetails")]
    [InlineData("promptTokensDetails")]
    public async Task A_million_tokens_of_audio_cost_what_the_catalog_says_when_they_are_embedded(string details)
    {
        await using var google = new FaultServer(FaultReply.Json(
            "{\"embedding\":{\"values\":[0.5,0.25]},\"usageMetadata\":{\"promptTokenCount\":1000000,\"" + details + "\":[{\"modality\":\"TEXT\",\"tokenCount\":500000},{\"modality\":\"AUDIO\",\"tokenCount\":500000}]}}"));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              gemini: { base_url: '{{google.Address}}v1beta', api_key: k, only: [gemini-embedding-2] }
            """);
        var (_, key) = await gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Total, 1_000, null)] } }, "test", default);
        const string path = "/v1beta/models/gemini/gemini-embedding-2:embedContent";
        const string body = """{"content":{"parts":[{"inlineData":{"mimeType":"audio/wav","data":"UklGRg=="}}]}}""";

        // A thousandth of a micro-USD pays for a few tokens of text, and for none of audio.
        using (var refused = await Ask.SendAsync(gateway, HttpMethod.Post, path, body, ("x-goog-api-key", key)))
        {
            Assert.Equal(429, (int)refused.StatusCode);
        }

        var (_, rich) = await gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "rich" }, "test", default);
        using var reply = await Ask.SendAsync(gateway, HttpMethod.Post, path, body, ("x-goog-api-key", rich));
        Assert.Equal(200, (int)reply.StatusCode);

        // Half a million at 0.20 USD per million, half a million at 6.50.
        var attempt = Assert.Single((await gateway.EntriesAsync(2)).SelectMany(entry => entry.Attempts));
        Assert.Equal((500_000, 3_350_000_000), (attempt.Usage!.Value.InputAudioTokens, attempt.CostNanoUsd));
    }

    [Fact]
    public async Task The_configurations_price_of_audio_counts_and_the_export_has_the_tokens()
    {
        await using var lab = new FaultServer(FaultReply.Json(Chat));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              lab: { type: openai-compatible, base_url: '{{lab.Address}}v1', api_key: k, models: [{ id: m, context: 32768, price: { input: 1, output: 2, input_audio: 10, output_audio: 20 } }] }
            """);

        using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/m");

        // 200 x 1 + 800 x 10 + 100 x 2 + 400 x 20.
        Assert.Equal("0.0164", Ask.Header(reply, "x-sommelier-cost-usd"));
        await gateway.EntriesAsync(1);
        using var csv = new StringWriter();
        await LedgerExport.WriteAsync(LedgerExport.ReadAsync(gateway.Gateway.Ledger, null, null, default), ExportFormat.Csv, csv);
        var lines = csv.ToString().Split("\r\n");
        var row = lines[0].Split(',').Zip(lines[1].Split(',')).ToDictionary(column => column.First, column => column.Second);
        Assert.Equal(("800", "400", "0.0164"), (row["input_audio_tokens"], row["output_audio_tokens"], row["cost_usd"]));
        using var jsonl = new StringWriter();
        await LedgerExport.WriteAsync(LedgerExport.ReadAsync(gateway.Gateway.Ledger, null, null, default), ExportFormat.Jsonl, jsonl);
        Assert.Contains("\"input_audio_tokens\":800,\"cache_read_input_audio_tokens\":0,\"output_tokens\":500,\"reasoning_output_tokens\":0,\"output_audio_tokens\":400", jsonl.ToString(), StringComparison.Ordinal);
    }
}
