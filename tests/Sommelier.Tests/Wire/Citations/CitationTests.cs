using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIResponses;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Citations;

/// <summary>The pages that an answer rests on, from each vendor's way of naming them to each dialect's, whole and streamed.</summary>
public sealed class CitationTests
{
    // "It rains 🙂 in Séoul." with " in Séoul" cited: the emoji is two characters and four bytes, the é one and two.
    private const string Said = "It rains 🙂 in Séoul.";
    private const string Cited = "in Séoul";

    private static readonly Dictionary<string, string> Whole = new()
    {
        ["openai-chat"] = $$$"""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"{{{Said}}}","annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/","title":"A","start_index":12,"end_index":20}}]}}]}""",
        ["openai-responses"] = $$$"""{"id":"resp_1","model":"m","status":"completed","output":[{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}},{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{{{Said}}}","annotations":[{"type":"url_citation","url":"https://a.example/","title":"A","start_index":12,"end_index":20}],"logprobs":[]}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}""",
        ["anthropic-messages"] = """{"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"end_turn","content":[{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},{"type":"text","text":"It rains 🙂 "},{"type":"text","text":"in Séoul","citations":[{"type":"web_search_result_location","url":"https://a.example/","title":"A","cited_text":"Rain","encrypted_index":"E"}]},{"type":"text","text":"."}],"usage":{"input_tokens":1,"output_tokens":1}}""",
        ["gemini"] = $$$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"{{{Said}}}"}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://b.example/","title":"B"}},{"web":{"uri":"https://a.example/","title":"A"}}],"groundingSupports":[{"segment":{"startIndex":14,"endIndex":23,"text":"{{{Cited}}}"},"groundingChunkIndices":[1]}]}}],"responseId":"r","modelVersion":"m"}""",
    };

    private static readonly Dictionary<string, string> Streams = new()
    {
        ["openai-chat"] = Events(
            """{"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"It rains 🙂 in "}}]}""",
            """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Séoul."}}]}""",
            """{"id":"c","model":"m","choices":[{"index":0,"delta":{"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/","title":"A","start_index":12,"end_index":20}}]}}]}""",
            """{"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            "[DONE]"),
        ["openai-responses"] = Events(
            """{"type":"response.created","response":{"id":"resp_1","model":"m","status":"in_progress","output":[]}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","content":[]}}""",
            $$$"""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"{{{Said}}}"}""",
            """{"type":"response.output_text.annotation.added","output_index":0,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://a.example/","title":"A","start_index":12,"end_index":20}}""",
            $$$"""{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"{{{Said}}}"}""",
            """{"type":"response.completed","response":{"id":"resp_1","model":"m","status":"completed","output":[],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}}"""),
        ["anthropic-messages"] = Events(
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"It rains 🙂 "}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":[]}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"https://a.example/","title":"A","cited_text":"Rain","encrypted_index":"E"}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"in Séoul"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"."}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}""",
            """{"type":"message_stop"}"""),
        ["gemini"] = Events(
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"It rains 🙂 in "}]}}],"responseId":"r","modelVersion":"m"}""",
            $$$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"Séoul."}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a.example/","title":"A"}}],"groundingSupports":[{"segment":{"startIndex":14,"endIndex":23,"text":"{{{Cited}}}"},"groundingChunkIndices":[0]}]}}],"responseId":"r","modelVersion":"m"}"""),
    };

    public static TheoryData<string, string, bool> Pairs =>
        new(from vendor in Whole.Keys from caller in (string[])["openai-chat", "openai-responses", "gemini"] from streamed in (bool[])[false, true] select (vendor, caller, streamed));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_page_and_the_words_that_rest_on_it_reach_the_caller(string vendor, string caller, bool streamed)
    {
        var back = Read(caller, streamed, Write(caller, Read(vendor, streamed, streamed ? Streams[vendor] : Whole[vendor]), streamed, out _));

        var said = string.Concat(back.Parts.OfType<TextPart>().Select(part => part.Text));
        Assert.Equal(Said, said);
        var text = back.Parts.OfType<TextPart>().Single(part => part.Citations.Count > 0);
        var citation = Assert.Single(text.Citations);
        Assert.Equal(("https://a.example/", "A"), (citation.Url, citation.Title));
        if (caller == "gemini" && streamed && vendor is not ("gemini" or "anthropic-messages"))
        {
            // Bytes cannot be counted in a text that is not kept.
            Assert.Null(citation.Start);
            return;
        }

        Assert.Equal(Cited, text.Text[(citation.Start ?? 0)..(citation.End ?? text.Text.Length)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Anthropics_own_keep_their_seal_in_its_dialect(bool streamed)
    {
        var written = Write("anthropic-messages", Read("anthropic-messages", streamed, streamed ? Streams["anthropic-messages"] : Whole["anthropic-messages"]), streamed, out var warnings);

        Assert.Equal("", warnings);
        Assert.Contains("""{"type":"web_search_result_location","url":"https://a.example/","title":"A","cited_text":"Rain","encrypted_index":"E"}""", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anthropic-messages", false)]
    [InlineData("anthropic-messages", true)]
    [InlineData("bedrock-converse", false)]
    [InlineData("bedrock-converse", true)]
    [InlineData("ollama", false)]
    [InlineData("ollama", true)]
    public void Dialects_without_a_place_for_them_say_so(string caller, bool streamed)
    {
        Write(caller, Read("openai-chat", streamed, streamed ? Streams["openai-chat"] : Whole["openai-chat"]), streamed, out var warnings);

        Assert.Equal("dropped citations", warnings);
    }

    [Theory]
    [InlineData("openai-responses", "web_search_call")]
    [InlineData("anthropic-messages", "web_search_tool_result")]
    public void The_searches_themselves_are_dropped_by_name(string vendor, string type)
    {
        Write("openai-chat", Read(vendor, streamed: false, Whole[vendor]), streamed: false, out var warnings);

        Assert.Contains(type, warnings, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_of_another_kind_stay_their_own_formats()
    {
        const string File = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x","annotations":[{"type":"file_citation","file_citation":{"file_id":"f"}}]}}]}""";
        var answer = Read("openai-chat", streamed: false, File);

        Assert.Contains("file_citation", Write("openai-chat", answer, streamed: false, out var none), StringComparison.Ordinal);
        Assert.Equal("", none);
        Write("gemini", answer, streamed: false, out var warnings);
        Assert.Equal("dropped message.annotations", warnings);
    }

    private static ChatResponse Read(string format, bool streamed, string text)
    {
        var wire = WireFormats.Get(format);
        if (!streamed)
        {
            return wire.Responses.Read(Encoding.UTF8.GetBytes(text), WireQuirks.Default);
        }

        using var decoder = wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(Encoding.UTF8.GetBytes(text), steps);
        decoder.Complete(steps);
        Assert.True(decoder.Ended);
        var collector = new StepCollector();
        steps.ForEach(collector.Add);
        return collector.Answer()!;
    }

    private static string Write(string format, ChatResponse answer, bool streamed, out string told)
    {
        var wire = WireFormats.Get(format);
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        if (streamed)
        {
            var encoder = wire.Streams.CreateEncoder(ResponsesWire.Reply);
            foreach (var step in ResponseSteps.Of(answer))
            {
                encoder.Write(step, output);
            }

            warnings.AddRange(encoder.Warnings);
        }
        else
        {
            wire.Responses.Write(answer, ResponsesWire.Reply, output, warnings);
        }

        told = string.Join(", ", warnings.Select(warning => $"{warning.Code} {warning.Field} {(warning.Detail.StartsWith('\'') ? warning.Detail : "")}".Trim()));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Events(params string[] data) => string.Concat(data.Select(each => $"data: {each}\n\n"));
}
