using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.OpenAIChat;

public sealed class OutlineTests
{
    [Fact]
    public void Tells_what_routing_needs()
    {
        var outline = Outline("""
            {"model":"auto","stream":true,"stream_options":{"include_usage":true},"max_tokens":7,"max_completion_tokens":50,"n":2,
             "messages":[
              {"role":"developer","content":"Be brief."},
              {"content":[{"type":"text","text":"What is this?"},{"image_url":{"url":"data:image/png;base64,AAAA"},"type":"image_url"}],"role":"user"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"a cat"}],
             "tools":[{"type":"function","function":{"name":"look"}}],"tool_choice":"required","reasoning_effort":"high","user":"u1",
             "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}},"sommelier":{"policy":"frugal"}}
            """);

        Assert.Equal("auto", outline.Model);
        Assert.True(outline.Stream && outline.StreamUsage && outline.ToolsUsed && outline.LastIsToolResult);
        Assert.False(outline.Prefill);
        Assert.Equal((50, 2, 4, 1, 1), (outline.MaxOutputTokens, outline.Choices, outline.MessageCount, outline.MediaCount, outline.ToolCount));
        Assert.Equal(MediaKind.Image, outline.Media);
        Assert.Equal(ToolChoiceMode.Required, outline.ToolChoice);
        Assert.Equal(ResponseFormatKind.JsonSchema, outline.ResponseFormat);
        Assert.Equal(ReasoningEffort.High, outline.ReasoningEffort);
        Assert.Equal("u1", outline.EndUser);
        Assert.Equal("frugal", outline.Hints!.Policy);
        Assert.Equal(new ConversationTail("Be brief.", "What is this?", "", ""), outline.Tail with { LastUserTexts = [], LastUserContent = default });
        Assert.Equal(outline.TextBytes, outline.CacheableTextBytes);
    }

    [Fact]
    public void The_tail_is_the_last_user_turn_and_the_two_turns_before_it()
    {
        var outline = Outline("""
            {"messages":[{"role":"system","content":"S1"},{"role":"system","content":[{"type":"text","text":"S2"}]},
             {"role":"user","content":"one"},{"role":"assistant","content":"two"},
             {"role":"user","content":"three"},{"role":"assistant","content":"four"},
             {"role":"user","content":[{"type":"text","text":"fi\u0076e"},{"type":"text","text":"six\n"}]}],"model":"m"}
            """);
        Assert.Equal(new ConversationTail("S1\nS2", "five\nsix\n", "four", "three"), outline.Tail with { EarlierUsers = [], LastUserTexts = [], LastUserContent = default });
        Assert.Equal(["one"], outline.Tail.EarlierUsers);
    }

    [Fact]
    public void An_agent_step_keeps_the_task_as_its_last_user_turn()
    {
        var outline = Outline("""
            {"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"task"},
             {"role":"assistant","content":"thinking aloud","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"1","content":"r"},{"role":"assistant","content":"pre"}]}
            """);
        Assert.Equal(new ConversationTail("", "task", "b", "a"), outline.Tail with { LastUserTexts = [], LastUserContent = default });
        Assert.True(outline.Prefill);
    }

    [Fact]
    public void The_same_conversation_has_the_same_prefix_hash_as_it_grows()
    {
        const string Start = """{"role":"system","content":"S"},{"role":"user","content":"first"}""";
        var first = Outline($$"""{"model":"a","messages":[{{Start}}]}""").PrefixHash;
        Assert.Equal(first, Outline($$"""{"temperature":1,"messages":[{{Start}},{"role":"assistant","content":"x"},{"role":"user","content":"y"}],"model":"b"}""").PrefixHash);
        Assert.NotEqual(first, Outline("""{"model":"a","messages":[{"role":"system","content":"S"},{"role":"user","content":"other"}]}""").PrefixHash);
        Assert.NotEqual(first, Outline($$$"""{"model":"a","messages":[{{{Start}}}],"tools":[{"type":"function","function":{"name":"f"}}]}""").PrefixHash);
    }

    [Fact]
    public void Text_is_counted_as_text_and_media_is_not()
    {
        var outline = Outline("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"안녕\n"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAA"}}]}]}""");
        Assert.Equal((7, 6), (outline.TextBytes, outline.NonAsciiBytes));
        Assert.Equal(0, outline.CacheableTextBytes);
    }

    [Fact]
    public void Members_stand_where_they_say()
    {
        var body = """ { "model" : "m" , "messages":[{"role":"user","content":"x"}],"unknown":{"a":[1,2]} , "temperature":0.5 } """u8;
        var outline = OpenAIChatFormat.Instance.Requests.Outline(body);
        Assert.Equal(["model", "messages", "unknown", "temperature"], outline.Members.Select(member => member.Name));
        Assert.Equal("""{"a":[1,2]}""", Encoding.UTF8.GetString(body[outline.Member("unknown")!.Value.ValueStart..outline.Member("unknown")!.Value.End]));
        Assert.Equal("\"temperature\":0.5", Encoding.UTF8.GetString(body[outline.Member("temperature")!.Value.Start..outline.Member("temperature")!.Value.End]));
    }

    [Theory]
    [InlineData("", "The body is empty. Send a JSON object.", null)]
    [InlineData("[]", "The body must be a JSON object.", null)]
    [InlineData("{\"model\":", "The body is not valid JSON at line 1, byte 10. Send one JSON object.", null)]
    [InlineData("{\"model\":\"m\"} x", "The body is not valid JSON at line 1, byte 15. Send one JSON object.", null)]
    [InlineData("{'model':1}", "The body is not valid JSON at line 1, byte 2. Send one JSON object.", null)]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "'model' is missing. Send a model name, e.g. \"auto\".", "model")]
    [InlineData("""{"model":7}""", "'model' must be a string, not a number.", "model")]
    [InlineData("""{"model":""}""", "'model' must be a model name that is not empty, e.g. \"auto\".", "model")]
    [InlineData("""{"model":"a","model":"b"}""", "'model' is given twice. Send it once.", "model")]
    [InlineData("""{"x":1,"\u0078":2}""", "'x' is given twice. Send it once.", "x")]
    [InlineData("""{"model":"m"}""", "'messages' is missing. Send a list of at least one message.", "messages")]
    [InlineData("""{"model":"m","messages":[]}""", "'messages' is empty. Send at least one message.", "messages")]
    [InlineData("""{"model":"m","messages":"hi"}""", "'messages' must be a list of messages, not a string.", "messages")]
    [InlineData("""{"model":"m","messages":["hi"]}""", "'messages[0]' must be an object, not a string.", "messages[0]")]
    [InlineData("""{"model":"m","messages":[{"content":"hi"}]}""", "'messages[0].role' is missing. Send one of: system, developer, user, assistant, tool.", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"human","content":"hi"}]}""", "'messages[0].role' is 'human'. Send one of: system, developer, user, assistant, tool.", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":1}]}""", "'messages[0].role' must be a string, not a number.", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""", "'messages[0].content' is missing. Send a string or a list of parts.", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":null}]}""", "'messages[0].content' is missing. Send a string or a list of parts.", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":3}]}""", "'messages[2].content' must be a string or a list of parts, not a number.", "messages[2].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[1]}]}""", "'messages[0].content[0]' must be an object, not a number.", "messages[0].content[0]")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"text":"x"}]}]}""", "'messages[0].content[0].type' is missing. Send the kind of part, e.g. \"text\" or \"image_url\".", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "'messages[0].content[0].text' is missing. Send a string.", "messages[0].content[0].text")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":{}}]}""", "'messages[0].tool_calls' must be a list of calls, not an object.", "messages[0].tool_calls")]
    [InlineData("""{"stream":"yes"}""", "'stream' must be true or false, not a string.", "stream")]
    [InlineData("""{"max_tokens":0}""", "'max_tokens' must be a whole number from 1 to 2147483647.", "max_tokens")]
    [InlineData("""{"max_tokens":"10"}""", "'max_tokens' must be a whole number, not a string.", "max_tokens")]
    [InlineData("""{"temperature":"hot"}""", "'temperature' must be a number, not a string.", "temperature")]
    [InlineData("""{"stop":[1]}""", "'stop[0]' must be a string, not a number.", "stop[0]")]
    [InlineData("""{"stop":{}}""", "'stop' must be a string or a list of strings, not an object.", "stop")]
    [InlineData("""{"tools":{}}""", "'tools' must be a list of tools, not an object.", "tools")]
    [InlineData("""{"tools":["x"]}""", "'tools[0]' must be an object, not a string.", "tools[0]")]
    [InlineData("""{"tool_choice":"maybe"}""", "'tool_choice' is 'maybe'. Send one of: auto, none, required, or an object that names a function.", "tool_choice")]
    [InlineData("""{"response_format":"json"}""", "'response_format' must be an object, not a string.", "response_format")]
    [InlineData("""{"sommelier":{"max_cost":1}}""", "'sommelier.max_cost' is not a control. Known: policy, max_cost_usd, max_latency_ms, min_quality, data, regions, only, exclude, session, tags, strict, fallback, cache, on_break.", "sommelier.max_cost")]
    [InlineData("{\"user\":\"\\ud800\"}", "'user' holds half of a surrogate pair (\\ud800 to \\udfff alone). Send whole characters.", "user")]
    public void Refuses_what_is_not_a_request_naming_field_and_remedy(string body, string message, string? field)
    {
        var error = Assert.Throws<WireException>(() => Outline(body)).Error;
        Assert.Equal(message, error.Message);
        Assert.Equal(field, error.Field);
        Assert.Equal((400, GatewayErrorKind.InvalidRequest), (error.Status, error.Kind));
    }

    [Fact]
    public void Refuses_bytes_that_are_not_utf8_deep_nesting_and_floods_of_fields()
    {
        byte[] latin = [.. "{\"model\":\""u8, 0xE9, .. "\"}"u8];
        Assert.Equal("The body is not valid UTF-8 at byte 10. Send JSON encoded as UTF-8.", Assert.Throws<WireException>(() => OpenAIChatFormat.Instance.Requests.Outline(latin)).Message);

        var deep = $$"""{"x":{{new string('[', 70)}}{{new string(']', 70)}}}""";
        Assert.Equal("The body is nested deeper than 64 levels. Flatten it.", Assert.Throws<WireException>(() => Outline(deep)).Message);
        Assert.Equal("The body is nested deeper than 64 levels. Flatten it.", Assert.Throws<WireException>(() => OpenAIChatFormat.Instance.Requests.Read(Encoding.UTF8.GetBytes(deep))).Message);

        var flood = "{" + string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"f{i}\":1")) + "}";
        Assert.Equal("The body has more than 256 top-level fields. Send fewer.", Assert.Throws<WireException>(() => Outline(flood)).Message);
    }

    [Theory]
    [MemberData(nameof(Recording.Requests), MemberType = typeof(Recording))]
    public void Reads_recorded_requests(string name)
    {
        var body = Recording.Request(name);
        using var document = JsonDocument.Parse(body);
        var outline = OpenAIChatFormat.Instance.Requests.Outline(body);
        Assert.Equal(document.RootElement.GetProperty("model").GetString(), outline.Model);
        Assert.Equal(document.RootElement.EnumerateObject().Select(property => property.Name), outline.Members.Select(member => member.Name));
        Assert.Equal(document.RootElement.GetProperty("messages").GetArrayLength(), outline.MessageCount);
    }

    private static RequestOutline Outline(string body) => OpenAIChatFormat.Instance.Requests.Outline(Encoding.UTF8.GetBytes(body));
}
