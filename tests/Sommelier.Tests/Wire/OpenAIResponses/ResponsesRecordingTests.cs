using System.Buffers;
using System.Text;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.OpenAIResponses;

public sealed class ResponsesRecordingTests
{
    private static readonly IWireFormat Format = ResponsesWire.Format;

    [Theory]
    [MemberData(nameof(ResponsesRecording.Answers), MemberType = typeof(ResponsesRecording))]
    public void Every_recorded_answer_is_read_as_it_says(string name)
    {
        var expected = ResponsesRecording.OfAnswer(name);
        Assert.Equal(expected, Said.Of(Format.Responses.Read(ResponsesRecording.Answer(name), WireQuirks.Default)));

        var facts = Format.Responses.Scan(ResponsesRecording.Answer(name), WireQuirks.Default);
        Assert.Equal((expected.Id, expected.Model, expected.Finish, expected.Usage), (facts.Id, facts.ResponseModel, facts.FinishReason?.Kind, facts.Usage));
        Assert.True(facts.OutputBytes >= Encoding.UTF8.GetByteCount(expected.Text));
    }

    [Theory]
    [MemberData(nameof(ResponsesRecording.Answers), MemberType = typeof(ResponsesRecording))]
    public void An_answer_survives_being_written_and_read_again(string name)
    {
        var response = Format.Responses.Read(ResponsesRecording.Answer(name), WireQuirks.Default);
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        Format.Responses.Write(response, ResponsesWire.Reply, output, warnings);
        Assert.Empty(warnings);
        var again = Format.Responses.Read(output.WrittenSpan, WireQuirks.Default);

        // xAI's ids lack the dialect's prefix.
        Assert.Equal(Said.Of(response) with { Id = again.Id }, Said.Of(again));
        Assert.Equal(Pieces(response), Pieces(again));
    }

    [Theory]
    [MemberData(nameof(ResponsesRecording.Streams), MemberType = typeof(ResponsesRecording))]
    public void Every_recorded_stream_is_read_as_it_says(string name)
    {
        var stream = ResponsesRecording.Stream(name);
        var expected = ResponsesRecording.OfStream(stream);
        var said = Said.Of(ResponsesWire.Decode(stream));

        // The recording of phases lacks most of its deltas, and an item.
        Assert.Equal(name is "openai/openai-phase.1" ? expected with { Opaque = said.Opaque, Text = said.Text } : expected, said);
    }

    [Fact]
    public void Every_turn_of_a_recorded_conversation_with_sealed_thinking_is_read_as_it_says()
    {
        var turns = ResponsesRecording.StreamsOf("openai/openai-reasoning-encrypted-content.1");
        Assert.Equal(4, turns.Count);
        foreach (var turn in turns)
        {
            Assert.Equal(Unsealed(ResponsesRecording.OfStream(turn)), Unsealed(Said.Of(ResponsesWire.Decode(turn))));
        }

        // The vendor seals the same thinking anew in its last event.
        static Said Unsealed(Said said) => said with { Thinking = said.Thinking.Split("gAAAA")[0] };

        var seal = ResponsesWire.Decode(turns[0]).OfType<ReasoningDelta>().Last();
        Assert.Equal(Seals.OpenAI, seal.Vendor);
        Assert.StartsWith("rs_", seal.Id, StringComparison.Ordinal);
        Assert.StartsWith("gAAAA", seal.Signature, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ResponsesRecording.Streams), MemberType = typeof(ResponsesRecording))]
    public void Any_split_of_a_stream_gives_the_same_steps(string name)
    {
        var bytes = ResponsesRecording.Stream(name);
        var whole = ResponsesWire.Decode(bytes);
        foreach (var size in (int[])[1, 7, 1000, 4096])
        {
            Assert.Equal(whole, ResponsesWire.Decode(bytes, size));
        }
    }

    [Theory]
    [InlineData("openai/openai-custom-tool.1")]
    [InlineData("openai/openai-local-shell-tool.1")]
    [InlineData("open-responses/openai-pdf-input-file.1")]
    public void A_cut_at_every_byte_gives_the_same_steps(string name)
    {
        var bytes = ResponsesRecording.Stream(name);
        var whole = ResponsesWire.Decode(bytes);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Cut(bytes, at, whole);
        }
    }

    [Theory]
    [InlineData("openai/openai-web-search-tool.1")]
    [InlineData("xai/xai-text-streaming.1")]
    [InlineData("openai/openai-tool-search.1")]
    public void A_cut_anywhere_in_a_long_stream_gives_the_same_steps(string name)
    {
        var bytes = ResponsesRecording.Stream(name);
        var whole = ResponsesWire.Decode(bytes);
        Gen.Int[0, bytes.Length].Sample(at => Cut(bytes, at, whole), iter: 60);
    }

    [Theory]
    [MemberData(nameof(ResponsesRecording.Streams), MemberType = typeof(ResponsesRecording))]
    public void A_stream_survives_being_written_and_read_again(string name)
    {
        var deltas = ResponsesWire.Decode(ResponsesRecording.Stream(name));
        var written = ResponsesWire.Encode(deltas);
        Assert.Equal([], ResponsesGrammar.Faults(written));
        Assert.Equal(Said.Of(deltas), Said.Of(ResponsesWire.Decode(ResponsesWire.Utf8(written))) with { Id = Said.Of(deltas).Id });
    }

    [Theory]
    [MemberData(nameof(ResponsesRecording.Streams), MemberType = typeof(ResponsesRecording))]
    public void A_relayed_stream_is_the_same_bytes_and_the_same_facts(string name)
    {
        var bytes = ResponsesRecording.Stream(name);
        var expected = ResponsesRecording.OfStream(bytes);
        foreach (var size in (int[])[13, 500, 100_000])
        {
            using var relay = Format.Streams.CreateRelay(WireQuirks.Default, ResponsesWire.Reply);
            var output = new ArrayBufferWriter<byte>();
            foreach (var piece in bytes.Chunk(size))
            {
                relay.Relay(piece, output);
            }

            relay.Complete(output);
            Assert.True(relay is { Ended: true, HasContent: true, Failure: null });
            if (name != "openai/github-copilot-id-rotation.1")
            {
                // That one has another id in every event; see SteadyIdTests.
                Assert.Equal(bytes, output.WrittenSpan.ToArray());
            }

            Assert.Equal(
                (expected.Id, expected.Model, expected.Finish, expected.Usage),
                (relay.Facts.Id, relay.Facts.ResponseModel, relay.Facts.FinishReason?.Kind, relay.Facts.Usage));
        }
    }

    [Fact]
    public void A_recorded_failure_is_one()
    {
        var bytes = ResponsesRecording.Stream("openai/openai-error.1");
        var failure = ResponsesWire.Decode(bytes, whole: false).OfType<FailureDelta>().Single().Failure;
        Assert.Equal((UpstreamFailureKind.QuotaExhausted, "insufficient_quota"), (failure.Kind, failure.Code));

        using var relay = Format.Streams.CreateRelay(WireQuirks.Default, ResponsesWire.Reply);
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(bytes, output);
        Assert.Equal(UpstreamFailureKind.QuotaExhausted, relay.Failure?.Kind);
        Assert.False(relay.Ended);
        Assert.DoesNotContain("insufficient_quota", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    private static void Cut(byte[] bytes, int at, List<ChatDelta> whole)
    {
        using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
        var deltas = new List<ChatDelta>();
        decoder.Decode(bytes.AsSpan(0, at), deltas);
        decoder.Decode(bytes.AsSpan(at), deltas);
        Assert.Equal(whole, deltas);
    }

    private static List<string> Pieces(ChatResponse response) =>
    [
        .. response.Parts.Select(part => $"{part.GetType().Name} {string.Join(' ', (part.Extra?.Fields ?? []).Concat(part.Extra?.Marks ?? []).Order(Comparer<KeyValuePair<string, string>>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key))))}"),
    ];
}
