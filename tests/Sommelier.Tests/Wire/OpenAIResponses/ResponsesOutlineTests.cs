using Sommelier.Canonical;

namespace Sommelier.Tests.Wire.OpenAIResponses;

public sealed class ResponsesOutlineTests
{
    [Fact]
    public void Tells_what_routing_needs()
    {
        var outline = ResponsesWire.Outline("""
            {"model":"auto/x","instructions":"S1","stream":true,"max_output_tokens":7,"tools":[{"type":"function","name":"f"}],"tool_choice":"required",
             "text":{"verbosity":"low","format":{"schema":{},"type":"json_schema"}},"reasoning":{"summary":"auto","effort":"high"},"safety_identifier":"u",
             "sommelier":{"policy":"p"},"store":false,
             "input":[{"role":"system","content":"S2"},{"content":[{"text":"first","type":"input_text"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}],"role":"user"},
               {"type":"message","role":"assistant","content":[{"type":"output_text","text":"before"}]},{"role":"user","content":"last"},
               {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":[{"type":"input_text","text":"r"},{"type":"input_file","file_data":"AAAA"}]}]}
            """);

        Assert.Equal(("auto/x", true, true, 7, 6), (outline.Model, outline.Stream, outline.StreamUsage, outline.MaxOutputTokens, outline.MessageCount));
        Assert.Equal((1, ToolChoiceMode.Required, true, true, false), (outline.ToolCount, outline.ToolChoice, outline.ToolsUsed, outline.LastIsToolResult, outline.Prefill));
        Assert.Equal((MediaKind.Image | MediaKind.Document, 2), (outline.Media, outline.MediaCount));
        Assert.Equal((ResponseFormatKind.JsonSchema, ReasoningEffort.High, "u", "p"), (outline.ResponseFormat, outline.ReasoningEffort, outline.EndUser, outline.Hints?.Policy));
        Assert.Equal(new ConversationTail("S1\nS2", "last", "before", "first"), outline.Tail with { LastUserTexts = [], LastUserContent = default });
        Assert.Equal("S1S2firstbeforelast{}r[{\"type\":\"function\",\"name\":\"f\"}]".Length, outline.TextBytes);
        Assert.False(outline.Keep);
        Assert.Null(outline.PreviousResponseId);
    }

    [Fact]
    public void A_text_is_a_conversation_of_one_turn()
    {
        var outline = ResponsesWire.Outline("""{"input":"Why?","model":"m","previous_response_id":"resp_1"}""");
        Assert.Equal((1, 4, "Why?", "resp_1", true), (outline.MessageCount, outline.TextBytes, outline.Tail.LastUser, outline.PreviousResponseId, outline.Keep));
    }

    [Fact]
    public void The_same_conversation_has_the_same_hash()
    {
        var first = ResponsesWire.Outline("""{"model":"m","instructions":"S","input":"a"}""").PrefixHash;
        Assert.Equal(first, ResponsesWire.Outline("""{"model":"n","instructions":"S","input":[{"role":"user","content":[{"type":"input_text","text":"a"}]},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""").PrefixHash);
        Assert.NotEqual(first, ResponsesWire.Outline("""{"model":"m","instructions":"T","input":"a"}""").PrefixHash);
        Assert.NotEqual(first, ResponsesWire.Outline("""{"model":"m","instructions":"S","input":"b"}""").PrefixHash);
    }

    [Fact]
    public void References_and_prefills_are_seen()
    {
        Assert.True(ResponsesWire.Outline("""{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}""").HasReferences);
        Assert.True(ResponsesWire.Outline("""{"model":"m","input":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""").Prefill);
    }
}
