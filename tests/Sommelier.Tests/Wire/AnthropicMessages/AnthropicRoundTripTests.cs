using System.Text.Json;
using CsCheck;
using Sommelier.Canonical;

namespace Sommelier.Tests.Wire.AnthropicMessages;

public sealed class AnthropicRoundTripTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.Char[" abcXYZ09\"\\/{}[]:,\n\t\u0001é한"], 1, 12];

    private static readonly Gen<ContentPart> Part = Gen.OneOf(
        Words.Select(text => (ContentPart)new TextPart(text)),
        Gen.Select(Words, Words, (text, seal) => (ContentPart)new ReasoningPart(text, seal) { Vendor = Sommelier.Wire.Seals.Anthropic }),
        Words.Select(data => (ContentPart)new ReasoningPart("", Redacted: data) { Vendor = Sommelier.Wire.Seals.Anthropic }),
        Gen.Select(Gen.Int[0, 9], Words, (id, value) => (ContentPart)new ToolCallPart($"t{id}", "f", $"{{\"v\":{JsonSerializer.Serialize(value)}}}")));

    [Fact]
    public void An_answer_reads_as_it_was_written() => Gen.Select(Part.List[0, 5], Gen.Int[0, 3], Gen.Int[0, 99]).Sample((parts, kind, tokens) =>
    {
        var answer = new ChatResponse
        {
            Id = "msg_1",
            ResponseModel = "m",
            Parts = parts,
            FinishReason = new((FinishReasonKind)kind, new[] { "end_turn", "max_tokens", "tool_use", "refusal" }[kind]),
            Usage = new() { InputTokens = tokens * 3, CacheReadInputTokens = tokens, CacheCreationInputTokens = tokens, OutputTokens = 7, ReasoningOutputTokens = tokens % 8 },
        };

        var again = Wire.ReadAnswer(Wire.WriteAnswer(answer));

        Assert.Equal(answer.Parts, again.Parts);
        Assert.Equal(answer with { Parts = again.Parts, MoreChoices = again.MoreChoices }, again);
    });

    [Fact]
    public void A_stream_reads_as_it_was_written() => Part.List[1, 5].Sample(parts =>
    {
        var deltas = new List<ChatDelta> { new StartDelta("msg_1", "m"), new UsageDelta(default) };
        for (var i = 0; i < parts.Count; i++)
        {
            switch (parts[i])
            {
                case TextPart text:
                    deltas.Add(new TextDelta(i, text.Text));
                    break;
                case ReasoningPart { Redacted: null } thinking:
                    deltas.Add(new ReasoningDelta(i, thinking.Text));
                    deltas.Add(new ReasoningDelta(i, "", thinking.Signature) { Vendor = thinking.Vendor });
                    break;
                case ReasoningPart thinking:
                    deltas.Add(new ReasoningDelta(i, "", Redacted: thinking.Redacted) { Vendor = thinking.Vendor });
                    break;
                case ToolCallPart call:
                    deltas.Add(new ToolCallStartDelta(i, call.Id, call.Name));
                    deltas.Add(new ToolCallArgumentsDelta(i, call.Arguments));
                    break;
            }

            deltas.Add(new PartEndDelta(i));
        }

        deltas.AddRange([new FinishDelta(new(FinishReasonKind.Stop, "end_turn")), new UsageDelta(default), EndDelta.Instance]);

        Assert.Equal(deltas, Wire.Decode(Wire.Utf8(Wire.Encode(deltas))));
    });

    [Fact]
    public void A_request_reads_as_it_was_written() => Gen.Select(Part.List[1, 4], Words, Gen.Int[1, 8_000], Gen.Bool).Sample((parts, words, limit, stream) =>
    {
        // Ids are made unique: the same call twice is not a conversation.
        var said = parts.Select((part, i) => part is ToolCallPart call ? call with { Id = $"t{i}" } : part).ToList();
        var messages = new List<Message> { new(Role.User, [new TextPart(words)]), new(Role.Assistant, said) };
        var answers = said.OfType<ToolCallPart>().Select(call => (ContentPart)new ToolCallResponsePart(call.Id, [new TextPart(words)])).ToList();
        if (answers.Count > 0)
        {
            messages.Add(new(Role.Tool, answers));
        }

        messages.Add(new(Role.User, [new TextPart("and"), new BlobPart("image/png", "AAAA")]));
        var request = new ChatRequest
        {
            OriginalModel = "claude-opus-5-5",
            Format = "anthropic-messages",
            SystemInstructions = [new TextPart(words)],
            Messages = messages,
            MaxOutputTokens = limit,
            Stream = stream,
            StreamUsage = stream,
        };

        var again = Wire.Read(Wire.Write(request));

        Assert.Equal(request.SystemInstructions, again.SystemInstructions);
        Assert.Equal((limit, stream), (again.MaxOutputTokens, again.Stream));
        Assert.Equal(messages.Select(message => message.Role), again.Messages.Select(message => message.Role));
        Assert.Equal(Flat(messages), Flat(again.Messages));

        static IEnumerable<object> Flat(IEnumerable<Message> all) => all.SelectMany(message => message.Parts)
            .SelectMany(part => part is ToolCallResponsePart result ? [result.Id, .. result.Parts] : new object[] { part });
    });

    [Fact]
    public void Half_a_surrogate_pair_breaks_nothing()
    {
        var encoded = Wire.Encode([new TextDelta(0, "a\ud83d"), EndDelta.Instance]);

        Assert.Contains("a\ufffd", string.Concat(Wire.Decode(Wire.Utf8(encoded)).OfType<TextDelta>().Select(delta => delta.Text)), StringComparison.Ordinal);
        Assert.Equal("a\ud83d", Assert.IsType<TextPart>(Wire.ReadAnswer("""{"content":[{"type":"text","text":"a\ud83d"}],"stop_reason":"end_turn"}""").Parts[0]).Text);
    }
}
