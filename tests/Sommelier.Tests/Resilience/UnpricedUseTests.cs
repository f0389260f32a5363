using System.IO.Pipelines;
using Sommelier.Catalog;

namespace Sommelier.Tests.Resilience;

/// <summary>The bill follows the service tier that the answer names; one of unknown price, and searches of unknown price, are told with the answer.</summary>
public sealed class UnpricedUseTests
{
    private const string Whole = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000},"service_tier":"TIER"}""";
    private const string Chunks = """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"TIER","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000}}

        data: [DONE]


        """;

    [Theory]
    [InlineData("openai-chat", "priority", 2_500_000_000, false)]
    [InlineData("openai-chat", "flex", 625_000_000, false)]
    [InlineData("openai-chat", "default", 1_250_000_000, false)]
    [InlineData("openai-chat", "scale", 1_250_000_000, true)]
    [InlineData("anthropic-messages", "priority", 2_500_000_000, false)]
    [InlineData("anthropic-messages", "scale", 1_250_000_000, true)]
    public async Task An_answer_costs_what_its_tier_costs(string caller, string tier, long cost, bool unpriced)
    {
        foreach (var streamed in (bool[])[false, true])
        {
            await using var rig = new AttemptRig();
            _ = rig.Add("openai-chat", streamed ? FaultReply.Events([Chunks.Replace("TIER", tier, StringComparison.Ordinal)]) : FaultReply.Json(Whole.Replace("TIER", tier, StringComparison.Ordinal)));
            rig.Price(0, BundledCatalog.Load().Find("openai/gpt-5")!.Price!);
            var result = await rig.RunAsync(AttemptRig.Call(caller, streamed));
            var answer = result.Answer!;
            var attempt = await answer.WriteToAsync(new Pipe(new(pauseWriterThreshold: 0)).Writer, CancellationToken.None);

            Assert.Equal(cost, attempt.CostNanoUsd);
            Assert.Equal(tier == "default" ? null : tier, attempt.Usage!.Value.ServiceTier);
            Assert.Equal(unpriced, answer.Warnings.Concat(answer.LateWarnings).Any(static warning => warning is { Code: "unpriced", Field: "service_tier" }));
            await answer.DisposeAsync();
        }
    }

    [Theory]
    // Priority is asked for; what the vendor said before the stream was cut holds.
    [InlineData("openai-chat", "priority", "priority")]
    [InlineData("openai-chat", "default", null)]
    [InlineData("openai-chat", "flex", "flex")]
    [InlineData("openai-chat", "auto", "priority")]
    [InlineData("openai-responses", "priority", "priority")]
    [InlineData("openai-responses", "default", null)]
    public async Task A_stream_that_is_cut_before_its_counts_costs_what_the_tier_costs_that_it_told(string caller, string told, string? tier)
    {
        await using var rig = new AttemptRig();
        _ = rig.Add("openai-chat", FaultReply.Events([Chunks.Split("\n\n")[0].Replace("TIER", told, StringComparison.Ordinal).Replace("\"stop\"", "null", StringComparison.Ordinal) + "\n\n"]));
        var price = BundledCatalog.Load().Find("openai/gpt-5")!.Price!;
        rig.Price(0, price);
        var received = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: true, more: "\"service_tier\":\"priority\",\"input\":\"Say hello.\","));
        var usage = received.Attempt!.Usage!.Value;

        Assert.True(usage.Estimated);
        Assert.Equal(tier, usage.ServiceTier);
        Assert.Equal(PriceCalculator.Cost(price, usage, rig.Time.GetUtcNow()).ToNanoUsd(), received.Attempt.CostNanoUsd);
    }
}
