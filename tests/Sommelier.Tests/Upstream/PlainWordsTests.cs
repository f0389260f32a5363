using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream;

/// <summary>Text is text everywhere: what a format keeps in pieces of its own reaches targets of every other format.</summary>
public sealed class PlainWordsTests
{
    private const string Answer = """{"id":"a","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""";

    public static TheoryData<string, string, string> Pieces => new()
    {
        { "bedrock-converse", """{"guardContent":{"text":{"text":"cellar","qualifiers":["query"]}}}""", "cellar" },
        { "bedrock-converse", """{"document":{"format":"txt","name":"notes","source":{"text":"cellar"}}}""", "notes\ncellar" },
        { "bedrock-converse", """{"document":{"format":"txt","name":"notes","source":{"content":[{"text":"cellar"},{"text":"door"}]}}}""", "notes\ncellar\ndoor" },
        { "bedrock-converse", """{"searchResult":{"title":"Wine","source":"https://a.example","content":[{"text":"cellar"}]}}""", "Wine\nhttps://a.example\ncellar" },
        { "anthropic-messages", """{"type":"document","title":"notes","source":{"type":"content","content":"cellar"}}""", "notes\ncellar" },
        { "anthropic-messages", """{"type":"document","title":"notes","context":"old","source":{"type":"content","content":[{"type":"text","text":"cellar"}]}}""", "notes\nold\ncellar" },
        { "anthropic-messages", """{"type":"search_result","title":"Wine","source":"https://a.example","content":[{"type":"text","text":"cellar"}]}""", "Wine\nhttps://a.example\ncellar" },
        { "anthropic-messages", """{"type":"document","title":"notes","source":{"type":"text","media_type":"text/plain","data":"cellar"}}""", "notes\ncellar" },
        { "anthropic-messages", """{"type":"document","source":{"type":"base64","media_type":"text/csv","data":"Y2VsbGFy"}}""", "cellar" },
        { "gemini", """{"inlineData":{"mimeType":"text/csv","data":"Y2VsbGFy"}}""", "cellar" },
        { "openai-responses", """{"type":"input_file","filename":"a.md","file_data":"data:text/markdown;base64,Y2VsbGFy"}""", "a.md\ncellar" },
    };

    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task Text_in_a_piece_of_its_own_reaches_another_format(string dialect, string piece, string words)
    {
        await using var rig = new AttemptRig();
        var model = rig.Serve(new OpenAICompatible(), Deployment("a"), FaultReply.Json(Answer));

        var call = Call(dialect, Body(dialect, piece));
        var result = await rig.RunAsync(call);

        Assert.Equal(MediaKind.None, call.Outline.Media);
        Assert.Contains(result.Answer!.Warnings, warning => warning is { Code: "emulated", Field: "messages[0].content[0]" or "contents[0].parts[0]" or "input[0].content[0]" } && warning.Detail.StartsWith("sent as plain text", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Answer!.Warnings, warning => warning.Code == "dropped");
        await AttemptRig.ReadAsync(result.Answer);
        var content = JsonNode.Parse(Assert.Single(model.Requests).Body)!["messages"]![0]!["content"]!;
        Assert.Equal(words, content is JsonArray parts ? (string?)parts[^1]!["text"] : (string?)content);
    }

    [Fact]
    public async Task Guarded_system_text_and_a_tools_sources_are_said_too()
    {
        await using var rig = new AttemptRig();
        var model = rig.Serve(new OpenAICompatible(), Deployment("a"), FaultReply.Json(Answer), FaultReply.Json(Answer));

        await rig.ReceiveAsync(Call("bedrock-converse", """{"system":[{"guardContent":{"text":{"text":"be brief"}}}],"messages":[{"role":"user","content":[{"text":"q"}]}]}"""));
        await rig.ReceiveAsync(Call("anthropic-messages", """{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"search_result","title":"Wine","source":"s","content":[{"type":"text","text":"cellar"}]}]}]}]}"""));

        Assert.Contains("be brief", model.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("Wine\\ns\\ncellar", model.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Between_two_that_speak_the_same_a_piece_stays_as_it_is()
    {
        await using var rig = new AttemptRig();
        var model = rig.Serve(new Anthropic(), Deployment("a"), FaultReply.Error(500, "{}"));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };
        const string Piece = """{"type":"search_result","title":"Wine","source":"s","content":[{"type":"text","text":"cellar"}]}""";

        await rig.ReceiveAsync(Call("anthropic-messages", Body("anthropic-messages", Piece)));

        Assert.Contains(Piece, Assert.Single(model.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PDF_is_still_a_need()
    {
        Assert.Equal(MediaKind.Document, Call("anthropic-messages", Body("anthropic-messages", """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AQID"}}""")).Outline.Media);
        Assert.Equal(MediaKind.Document, Call("openai-chat", Body("openai-chat", """{"type":"file","file":{"file_data":"data:application/pdf;base64,AQID"}}""")).Outline.Media);
        Assert.Equal(MediaKind.None, Call("openai-chat", Body("openai-chat", """{"type":"file","file":{"file_data":"data:text/plain;base64,AQID"}}""")).Outline.Media);
        Assert.Equal(MediaKind.Document, Call("bedrock-converse", Body("bedrock-converse", """{"document":{"format":"pdf","name":"a","source":{"bytes":"AQID"}}}""")).Outline.Media);
    }

    private static string Body(string dialect, string piece) => dialect switch
    {
        "gemini" => $$"""{"contents":[{"role":"user","parts":[{{piece}}]}]}""",
        "bedrock-converse" => $$"""{"messages":[{"role":"user","content":[{{piece}}]}]}""",
        "openai-responses" => $$"""{"model":"auto","input":[{"role":"user","content":[{{piece}}]}]}""",
        _ => $$"""{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":[{{piece}}]}]}""",
    };

    private static InboundCall Call(string format, string text)
    {
        var wire = WireFormats.Get(format);
        var body = Encoding.UTF8.GetBytes(text);
        return new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body, new("auto")),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Path = new("auto"), Created = DateTimeOffset.UnixEpoch },
        };
    }

    private static Deployment Deployment(string name) => new() { Id = $"{name}/m", Provider = name, Model = "m", CanonicalModel = "m" };
}
