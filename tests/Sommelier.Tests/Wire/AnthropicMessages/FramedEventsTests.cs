using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Wire.AnthropicMessages;

/// <summary>Claude by Bedrock's InvokeModel: Anthropic's body and events, in Amazon's envelope.</summary>
public sealed class FramedEventsTests
{
    private static readonly WireQuirks AtBedrock = new() { BodyVersion = "bedrock-2023-05-31", BodyStream = false, FramedEvents = true };

    private static readonly string[] Events =
    [
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}""",
        """{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":10}}""",
    ];

    [Fact]
    public void A_caller_of_Anthropics_dialect_gets_its_own_events()
    {
        using var relay = AnthropicMessagesFormat.Instance.Streams.CreateRelay(AtBedrock, Context);
        var output = new ArrayBufferWriter<byte>();
        foreach (var b in Framed())
        {
            relay.Relay([b], output);
        }

        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.True(relay.Ended);
        Assert.Equal(5, relay.Facts.Usage?.OutputTokens);
        Assert.StartsWith("event: message_start\ndata: {\"type\":\"message_start\"", text, StringComparison.Ordinal);
        Assert.Equal(Events.Length, text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Callers_of_other_dialects_get_the_steps()
    {
        using var decoder = AnthropicMessagesFormat.Instance.Streams.CreateDecoder(AtBedrock);
        var steps = new List<ChatDelta>();
        decoder.Decode(Framed(), steps);

        Assert.True(decoder.Ended);
        Assert.Equal("Hi", Assert.Single(steps.OfType<TextDelta>(), delta => delta.Text.Length > 0).Text);
    }

    [Fact]
    public void An_exception_in_a_frame_is_a_failure()
    {
        var output = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteException("throttlingException"u8, """{"message":"Too many requests"}"""u8, output);
        using var relay = AnthropicMessagesFormat.Instance.Streams.CreateRelay(AtBedrock, Context);
        relay.Relay(output.WrittenSpan, new ArrayBufferWriter<byte>());

        Assert.Equal(UpstreamFailureKind.RateLimited, relay.Failure?.Kind);
        Assert.False(relay.Ended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_body_names_the_version_and_the_betas_and_neither_model_nor_stream(bool forwarded)
    {
        var body = """{"model":"auto","stream":true,"max_tokens":9,"messages":[{"role":"user","content":"x"}],"sommelier":{"policy":"frugal"}}"""u8.ToArray();
        var target = new WireTarget { Model = "anthropic.claude", Quirks = AtBedrock, Betas = ["a-1", "b-2"] };
        var output = new ArrayBufferWriter<byte>();
        var requests = AnthropicMessagesFormat.Instance.Requests;
        if (forwarded)
        {
            requests.Forward(body, requests.Outline(body), target, output, []);
        }
        else
        {
            requests.Write(requests.Read(body), target, output, []);
        }

        using var sent = System.Text.Json.JsonDocument.Parse(output.WrittenMemory);
        Assert.Equal("bedrock-2023-05-31", sent.RootElement.GetProperty("anthropic_version").GetString());
        Assert.Equal(2, sent.RootElement.GetProperty("anthropic_beta").GetArrayLength());
        Assert.Equal(9, sent.RootElement.GetProperty("max_tokens").GetInt32());
        Assert.All(["model", "stream", "sommelier"], name => Assert.False(sent.RootElement.TryGetProperty(name, out _)));
    }

    private static ReplyContext Context => new() { FallbackId = "r", Model = "m", Created = DateTimeOffset.UnixEpoch };

    private static byte[] Framed()
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var item in Events)
        {
            EventStreamWriter.WriteEvent("chunk"u8, Encoding.UTF8.GetBytes($$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(item))}}","p":"abc"}"""), output);
        }

        return output.WrittenSpan.ToArray();
    }
}
