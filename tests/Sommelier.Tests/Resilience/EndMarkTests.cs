using Sommelier.Canonical;
using Sommelier.Providers;

namespace Sommelier.Tests.Resilience;

/// <summary>Chat servers that end a stream without <c>[DONE]</c>: whole only where the provider is known, or configured, to do so.</summary>
public sealed class EndMarkTests
{
    private const string Text = """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}""" + "\n\n";
    private const string Finish = """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Counts = """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""" + "\n\n";

    [Theory]
    [InlineData("openai-chat", false, FaultEnd.Complete, true, true)]
    [InlineData("anthropic-messages", false, FaultEnd.Complete, true, true)]
    [InlineData("openai-chat", false, FaultEnd.Cut, true, false)]
    [InlineData("anthropic-messages", false, FaultEnd.Cut, true, false)]
    [InlineData("openai-chat", false, FaultEnd.Complete, false, false)]
    [InlineData("anthropic-messages", false, FaultEnd.Complete, false, false)]
    [InlineData("openai-chat", null, FaultEnd.Complete, true, false)]
    [InlineData("anthropic-messages", null, FaultEnd.Complete, true, false)]
    public async Task A_finish_reason_and_a_clean_end_will_do_where_the_provider_sends_no_mark(string caller, bool? mark, FaultEnd end, bool finishes, bool whole)
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        await using var server = new FaultServer(FaultReply.Events(finishes ? [Text, Finish, Counts] : [Text, Text]) with { End = end, GateBefore = 1, Gate = gate.Task });
        rig.Use(
            new() { Name = "p", Provider = new OpenAICompatible(), BaseAddress = new(server.Address, "v1/"), ApiKey = AttemptRig.Key, DoneMark = mark },
            new() { Id = "p/m", Provider = "p", Model = "m", CanonicalModel = "m", MaxOutputTokens = 4096 });

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        Assert.Equal(whole ? AttemptOutcome.Succeeded : AttemptOutcome.Broken, received.Attempt!.Outcome);
        Assert.Equal(whole, received.Text.Contains(caller == "openai-chat" ? "data: [DONE]" : "message_stop", StringComparison.Ordinal));
        if (whole)
        {
            // Counts behind the finish reason are read, and passed on before the mark.
            Assert.Equal(new Usage { InputTokens = 7, OutputTokens = 2 }, received.Attempt.Usage);
        }
    }

    [Fact]
    public async Task A_chunk_that_says_it_is_the_last_is_followed_by_the_mark_at_once()
    {
        await using var rig = new AttemptRig();
        var never = new TaskCompletionSource();
        var last = Finish.Replace("chat.completion.chunk", "chat.completion.done", StringComparison.Ordinal);
        rig.Serve(
            new Perplexity(), new() { Id = "p/sonar", Provider = "p", Model = "sonar", CanonicalModel = "sonar" },
            FaultReply.Events([Text, last, Text]) with { GateBefore = 2, Gate = never.Task });

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        never.SetResult();
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.EndsWith(last + "data: [DONE]\n\n", received.Text, StringComparison.Ordinal);
    }
}
