using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream;

/// <summary>An answer of two deployments reads as one in every dialect that callers speak.</summary>
public sealed class ContinuingEncoderTests
{
    public static TheoryData<string> Dialects => ["openai-chat", "openai-responses", "anthropic-messages", "gemini", "bedrock-converse", "ollama"];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void It_is_one_answer(string format)
    {
        var whole = Written(format, out _, new StartDelta("id-1", "m1"), new TextDelta(0, "Hello \n"), new TextDelta(0, "\nworld!"), new PartEndDelta(0));
        var seamed = Seamed(format, out var sent, new StartDelta("id-2", "m2"), new ReasoningDelta(0, "hm"), new PartEndDelta(0), new TextDelta(1, " \n\nworld!"), new PartEndDelta(1));

        Assert.Equal("Hello \n\nworld!", Text(seamed));
        Assert.Equal(Kinds(whole), Kinds(seamed));
        Assert.Equal(whole.OfType<StartDelta>().FirstOrDefault(), seamed.OfType<StartDelta>().FirstOrDefault());
        Assert.Contains(EndDelta.Instance, seamed);
        Assert.Contains(sent.Warnings, warning => warning is { Code: "dropped", Field: "reasoning" });
        if (seamed.OfType<UsageDelta>().LastOrDefault() is { } counts)
        {
            Assert.Equal((12 + 20, 3 + 4), (counts.Usage.InputTokens, counts.Usage.OutputTokens));
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void The_second_may_call_a_tool(string format)
    {
        var seamed = Seamed(format, out _, new TextDelta(0, "!"), new PartEndDelta(0), new ToolCallStartDelta(1, "call_1", "f"), new ToolCallArgumentsDelta(1, """{"a":1}"""), new PartEndDelta(1));

        Assert.Equal("Hello \n!", Text(seamed));
        Assert.Equal("f", Assert.Single(seamed.OfType<ToolCallStartDelta>()).Name);
        Assert.Equal("""{"a":1}""", string.Concat(seamed.OfType<ToolCallArgumentsDelta>().Select(step => step.Arguments)));
    }

    [Fact]
    public void The_cost_and_the_seam_stand_beside_the_counts()
    {
        SentAnswer? sent = null;
        var context = Context with { CostUsd = usage => sent!.CostUsd!(usage), Seam = () => sent!.Seam };
        sent = new() { Encoder = WireFormats.Get("anthropic-messages").Streams.CreateEncoder(context), CostUsd = _ => 1m };
        var output = new ArrayBufferWriter<byte>();
        Begin(sent, output);
        sent.Seam = new("a/one", "b/two");
        sent.Used = new() { InputTokens = 12, OutputTokens = 3 };
        var rest = new ContinuingEncoder(sent, usage => usage.OutputTokens);
        foreach (var step in (ChatDelta[])[new TextDelta(0, "!"), new UsageDelta(new() { InputTokens = 20, OutputTokens = 4 }), new FinishDelta(new(FinishReasonKind.Stop)), EndDelta.Instance])
        {
            rest.Write(step, output);
        }

        // The price is asked for the tokens of who answers now; what the first one cost is on record already.
        Assert.Contains("\"sommelier\":{\"cost_usd\":4,\"continued_after_break\":{\"from\":\"a/one\",\"to\":\"b/two\"}}", System.Text.Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    private static ReplyContext Context => new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    private static void Begin(SentAnswer sent, ArrayBufferWriter<byte> output)
    {
        foreach (var step in (ChatDelta[])[new StartDelta("id-1", "m1"), new TextDelta(0, "Hello \n")])
        {
            sent.Take(step);
            sent.Encoder.Write(step, output);
        }

        Assert.True(sent.MayContinue);
    }

    private static List<ChatDelta> Seamed(string format, out ContinuingEncoder rest, params ChatDelta[] steps)
    {
        var output = new ArrayBufferWriter<byte>();
        var sent = new SentAnswer { Encoder = WireFormats.Get(format).Streams.CreateEncoder(Context) };
        Begin(sent, output);
        sent.Used = new() { InputTokens = 12, OutputTokens = 3 };
        rest = new ContinuingEncoder(sent, null);
        End(rest, output, steps);
        return Read(format, output);
    }

    private static List<ChatDelta> Written(string format, out StreamEncoder encoder, params ChatDelta[] steps)
    {
        var output = new ArrayBufferWriter<byte>();
        encoder = WireFormats.Get(format).Streams.CreateEncoder(Context);
        End(encoder, output, steps);
        return Read(format, output);
    }

    private static void End(StreamEncoder encoder, ArrayBufferWriter<byte> output, ChatDelta[] steps)
    {
        foreach (var step in (ChatDelta[])[.. steps, new UsageDelta(new() { InputTokens = 20, OutputTokens = 4 }), new FinishDelta(new(FinishReasonKind.Stop)), EndDelta.Instance])
        {
            encoder.Write(step, output);
        }
    }

    private static List<ChatDelta> Read(string format, ArrayBufferWriter<byte> output)
    {
        using var decoder = WireFormats.Get(format).Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(output.WrittenSpan, steps);
        decoder.Complete(steps);
        return steps;
    }

    private static string Text(List<ChatDelta> steps) => string.Concat(steps.OfType<TextDelta>().Select(step => step.Text));

    // Which parts there are, whatever pieces they come in.
    private static List<string> Kinds(List<ChatDelta> steps) =>
        [.. steps.Where(step => step is not UsageDelta).Select(step => step is TextDelta text ? $"text {text.Index}" : step.GetType().Name).Distinct()];
}
