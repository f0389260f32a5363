using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>What a target refuses or would not understand, mended or refused on the way to it.</summary>
public sealed class TranslatedRequestTests
{
    private const string Begun = """{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":"A list, please."},{"role":"assistant","content":"1. red"}]}""";

    [Theory]
    [InlineData(Capabilities.None, true)]
    [InlineData(Capabilities.Prefill, false)]
    public async Task A_begun_answer_is_asked_for_in_words_of_who_is_not_known_to_go_on(Capabilities able, bool inWords)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Sommelier.Providers.OpenAI(), Deployment(able), FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody));

        var (body, warnings) = await SentAsync(rig, server, "anthropic-messages", Begun);

        var messages = body["messages"]!.AsArray();
        Assert.Equal(inWords ? 3 : 2, messages.Count);
        Assert.Equal("1. red", (string?)messages[1]!["content"]);
        Assert.Equal(inWords, warnings.Any(warning => warning is { Code: "emulated", Field: "messages" }));
        if (inWords)
        {
            Assert.Equal("user", (string?)messages[2]!["role"]);
            Assert.Contains("beginning of your answer", (string?)messages[2]!["content"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("high", true)]
    [InlineData("none", false)]
    public async Task Claude_goes_on_with_no_begun_answer_while_it_thinks(string effort, bool inWords)
    {
        await using var rig = new AttemptRig();
        var able = Deployment(Capabilities.Prefill | Capabilities.Reasoning) with { WireFormat = "", Reasoning = new() { Budget = true } };
        var server = rig.Serve(new AnthropicCompatible(), able, FaultReply.Json(ScriptedAnswer.Anthropic.WholeBody));

        var (body, warnings) = await SentAsync(
            rig, server, "openai-chat",
            $$"""{"model":"auto","max_tokens":4000,"reasoning_effort":"{{effort}}","messages":[{"role":"user","content":"A list, please."},{"role":"assistant","content":"1. red"}]}""");

        Assert.Equal(inWords ? "enabled" : "disabled", (string?)body["thinking"]!["type"]);
        Assert.Equal(inWords ? 3 : 2, body["messages"]!.AsArray().Count);
        Assert.Equal(inWords, warnings.Any(warning => warning is { Code: "emulated", Field: "messages" }));
    }

    [Fact]
    public async Task Calls_that_nobody_has_answered_yet_are_no_begun_answer()
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Sommelier.Providers.OpenAI(), Deployment(Capabilities.None), FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody));

        var (_, warnings) = await SentAsync(
            rig, server, "anthropic-messages",
            """{"model":"auto","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}},{"type":"text","text":"so"}]}]}""");

        Assert.DoesNotContain(warnings, warning => warning.Field == "messages");
    }

    [Theory]
    [InlineData(1, 16, true)]
    [InlineData(16, 16, false)]
    [InlineData(50, 50, false)]
    public async Task A_limit_below_the_least_of_OpenAIs_responses_is_raised(int asked, int sent, bool warned)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Sommelier.Providers.OpenAI(), Deployment(Capabilities.None) with { WireFormat = "openai-responses" }, FaultReply.Json(
            """{"id":"resp_1","object":"response","model":"m","status":"completed","output":[{"type":"message","id":"m1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}"""));

        var (body, warnings) = await SentAsync(rig, server, "anthropic-messages", $$"""{"model":"auto","max_tokens":{{asked}},"messages":[{"role":"user","content":"q"}]}""");

        Assert.Equal(sent, (int?)body["max_output_tokens"]);
        Assert.Equal(warned, warnings.Any(warning => warning.Code == "clamped"));
    }

    [Theory]
    [InlineData("openai-chat", """ "tool_choice":"required",""", "tool_choice")]
    [InlineData("anthropic-messages", """ "tool_choice":{"type":"any"},""", "tool_choice")]
    [InlineData("anthropic-messages", """ "tool_choice":{"type":"tool","name":"f"},""", "tool_choice")]
    public async Task A_call_that_is_demanded_of_no_tools_is_refused_before_anybody_is_asked(string caller, string choice, string field)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Gemini(), Deployment(Capabilities.None) with { WireFormat = "" }, FaultReply.Error(500, "{}"));

        var refused = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: false, more: choice));

        Assert.Equal((400, field), (refused.Error!.Status, refused.Error.Field));
        Assert.Contains("no tools are offered", refused.Error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_name_of_a_file_that_the_Gemini_API_has_no_place_for_is_said_before_it()
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Gemini(), Deployment(Capabilities.Pdf) with { WireFormat = "" }, FaultReply.Json("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}"""));

        var (body, warnings) = await SentAsync(
            rig, server, "openai-chat", """{"model":"auto","messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}},{"type":"text","text":"q"}]}]}""");

        var parts = body["contents"]![0]!["parts"]!.AsArray();
        Assert.Equal("a.pdf", (string?)parts[0]!["text"]);
        Assert.Equal("JVBERg==", (string?)parts[1]!["inlineData"]!["data"]);
        Assert.Null(parts[1]!["inlineData"]!["displayName"]);
        Assert.Contains(warnings, warning => warning is { Code: "emulated", Field: "messages[0].content[0].file.filename" });
    }

    [Theory]
    [InlineData("openai-chat", "\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw==\"}}]", false)]
    [InlineData("anthropic-messages", null, true)]
    public async Task A_picture_in_a_whole_answer_is_streamed_or_told_as_lost(string caller, string? told, bool lost)
    {
        await using var rig = new AttemptRig();
        var image = """[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}}]""";
        var whole = ScriptedAnswer.OpenAI.WholeBody.Replace("\"Hello world!\"", $"\"Hello world!\",\"images\":{image}", StringComparison.Ordinal);
        rig.Serve(new OpenAICompatible(), Deployment(Capabilities.None), FaultReply.Json(whole));

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        var warnings = result.Answer!.Warnings;
        var received = await AttemptRig.ReadAsync(result.Answer);

        Assert.Contains("Hello world!", received.Text, StringComparison.Ordinal);
        Assert.Contains(told ?? "Hello", received.Text, StringComparison.Ordinal);
        Assert.Equal(lost, warnings.Any(warning => warning is { Code: "dropped", Field: "delta.images" }));
    }

    [Theory]
    [InlineData("gemini", false)]
    [InlineData("openai-chat", true)]
    public async Task A_picture_of_Geminis_in_a_whole_answer_is_streamed_or_told_as_lost(string caller, bool lost)
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Gemini(), Deployment(Capabilities.None) with { WireFormat = "" }, FaultReply.Json(
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"See:"},{"inlineData":{"mimeType":"image/png","data":"iVBORw=="}}]},"finishReason":"STOP"}]}"""));
        var wire = WireFormats.Get(caller);
        var path = new CallPath("auto", true);
        var body = Encoding.UTF8.GetBytes(caller == "gemini" ? """{"contents":[{"role":"user","parts":[{"text":"q"}]}]}""" : """{"model":"auto","stream":true,"messages":[{"role":"user","content":"q"}]}""");

        var result = await rig.RunAsync(new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body, path),
            Reply = new() { FallbackId = "r", Model = "auto", Created = DateTimeOffset.UnixEpoch, Path = path },
        });
        var warnings = result.Answer!.Warnings;
        var received = await AttemptRig.ReadAsync(result.Answer);

        Assert.Contains("See:", received.Text, StringComparison.Ordinal);
        Assert.Equal(!lost, received.Text.Contains("iVBORw==", StringComparison.Ordinal));
        Assert.Equal(lost, warnings.Any(warning => warning is { Code: "dropped", Field: "inlineData" }));
    }

    private static async Task<(JsonNode Body, IReadOnlyList<Warning> Warnings)> SentAsync(AttemptRig rig, FaultServer server, string caller, string text)
    {
        var wire = WireFormats.Get(caller);
        var body = Encoding.UTF8.GetBytes(text);
        var result = await rig.RunAsync(new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch },
        });
        Assert.True(result.Answer is not null, result.Error?.Message);
        await using var answer = result.Answer!;
        return (JsonNode.Parse(Assert.Single(server.Requests).Body)!, answer.Warnings);
    }

    private static Deployment Deployment(Capabilities able) => new()
    {
        Id = "p/model-x",
        Provider = "p",
        Model = "model-x",
        CanonicalModel = "model-x",
        WireFormat = "openai-chat",
        MaxOutputTokens = 4096,
        Capabilities = able | Capabilities.Tools | Capabilities.Streaming,
    };
}
