using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Pairs;

/// <summary>A turn that Anthropic paused is not finished, and no caller is left to believe that it is.</summary>
public sealed class PausedTurnTests
{
    private static readonly ReplyContext Context = new() { FallbackId = "a1", Model = "m", Created = DateTimeOffset.UnixEpoch };

    private static readonly FinishReason Paused = new(FinishReasonKind.Stop, "pause_turn");

    [Theory]
    [InlineData("openai-chat", true)]
    [InlineData("gemini", true)]
    [InlineData("bedrock-converse", true)]
    [InlineData("ollama", true)]
    [InlineData("openai-responses", false)]
    [InlineData("anthropic-messages", false)]
    public void A_format_without_a_word_for_it_warns(string name, bool warns)
    {
        var format = WireFormats.Get(name);
        var whole = new List<Warning>();
        format.Responses.Write(new() { Parts = [new TextPart("Hm")], FinishReason = Paused }, Context, new ArrayBufferWriter<byte>(), whole);
        var encoder = format.Streams.CreateEncoder(Context);
        Stream(encoder);

        Assert.Equal(warns, whole.Exists(static warning => warning.Field == "stop_reason"));
        Assert.Equal(warns, encoder.Warnings.Any(static warning => warning.Field == "stop_reason"));
    }

    [Fact]
    public void A_response_is_incomplete()
    {
        var format = WireFormats.Get("openai-responses");
        var output = new ArrayBufferWriter<byte>();
        format.Responses.Write(new() { Parts = [new TextPart("Hm")], FinishReason = Paused }, Context, output, []);

        Assert.Contains("\"status\":\"incomplete\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.Contains("response.incomplete", Stream(format.Streams.CreateEncoder(Context)), StringComparison.Ordinal);
    }

    private static string Stream(StreamEncoder encoder)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var step in new ChatDelta[] { new StartDelta("a1", "m"), new TextDelta(0, "Hm"), new PartEndDelta(0), new FinishDelta(Paused), new EndDelta() })
        {
            encoder.Write(step, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
