using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIChat;
using Sommelier.Wire;
using Sommelier.Wire.Dify;

namespace Sommelier.Tests.Wire.Dify;

/// <summary>What an app answers beside its text: files, sources, further outputs, another text.</summary>
public sealed class DifyContentTests
{
    private const string End = """{"event":"message_end","message_id":"m","metadata":{"usage":{"prompt_tokens":1,"completion_tokens":1}}}""";
    private const string Knowledge = """[{"position":1,"dataset_name":"d","document_name":"doc.pdf","content":"quoted","score":0.9}]""";
    private const string Web = """[{"position":1,"document_name":"A","content":"quoted","doc_metadata":{"url":"https://a.example/"}}]""";

    private static readonly IWireFormat Format = DifyFormat.Instance;

    [Fact]
    public void Files_are_linked_in_the_text()
    {
        var steps = Decode(
            """{"event":"agent_message","message_id":"m","answer":"Here"}""",
            """{"event":"message_file","id":"f","type":"image","belongs_to":"user","url":"https://x.example/mine.png"}""",
            """{"event":"message_file","id":"f","type":"image","belongs_to":"assistant","url":"https://x.example/i(1).png?sign=1"}""",
            """{"event":"agent_message","message_id":"m","answer":"and there"}""",
            """{"event":"message_end","files":[{"filename":"a].csv","type":"document","url":"https://x.example/a.csv"},{"type":"image","url":"https://x.example/i(1).png?sign=2"}]}""");

        Assert.Equal("Here\n\n![image](https://x.example/i%281%29.png?sign=1)\n\nand there\n\n[a\\].csv](https://x.example/a.csv)", Transcript.Of(steps).Text);
        Assert.Empty(Lost(steps));
    }

    [Fact]
    public void A_file_alone_is_an_answer()
    {
        Assert.Equal(("![image](https://x.example/i.png)", FinishReasonKind.Stop), Said(Decode("""{"event":"message_file","type":"image","belongs_to":"assistant","url":"https://x.example/i.png"}""", End)));

        var steps = Decode("""{"event":"message_file","type":"image","belongs_to":"assistant","url":"/files/i.png"}""", End);
        Assert.Equal(["message_file"], Lost(steps));
        Assert.Equal(("", FinishReasonKind.Stop), Said(steps));
    }

    [Fact]
    public void Sources_from_the_web_are_cited_and_others_named_as_lost()
    {
        var page = new Citation("https://a.example/", "A", "quoted");
        var steps = Decode("""{"event":"message","message_id":"m","answer":"Hi"}""", End.Replace("{\"usage\"", $"{{\"retriever_resources\":{Web},\"usage\"", StringComparison.Ordinal));
        Assert.Equal((0, page), (steps.OfType<CitationDelta>().Single().Index, steps.OfType<CitationDelta>().Single().Citation));
        Assert.Empty(Lost(steps));

        Assert.Equal(["retriever_resources"], Lost(Decode("""{"event":"message","message_id":"m","answer":"Hi"}""", End.Replace("{\"usage\"", $"{{\"retriever_resources\":{Knowledge},\"usage\"", StringComparison.Ordinal))));

        var whole = Upstreams.Read(Format, $$$"""{"message_id":"m","answer":"Hi","metadata":{"retriever_resources":{{{Web}}}}}""");
        Assert.Equal([page], Assert.IsType<TextPart>(Assert.Single(whole.Parts)).Citations);
        whole = Upstreams.Read(Format, $$$"""{"message_id":"m","answer":"Hi","metadata":{"retriever_resources":{{{Knowledge}}}}}""");
        Assert.Equal("retriever_resources", Assert.IsType<OpaquePart>(whole.Parts[1]).Type);
    }

    [Theory]
    [InlineData("""{"text":"out","score":3,"none":null,"list":[],"same":"out"}""", "out", "outputs.score")]
    [InlineData("""{"text":"out","image":[{"dify_model_identity":"__dify__file__","type":"image","url":"https://x.example/i.png"}]}""", "out\n\n![image](https://x.example/i.png)", "")]
    [InlineData("""{"summary":"out","score":3}""", """{"summary":"out","score":3}""", "")]
    public void Further_outputs_of_a_workflow_are_linked_or_named_as_lost(string outputs, string text, string lost)
    {
        var whole = Upstreams.Read(Format, $$$"""{"workflow_run_id":"w","data":{"status":"succeeded","outputs":{{{outputs}}}}}""");
        Assert.Equal((text, lost), (Transcript.Of(whole).Text, string.Join(' ', whole.Parts.OfType<OpaquePart>().Select(part => part.Type))));

        var steps = Decode(Finished(outputs));
        Assert.Equal((text, lost), (Transcript.Of(steps).Text, string.Join(' ', Lost(steps))));
    }

    [Theory]
    [InlineData("""{"text":"partial"}""", "partial", "", false)]
    [InlineData("""{"text":"par"}""", "par", "", false)]
    [InlineData("""{"text":"par","score":1}""", "par", "outputs.score", false)]
    [InlineData("""{"title":"pa","body":"r"}""", "par", "", false)]
    [InlineData("""{"title":"other","body":"r"}""", "par", "outputs.title", false)]
    [InlineData("""{"text":"out"}""", "parout", "", true)]
    public void Outputs_that_come_after_the_stream_are_held_against_it(string outputs, string text, string lost, bool withdrawn)
    {
        var steps = Decode("""{"event":"text_chunk","workflow_run_id":"w","data":{"text":"pa"}}""", """{"event":"text_chunk","workflow_run_id":"w","data":{"text":"r"}}""", Finished(outputs));

        Assert.Equal((text, lost, withdrawn), (Transcript.Of(steps).Text, string.Join(' ', Lost(steps)), steps.Any(step => step is WithdrawnDelta { Filtered: false })));
    }

    [Theory]
    [InlineData("<think>\\nhm\\n</think>\\n\\nPara one.\\n\\n\\nPara two.\\n", """{"text":"Para one.\n\nPara two."}""", "", "", false)]
    [InlineData("a\\r\\nb", """{"text":"a\nb","same":"a b"}""", "", "outputs.same", false)]
    [InlineData("<THINK>a < b</THINK>\\n\\n\\nOne", """{"text":"One \n\n<think>two</think> three"}""", " \n\n<think>two</think> three", "", false)]
    [InlineData("<think>hm</think>", """{"text":"One"}""", "One", "", false)]
    [InlineData("<think>hm</think>One", """{"text":"One","thoughts":"<think>hm</think>","others":"<think>no</think>"}""", "", "outputs.others", false)]
    [InlineData("<think>hm</think>One", """{"text":"Two"}""", "Two", "", true)]
    [InlineData("I <think>so", """{"text":"I"}""", "", "", false)]

    // What was streamed is another output, or several.
    [InlineData("SUMMARY", """{"text":"short","summary":"SUMMARY"}""", "", "outputs.text", false)]
    [InlineData("SUM\\nMARY", """{"text":"short","summary":"SUM","more":"MARY"}""", "", "outputs.text", false)]
    [InlineData("SUM", """{"text":"short","summary":"The SUM"}""", "", "outputs.text outputs.summary", false)]
    [InlineData("SUMMARY", """{"text":"short","summary":"SUM"}""", "short", "outputs.summary", true)]
    public void Only_another_text_is_taken_for_a_withdrawal(string chunk, string outputs, string more, string lost, bool withdrawn)
    {
        var steps = Decode($$$"""{"event":"text_chunk","workflow_run_id":"w","data":{"text":"{{{chunk}}}"}}""", Finished(outputs));
        var streamed = System.Text.RegularExpressions.Regex.Unescape(chunk);

        Assert.Equal((streamed + more, lost, withdrawn), (Transcript.Of(steps).Text, string.Join(' ', Lost(steps)), steps.Any(step => step is WithdrawnDelta { Filtered: false })));
    }

    [Fact]
    public void What_moderation_swaps_is_told_as_taken_back_by_a_filter()
    {
        var steps = Decode("""{"event":"message","message_id":"m","answer":"Ba"}""", """{"event":"message_replace","message_id":"m","answer":"No."}""", End);

        Assert.Single(steps, step => step is WithdrawnDelta { Filtered: true });
        Assert.Equal("No.", Transcript.Of(steps).Refusal);
    }

    [Fact]
    public void The_conversation_and_the_task_are_known()
    {
        using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode("data: {\"event\":\"message\",\"task_id\":\"t-1\",\"message_id\":\"m\",\"conversation_id\":\"c-1\",\"answer\":\"Hi\"}\n\n"u8, steps);

        Assert.Equal(("c-1", "t-1"), (Assert.IsType<StartDelta>(steps[0]).Conversation, decoder.RunningTask));

        decoder.Decode(System.Text.Encoding.UTF8.GetBytes($"data: {End}\n\n"), steps);
        Assert.Null(decoder.RunningTask);
        Assert.Equal("c-2", Upstreams.Read(Format, """{"message_id":"m","conversation_id":"c-2","answer":"Hi"}""").Conversation);
    }

    [Fact]
    public void A_workflows_tokens_are_counted_exactly_by_its_nodes_and_else_by_its_total()
    {
        const string Node = """{"event":"node_finished","data":{"node_type":"llm","process_data":{"usage":{"prompt_tokens":200,"completion_tokens":100}}}}""";
        var finished = """{"event":"workflow_finished","data":{"status":"succeeded","outputs":{"text":"12345678"},"total_tokens":300}}""";

        Assert.Equal(new Usage { InputTokens = 200, OutputTokens = 100 }, Transcript.Of(Decode(Node, finished)).Usage);
        Assert.Equal(new Usage { InputTokens = 298, OutputTokens = 2, Estimated = true }, Transcript.Of(Decode(finished)).Usage);
        Assert.Equal(new Usage { InputTokens = 298, OutputTokens = 2, Estimated = true }, Upstreams.Read(Format, """{"workflow_run_id":"w","data":{"status":"succeeded","outputs":{"text":"12345678"},"total_tokens":300}}""").Usage);
    }

    [Theory]
    [InlineData("not_chat_app", true)]
    [InlineData("invalid_param", true)]
    [InlineData("completion_request_error", false)]
    [InlineData("provider_quota_exceeded", false)]
    public void Only_what_an_app_checks_before_its_run_says_that_nothing_ran(string code, bool nothing)
    {
        var failure = Assert.IsType<FailureDelta>(Decode($$"""{"event":"error","status":400,"code":"{{code}}","message":"no"}""")[^1]).Failure;

        Assert.Equal(nothing, failure.NothingRan);
    }

    private static string Finished(string outputs) => $$$"""{"event":"workflow_finished","workflow_run_id":"w","data":{"status":"succeeded","outputs":{{{outputs}}}}}""";

    private static List<ChatDelta> Decode(params string[] events)
    {
        var stream = string.Concat(events.Select(each => $"data: {each}\n\n"));
        Upstreams.AssertSameAtEveryCut(Format, stream);
        return Upstreams.Decode(Format, stream).Steps;
    }

    private static (string Text, FinishReasonKind? Finish) Said(List<ChatDelta> steps) => (Transcript.Of(steps).Text, Transcript.Of(steps).Finish);

    private static IEnumerable<string> Lost(List<ChatDelta> steps) => steps.OfType<OpaqueDelta>().Select(step => step.Type);
}
