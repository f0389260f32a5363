using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;
using Sommelier.Wire.Gemini;

namespace Sommelier.Tests.Wire.Gemini;

/// <summary>What a stream says beside its first candidate's parts reaches no other format, and is told.</summary>
public sealed class GeminiCandidateTests
{
    [Fact]
    public void Another_candidate_is_not_mixed_into_the_answer()
    {
        var (answer, warnings) = Read(
            """{"candidates":[{"content":{"parts":[{"text":"One "}],"role":"model"},"index":0}],"responseId":"r-1"}""",
            """{"candidates":[{"content":{"parts":[{"text":"Other "}],"role":"model"},"index":1}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"more"}],"role":"model"},"finishReason":"MAX_TOKENS","index":1},{"content":{"parts":[{"text":"two"}],"role":"model"},"finishReason":"STOP","index":0}]}""");

        Assert.Equal("One two", string.Concat(answer.Parts.OfType<TextPart>().Select(part => part.Text)));
        Assert.Equal(FinishReasonKind.Stop, answer.FinishReason.Kind);
        Assert.Equal(["candidates[1]"], warnings);
    }

    [Fact]
    public void What_no_other_format_has_is_told_once()
    {
        const string Chunk = """{"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"finishReason":"STOP","index":0,"safetyRatings":[]}]}""";

        var (_, warnings) = Read(Chunk, Chunk);

        Assert.Equal(["candidate.safetyRatings"], warnings);
    }

    [Theory]
    [InlineData("responseSchema")]
    [InlineData("responseJsonSchema")]
    [InlineData("response_json_schema")]
    public void Words_to_choose_from_are_kept_as_they_came(string name)
    {
        var body = $$$$"""{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"responseMimeType":"text/x.enum","{{{{name}}}}":{"type":"STRING","enum":["a"]}}}""";

        var request = GeminiFormat.Instance.Requests.Read(Encoding.UTF8.GetBytes(body), new CallPath("m-1"));

        Assert.Contains(request.Extra!.Fields, field => field.Value == """{"type":"STRING","enum":["a"]}""");
        Assert.Null(request.ResponseFormat);
    }

    private static (ChatResponse Answer, IEnumerable<string> Lost) Read(params string[] chunks)
    {
        using var decoder = GeminiFormat.Instance.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        foreach (var chunk in chunks)
        {
            decoder.Decode(Encoding.UTF8.GetBytes($"data: {chunk}\n\n"), steps);
        }

        decoder.Complete(steps);
        var collector = new StepCollector();
        var encoder = WireFormats.Get("openai-chat").Streams.CreateEncoder(new ReplyContext { FallbackId = "reply1", Model = "m-1", Created = DateTimeOffset.UnixEpoch });
        var output = new ArrayBufferWriter<byte>();
        foreach (var step in steps)
        {
            collector.Add(step);
            encoder.Write(step, output);
        }

        return (collector.Answer()!, encoder.Warnings.Select(warning => warning.Field));
    }
}
