using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>What becomes of each thing that a model may answer with, in each caller's dialect, whole and streamed.</summary>
public sealed class AnswerFidelityTests
{
    private static readonly ReplyContext Context = new() { FallbackId = "reply1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    public static TheoryData<string, string, bool> Cases =>
        new(from target in Target.All from feature in AnswerFeature.All from streamed in (bool[])[false, true] select (target.Format, feature.Name, streamed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_that_a_model_answers_is_lost_silently(string format, string feature, bool streamed) =>
        Assert.NotEqual("LOST", Outcome(Target.All.Single(target => target.Format == format), AnswerFeature.All.Single(said => said.Name == feature), streamed).Word);

    /// <summary>One word, and the reason where it is not <c>kept</c>.</summary>
    internal static (string Word, string Reason) Outcome(Target dialect, AnswerFeature feature, bool streamed)
    {
        var answer = feature.Make(dialect.Wire.SealVendor);
        var warnings = new List<Warning>();
        var back = streamed ? Stream(dialect.Wire, answer, warnings) : Whole(dialect.Wire, answer, warnings);
        if (feature.Probe(back) == feature.Probe(answer))
        {
            return ("kept", "");
        }

        return warnings.Count > 0 ? (warnings[0].Code, warnings[0].Detail) : Unsayable(dialect.Format, feature.Name) ?? ("LOST", $"'{feature.Probe(answer)}' became '{feature.Probe(back)}'");
    }

    private static ChatResponse Whole(IWireFormat wire, ChatResponse answer, List<Warning> warnings)
    {
        var output = new ArrayBufferWriter<byte>();
        wire.Responses.Write(answer, Context, output, warnings);
        return wire.Responses.Read(output.WrittenSpan, WireQuirks.Default);
    }

    private static ChatResponse Stream(IWireFormat wire, ChatResponse answer, List<Warning> warnings)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = wire.Streams.CreateEncoder(Context);
        foreach (var step in ResponseSteps.Of(answer))
        {
            encoder.Write(step, output);
        }

        warnings.AddRange(encoder.Warnings);
        using var decoder = wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(output.WrittenSpan, steps);
        decoder.Complete(steps);
        Assert.True(decoder.Ended, "What we stream ends with the format's end mark.");
        var collector = new StepCollector();
        steps.ForEach(collector.Add);
        return collector.Answer()!;
    }

    // Counts and words that a dialect has no place for are no loss of the answer: they are in the record, so no warning is given.
    private static (string Word, string Reason)? Unsayable(string format, string feature) => (format, feature) switch
    {
        ("openai-responses" or "anthropic-messages" or "bedrock-converse" or "ollama", "counts of audio") => ("not said", "the dialect has no place for it; the decision record has it"),
        ("anthropic-messages" or "bedrock-converse", "counts of thinking") => ("not said", "the dialect has no place for it; the decision record has it"),
        ("bedrock-converse", "the model's own name") => ("not said", "the dialect has no place for it; the header x-sommelier-model has it"),
        ("ollama", "counts of the cache" or "counts of thinking") => ("not said", "the dialect has no place for it; the decision record has it"),
        ("ollama", "stop by a filter") => ("not said", "the dialect has no word for it; the decision record has it"),
        ("ollama" or "gemini", "ids of tool calls") => ("not said", "the dialect's calls have no ids; they are matched by order and name"),
        _ => null,
    };
}
