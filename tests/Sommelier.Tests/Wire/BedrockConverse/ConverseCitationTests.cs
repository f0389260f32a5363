using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.BedrockConverse;

/// <summary>Texts with their sources: what they say must reach everybody.</summary>
public sealed class ConverseCitationTests
{
    private const string Web = """{"citationsContent":{"content":[{"text":"It is "},{"text":"red."}],"citations":[{"title":"T","sourceContent":[{"text":"red"}],"location":{"web":{"url":"https://a.example","domain":"a.example"}}}]}}""";
    private const string Document = """{"citationsContent":{"content":[{"text":"It is red."}],"citations":[{"title":"D","location":{"documentPage":{"documentIndex":0,"start":1,"end":2}}}]}}""";

    [Theory]
    [InlineData(Web, """[{"type":"url_citation","url_citation":{"start_index":0,"end_index":10,"url":"https://a.example","title":"T"}}]""", "")]
    [InlineData(Document, null, "dropped")]
    public void An_answers_cited_text_reaches_callers_of_other_dialects(string block, string? annotations, string told)
    {
        var answer = Converse.Format.Responses.Read(Converse.Utf8($$"""{"output":{"message":{"role":"assistant","content":[{{block}}]} },"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3} }"""), WireQuirks.Default);
        using var output = new PooledBuffer();
        var warnings = new List<Warning>();
        WireFormats.Get("openai-chat").Responses.Write(answer, Converse.Context, output, warnings);
        var message = JsonNode.Parse(output.Span)!["choices"]![0]!["message"]!;

        Assert.Equal("It is red.", (string?)message["content"]);
        Assert.True(JsonNode.DeepEquals(annotations is null ? null : JsonNode.Parse(annotations), message["annotations"]), message.ToJsonString());
        Assert.Equal(told, string.Join(',', warnings.Select(warning => warning.Code)));
    }

    [Theory]
    [InlineData(Web)]
    [InlineData(Document)]
    public void An_answer_that_is_written_anew_in_its_own_dialect_keeps_the_citations(string block)
    {
        var answer = Converse.Format.Responses.Read(Converse.Utf8($$"""{"output":{"message":{"role":"assistant","content":[{{block}}]} },"stopReason":"end_turn"}"""), WireQuirks.Default);
        using var output = new PooledBuffer();
        var warnings = new List<Warning>();
        Converse.Format.Responses.Write(answer, Converse.Context, output, warnings);
        var written = JsonNode.Parse(output.Span)!["output"]!["message"]!["content"]![0]!["citationsContent"]!;

        Assert.Equal("It is red.", (string?)written["content"]![0]!["text"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(block)!["citationsContent"]!["citations"], written["citations"]));
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_turn_of_the_conversation_that_is_made_of_one_is_not_lost()
    {
        var request = Converse.Read($$"""{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{{Document}}]},{"role":"user","content":[{"text":"so?"}]}]}""");
        var warnings = new List<Warning>();
        var target = WireFormats.Get("openai-chat");
        using var output = new PooledBuffer();
        target.Requests.Write(PlainWords.In(request, target, warnings), Converse.Claude, output, warnings);
        var messages = JsonNode.Parse(output.Span)!["messages"]!.AsArray();

        Assert.Equal(["q", "It is red.", "so?"], messages.Select(message => (string?)message!["content"]));
        Assert.Contains(warnings, warning => warning.Code == "dropped" && warning.Field.EndsWith(".citations", StringComparison.Ordinal));
    }
}
