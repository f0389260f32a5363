using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.OpenAIChat;

public sealed class RecordingTests
{
    // Content as a list, no role: what OpenAI's own clients do not take is written as they do.
    private static readonly string[] Departing = ["mistral/mistral-reasoning.chunks.txt", "mistral/mistral-incremental-tool-call.chunks.txt"];

    private static readonly OpenAIChatFormat Format = OpenAIChatFormat.Instance;

    private static readonly ReplyContext Reply = new()
    {
        FallbackId = "chatcmpl-fallback", Model = "fallback", Created = DateTimeOffset.UnixEpoch, StreamUsage = true,
    };

    [Theory]
    [MemberData(nameof(Recording.Answers), MemberType = typeof(Recording))]
    public void Every_recorded_answer_is_read_as_it_says(string name)
    {
        var expected = Transcript.Of(Recording.OfAnswer(name));
        var response = Format.Responses.Read(Recording.Answer(name), WireQuirks.Default);
        Assert.Equal(expected, Transcript.Of(response));

        var facts = Format.Responses.Scan(Recording.Answer(name), WireQuirks.Default);
        Assert.Equal((expected.Id, expected.Model, expected.Finish, expected.Usage), (facts.Id, facts.ResponseModel, facts.FinishReason?.Kind, facts.Usage));
        Assert.Equal(expected.Calls.Length > 0, facts.HasToolCall);
        Assert.True(facts.OutputBytes >= Encoding.UTF8.GetByteCount(expected.Text));
    }

    [Theory]
    [MemberData(nameof(Recording.Answers), MemberType = typeof(Recording))]
    public void An_answer_survives_being_written_and_read_again(string name)
    {
        var response = Format.Responses.Read(Recording.Answer(name), WireQuirks.Default);
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        Format.Responses.Write(response, Reply, output, warnings);
        Assert.Empty(warnings);
        var again = Format.Responses.Read(output.WrittenSpan, WireQuirks.Default);
        Assert.Equal(Transcript.Of(response), Transcript.Of(again));
        Assert.Equal(JsonSerializer.Serialize(response.Extra), JsonSerializer.Serialize(again.Extra));
    }

    [Theory]
    [MemberData(nameof(Recording.Streams), MemberType = typeof(Recording))]
    public void Every_recorded_stream_is_read_as_it_says(string name)
    {
        var deltas = Decode(Recording.Stream(name), int.MaxValue);
        Assert.Equal(Transcript.Of(Recording.OfStream(name)), Transcript.Of(deltas));
    }

    [Theory]
    [MemberData(nameof(Recording.Streams), MemberType = typeof(Recording))]
    public void Any_split_of_a_stream_gives_the_same_steps(string name)
    {
        var bytes = Recording.Stream(name);
        var whole = Decode(bytes, int.MaxValue);
        foreach (var size in (int[])[1, 2, 3, 7, 64, 1000, 4096])
        {
            Assert.Equal(whole, Decode(bytes, size));
        }
    }

    [Theory]
    [InlineData("mistral/mistral-incremental-tool-call.chunks.txt")]
    [InlineData("groq/groq-tool-call.chunks.txt")]
    [InlineData("openai-cassettes/chat-streaming-detailed-usage.yaml")]
    public void A_cut_at_every_byte_gives_the_same_steps(string name)
    {
        var bytes = Recording.Stream(name);
        var whole = Decode(bytes, int.MaxValue);
        for (var at = 0; at <= bytes.Length; at++)
        {
            using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
            var deltas = new List<ChatDelta>();
            decoder.Decode(bytes.AsSpan(0, at), deltas);
            decoder.Decode(bytes.AsSpan(at), deltas);
            Assert.Equal(whole, deltas);
        }
    }

    [Theory]
    [MemberData(nameof(Recording.Streams), MemberType = typeof(Recording))]
    public void A_stream_survives_being_written_and_read_again(string name)
    {
        var deltas = Decode(Recording.Stream(name), int.MaxValue);
        var encoder = Format.Streams.CreateEncoder(Reply);
        var output = new ArrayBufferWriter<byte>();
        foreach (var delta in deltas)
        {
            encoder.Write(delta, output);
        }

        Assert.Empty(encoder.Warnings);
        var again = Decode(output.WrittenSpan.ToArray(), int.MaxValue);
        Assert.Equal(Steps(deltas), Steps(again));
    }

    [Theory]
    [MemberData(nameof(Recording.Streams), MemberType = typeof(Recording))]
    public void A_relayed_stream_is_the_same_bytes_and_the_same_facts(string name)
    {
        var bytes = Recording.Stream(name);
        var expected = Transcript.Of(Recording.OfStream(name));
        foreach (var size in (int[])[1, 13, 500, 100_000])
        {
            using var relay = Format.Streams.CreateRelay(WireQuirks.Default, Reply);
            var output = new ArrayBufferWriter<byte>();
            foreach (var piece in bytes.Chunk(size))
            {
                relay.Relay(piece, output);
            }

            relay.Complete(output);
            Assert.True(relay is { Ended: true, HasContent: true, Failure: null });
            if (!Departing.Contains(name, StringComparer.Ordinal))
            {
                Assert.Equal(bytes.AsSpan().TrimEnd("\n"u8).ToArray(), output.WrittenSpan.TrimEnd("\n"u8).ToArray());
            }

            Assert.Equal(expected, Transcript.Of(Decode(output.WrittenSpan.ToArray(), int.MaxValue)));
            Assert.Equal(
                (expected.Id, expected.Model, expected.Finish, expected.Usage),
                (relay.Facts.Id, relay.Facts.ResponseModel, relay.Facts.FinishReason?.Kind, relay.Facts.Usage));
        }
    }

    // The order of finish and usage, and the time of empty steps, may differ; what is said may not.
    private static List<string> Steps(List<ChatDelta> deltas) =>
    [
        .. deltas.Where(delta => delta is not (UsageDelta or FinishDelta)).Select(delta => delta.ToString()),
        deltas.OfType<UsageDelta>().LastOrDefault()?.ToString() ?? "",
        deltas.OfType<FinishDelta>().LastOrDefault()?.Reason.Kind.ToString() ?? "",
    ];

    private static List<ChatDelta> Decode(byte[] bytes, int size)
    {
        using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
        var deltas = new List<ChatDelta>();
        for (var at = 0; at < bytes.Length; at += Math.Min(size, bytes.Length - at))
        {
            decoder.Decode(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)), deltas);
        }

        decoder.Complete(deltas);
        Assert.True(decoder.Ended);
        return deltas;
    }
}
