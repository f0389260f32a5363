using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIChat;
using Sommelier.Wire;
using Sommelier.Wire.LangGraph;

namespace Sommelier.Tests.Wire.LangGraph;

/// <summary>Graphs that write their answer anew after it was streamed, or end with something else than a model's words.</summary>
public sealed class LangGraphRewriteTests
{
    private const string End = "event: end\ndata: null\n\n";
    private const string Asked = """{"type":"human","content":"?"}""";
    private const string Called = """{"type":"ai","id":"a0","content":"","tool_calls":[{"name":"t","args":{},"id":"c1"}],"response_metadata":{"model_name":"x"}}""";
    private const string Tool = """{"type":"tool","id":"t1","content":"42","tool_call_id":"c1"}""";

    private static readonly IWireFormat Format = LangGraphFormat.Instance;

    public static TheoryData<string, string> TakenBack => new()
    {
        // The same message with another text; one that is removed, with another in its place, and with none.
        { State(Ai("s1", "[redacted]")), "[redacted]" },
        { State(Ai("s1", "secret")) + State(Ai("s2", "[redacted]")), "[redacted]" },
        { State(Ai("s1", "secret")) + State(), "" },

        // A vendor's final message goes by another id than its pieces, and is then written anew.
        { State(Ai("msg_1", "secret")) + State(Ai("msg_1", "[redacted]")), "[redacted]" },
    };

    [Theory]
    [MemberData(nameof(TakenBack))]
    public void What_a_graph_takes_back_is_told(string states, string instead)
    {
        var stream = LangGraphReplies.Piece("s1", "sec") + LangGraphReplies.Piece("s1", "ret") + states + End;

        var (steps, ended) = Upstreams.Decode(Format, stream);

        var at = steps.FindIndex(step => step is WithdrawnDelta { Filtered: false });
        Assert.True(at > 0 && ended);
        Assert.Equal("secret", Transcript.Of(steps.Take(at)).Text);
        Assert.Equal(instead, Transcript.Of(steps.Skip(at)).Text);
        Upstreams.AssertSameAtEveryCut(Format, stream);
    }

    public static TheoryData<string, string> Kept => new()
    {
        // The rest of a message is sent, and white space at its ends is no other text.
        { State(Ai("s1", "secret garden")), "secret garden" },
        { State(Ai("s1", " secret\\n")), "secret" },

        // A step that was never the answer may be cleared away; so may an earlier one of the conversation.
        { State(Ai("old", "before"), Ai("s1", "secret")) + State(Ai("s1", "secret")), "secret" },
        { State(Calling("s1", "secret")) + State(Ai("s2", "done")), "secret\n\ndone" },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_it_adds_or_clears_away_is_not(string states, string expected)
    {
        var (steps, _) = Upstreams.Decode(Format, LangGraphReplies.Piece("s1", "secret") + states + End);

        Assert.DoesNotContain(steps, step => step is WithdrawnDelta);
        Assert.Equal((expected, FinishReasonKind.Stop), (Transcript.Of(steps).Text, Transcript.Of(steps).Finish));
    }

    [Fact]
    public void A_tools_answer_with_which_the_graph_ends_is_the_answer()
    {
        var state = $$"""{"messages":[{{Asked}},{{Called}},{{Tool}}]}""";
        var stream = LangGraphReplies.Piece("a0", "Look:") + $"event: values\ndata: {state.Replace("\"content\":\"\"", "\"content\":\"Look:\"", StringComparison.Ordinal)}\n\n";

        var answer = Upstreams.Read(Format, state);
        Assert.Equal(("42", FinishReasonKind.Stop), (Transcript.Of(answer).Text, answer.FinishReason.Kind));

        var streamed = Transcript.Of(Upstreams.Decode(Format, stream + End).Steps);
        Assert.Equal(("Look:\n\n42", "", FinishReasonKind.Stop, true), (streamed.Text, streamed.Calls, streamed.Finish, streamed.Ended));

        // Without the end it may as well be the middle of the run.
        Assert.False(Upstreams.Decode(Format, stream).Ended);
    }

    [Theory]
    [InlineData("lookup", "c2")]
    [InlineData("lookup", null)]
    public void A_call_without_an_answer_is_the_callers_whatever_was_answered_beside_it(string name, string? id)
    {
        var given = id is null ? "null" : $"\"{id}\"";
        var called = $$$"""{"type":"ai","id":"a0","content":"Asking.","tool_calls":[{"name":"ask_user","args":{"q":1},"id":"c1"},{"name":"{{{name}}}","args":{},"id":{{{given}}}}],"response_metadata":{"finish_reason":"tool_calls"}}""";
        var state = $$$"""{"messages":[{{{Asked}}},{{{called}}},{"type":"tool","content":"Rlookup","tool_call_id":{{{given}}}}]}""";
        var expected = ("Asking.", "c1 ask_user {\"q\":1}", FinishReasonKind.ToolCalls);

        var answer = Upstreams.Read(Format, state);
        var whole = Transcript.Of(answer);
        Assert.Equal(expected, (whole.Text, whole.Calls, answer.FinishReason.Kind));
        Assert.Equal(["tool"], answer.Parts.OfType<OpaquePart>().Select(part => part.Type));

        foreach (var heard in new[] { "", LangGraphReplies.Piece("a0", "Ask") })
        {
            var (steps, ended) = Upstreams.Decode(Format, heard + $"event: values\ndata: {state}\n\n" + End);
            var streamed = Transcript.Of(steps);
            Assert.Equal((expected, true), ((streamed.Text, streamed.Calls, streamed.Finish!.Value), ended));
            Assert.Equal(["tool"], steps.OfType<OpaqueDelta>().Select(step => step.Type));
        }
    }

    [Fact]
    public void A_result_that_the_caller_sent_is_no_answer_of_the_graphs() =>
        Assert.Equal(UpstreamFailureKind.EmptyAnswer, Upstreams.Failure(Format, $$$"""{"messages":[{{{Asked}}},{"type":"ai","id":"6c1f5b4e-2a0b-4a4f-9f51-0d6f3f9a7e11","content":"","tool_calls":[{"name":"t","args":{},"id":"c1"}],"response_metadata":{}},{{{Tool}}}]}""").Kind);

    [Theory]
    [InlineData("""[{"type":"text","text":"see","annotations":[{"type":"citation","url":"https://a.example","title":"A","cited_text":"x","start_index":0,"end_index":3}]}]""")]
    [InlineData("""[{"type":"text","text":"see","annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A","content":"x","start_index":0,"end_index":3}}]}]""")]
    [InlineData("""[{"type":"text","text":"see","citations":[{"type":"web_search_result_location","url":"https://a.example","title":"A","cited_text":"x","start_index":0,"end_index":3}]}]""")]
    public void Sources_of_a_text_are_citations(string content)
    {
        var page = new Citation("https://a.example", "A", "x", 0, 3);
        var message = $$"""{"type":"ai","id":"s2","content":{{content}}}""";

        var text = Assert.IsType<TextPart>(Assert.Single(Upstreams.Read(Format, $$"""{"messages":[{{Asked}},{{message}}]}""").Parts));
        Assert.Equal([page], text.Citations);

        // Behind another step's words the place in the part is another.
        var (steps, _) = Upstreams.Decode(Format, LangGraphReplies.Piece("s1", "Look:") + State(message) + End);
        Assert.Equal(page with { Start = 2, End = 5 }, Assert.Single(steps.OfType<CitationDelta>()).Citation);

        // Told by the whole message alone, while its text was streamed.
        (steps, _) = Upstreams.Decode(Format, LangGraphReplies.Piece("s2", "see") + State(message) + End);
        Assert.Equal(page, Assert.Single(steps.OfType<CitationDelta>()).Citation);
        Assert.Equal("see", Transcript.Of(steps).Text);
    }

    [Fact]
    public void Sources_that_are_no_pages_are_named_as_lost()
    {
        var parts = Upstreams.Read(Format, $$$"""{"messages":[{{{Asked}}},{"type":"ai","id":"s","content":[{"type":"text","text":"see","annotations":[{"type":"non_standard_annotation","value":{"file":"f"}}]}]}]}""").Parts;

        Assert.Equal(["see", "annotations"], parts.Select(part => part is TextPart text ? text.Text : ((OpaquePart)part).Type));
    }

    private static string State(params string[] messages) => $"event: values\ndata: {{\"messages\":[{string.Join(',', [Asked, .. messages])}]}}\n\n";

    private static string Ai(string id, string text) => $$"""{"type":"ai","id":"{{id}}","content":"{{text}}","tool_calls":[]}""";

    private static string Calling(string id, string text) => $$"""{"type":"ai","id":"{{id}}","content":"{{text}}","tool_calls":[{"name":"t","args":{},"id":"c1"}]}""";
}
