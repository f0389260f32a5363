using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.AnthropicMessages;

public sealed class AnthropicOutlineTests
{
    [Fact]
    public void Tells_what_routing_needs()
    {
        const string Body = """
            {"model":"auto","max_tokens":2048,"stream":true,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],
             "messages":[
               {"role":"user","content":"Wie geht es dir? ü"},
               {"content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"Gut."},{"type":"tool_use","id":"t1","name":"clock","input":{"zone":"CET"}}],"role":"assistant"},
               {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"12:00"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}],
             "tools":[{"name":"clock","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"},
             "thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"format":{"type":"json_schema","schema":{}}},
             "metadata":{"user_id":"u-1"},"sommelier":{"policy":"frugal","max_cost_usd":0.01}}
            """;

        var outline = Wire.Outline(Body);

        Assert.Equal("auto", outline.Model);
        Assert.True(outline.Stream);
        Assert.True(outline.StreamUsage);
        Assert.Equal(2048, outline.MaxOutputTokens);
        Assert.Equal(4, outline.MessageCount);
        Assert.Equal(1, outline.ToolCount);
        Assert.True(outline.ToolsUsed);
        Assert.True(outline.LastIsToolResult);
        Assert.Equal(ToolChoiceMode.Required, outline.ToolChoice);
        Assert.Equal(MediaKind.Image, outline.Media);
        Assert.Equal(1, outline.MediaCount);
        Assert.Equal(ResponseFormatKind.JsonSchema, outline.ResponseFormat);
        Assert.Equal(ReasoningEffort.Medium, outline.ReasoningEffort);
        Assert.Equal("u-1", outline.EndUser);
        Assert.Equal("frugal", outline.Hints!.Policy);
        Assert.False(outline.Prefill);
        Assert.Equal(2, outline.NonAsciiBytes);
        Assert.Equal(outline.TextBytes, outline.CacheableTextBytes);
        var words = "Be brief.".Length + Wire.Utf8("Wie geht es dir? ü").Length + "hm".Length + "Gut.".Length + "12:00".Length;
        var json = """{"zone":"CET"}""".Length + """[{"name":"clock","input_schema":{"type":"object"}}]""".Length;
        Assert.Equal(words + json, outline.TextBytes);
    }

    [Fact]
    public void Keeps_the_last_turns_for_the_classifier()
    {
        var outline = Wire.Outline("""
            {"model":"m","max_tokens":1,"system":"S","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"},
             {"role":"user","content":[{"type":"text","text":"three"}]},{"role":"assistant","content":[{"type":"text","text":"fo\u0075r"}]},
             {"role":"user","content":"five"},{"role":"user","content":"six"}]}
            """);

        Assert.Equal(new ConversationTail("S", "five\nsix", "four", "three"), outline.Tail with { EarlierUsers = [], LastUserTexts = [], LastUserContent = default });
        Assert.Equal(["one"], outline.Tail.EarlierUsers);
    }

    [Fact]
    public void Finds_the_members_where_they_stand()
    {
        const string Body = """{"max_tokens":1, "model" : "a\u002fb","messages":[{"role":"user","content":"x"}],"x_new":{"a":[1]}}""";

        var outline = Wire.Outline(Body);

        Assert.Equal(["max_tokens", "model", "messages", "x_new"], outline.Members.Select(member => member.Name));
        Assert.Equal("a/b", outline.Model);
        var model = outline.Member("model")!.Value;
        Assert.Equal("""
            "model" : "a\u002fb"
            """, Body[model.Start..model.End]);
        Assert.Equal("""{"a":[1]}""", Body[outline.Member("x_new")!.Value.ValueStart..outline.Member("x_new")!.Value.End]);
    }

    [Fact]
    public void Hashes_a_conversation_alike_over_its_turns()
    {
        var first = Wire.Outline("""{"model":"m","max_tokens":1,"system":"S","messages":[{"role":"user","content":"hello"}]}""");
        var later = Wire.Outline("""
            {"messages":[{"role":"user","content":[{"type":"text","text":"hello","cache_control":{"type":"ephemeral"}}]},
             {"role":"assistant","content":"hi"},{"role":"user","content":"more"}],"model":"x","max_tokens":9,"system":[{"type":"text","text":"S"}]}
            """);
        var other = Wire.Outline("""{"model":"m","max_tokens":1,"system":"S","messages":[{"role":"user","content":"hullo"}]}""");

        Assert.Equal(first.PrefixHash, later.PrefixHash);
        Assert.NotEqual(first.PrefixHash, other.PrefixHash);
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", ReasoningEffort.None)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", ReasoningEffort.High)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}", ReasoningEffort.Low)]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":3900}", ReasoningEffort.XHigh)]
    [InlineData("\"output_config\":{\"effort\":\"max\"}", ReasoningEffort.Max)]
    [InlineData("\"temperature\":1", null)]
    public void Tells_how_much_thinking_is_asked(string field, ReasoningEffort? expected)
    {
        var outline = Wire.Outline($$"""{"model":"m","max_tokens":4096,"messages":[{"role":"user","content":"x"}],{{field}}}""");

        Assert.Equal(expected, outline.ReasoningEffort);
    }

    [Fact]
    public void Sees_a_prefill()
    {
        var outline = Wire.Outline("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":""}]}""");

        Assert.True(outline.Prefill);
        Assert.Equal(1, outline.CacheableTextBytes);
    }

    [Fact]
    public void Counts_tokens_without_an_output_limit()
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":"x"}]}""";

        Assert.Null(Sommelier.Wire.AnthropicMessages.AnthropicTokenCount.Outline(Wire.Utf8(Body)).MaxOutputTokens);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Sommelier.Wire.AnthropicMessages.AnthropicTokenCount.Write(42, output);
        Assert.Equal("{\"input_tokens\":42}", System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("", "The body is empty. Send a JSON object.")]
    [InlineData("[]", "The body must be a JSON object.")]
    [InlineData("{", "The body is not valid JSON at line 1, byte 2. Send one JSON object.")]
    [InlineData("{\"model\":\"m\"} x", "The body is not valid JSON at line 1, byte 15. Send one JSON object.")]
    [InlineData("{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "model: field required. Send a model's name, or 'auto'.")]
    [InlineData("{\"model\":7}", "model: must be a string, not a number.")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "max_tokens: field required. Send the most tokens to generate, for example 1024.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":\"9\"}", "max_tokens: must be a whole number from 0 on, not a string.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1}", "messages: field required. Send a list of messages, each with 'role' and 'content'.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}", "messages: at least one message is required. Send what the user says as a message of role 'user'.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":{}}", "messages: must be a list of messages, each with 'role' and 'content', not an object.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"content\":\"x\"}]}", "messages[0].role: field required. Send 'user' or 'assistant'.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "messages[0].role: must be 'user', 'assistant' or 'system'.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\"}]}", "messages[0].content: field required. Send a string or a list of content blocks.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":5}]}", "messages[0].content: must be a string or a list of content blocks, not a number.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}", "messages[0].content: must not be empty, except in a last message of role 'assistant'. Send text or leave the message out.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}", "messages[0].content[0].type: field required. Send the kind of the block, for example 'text'.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}", "messages[0].content[0].text: field required. Send the block's text as a string.")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":1,\"stream\":\"yes\"}", "stream: must be true or false, not a string.")]
    [InlineData("{\"model\":\"m\",\"model\":\"n\"}", "'model' is given twice. Send it once.")]
    [InlineData("{\"x\":1,\"x\":2}", "'x' is given twice. Send it once.")]
    [InlineData("{\"tools\":{}}", "tools: must be a list of tools, not an object.")]
    [InlineData("{\"tool_choice\":{\"type\":\"all\"}}", "tool_choice.type: must be one of 'auto', 'any', 'tool' and 'none'.")]
    [InlineData("{\"output_config\":{\"effort\":\"huge\"}}", "output_config.effort: must be one of 'low', 'medium', 'high', 'xhigh' and 'max'.")]
    [InlineData("{\"stop_sequences\":\"x\"}", "stop_sequences: must be a list of strings, not a string.")]
    [InlineData("{\"metadata\":{\"user_id\":5}}", "metadata.user_id: must be a string, not a number.")]
    [InlineData("{\"system\":7}", "system: must be a string or a list of text blocks, not a number.")]
    public void Refuses_what_is_not_a_request(string body, string message)
    {
        var error = Assert.Throws<WireException>(() => Wire.Outline(body)).Error;

        Assert.Equal(message, error.Message);
        Assert.Equal(GatewayErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(400, error.Status);
    }

    [Fact]
    public void Refuses_nesting_without_end()
    {
        var body = $$"""{"model":"m","max_tokens":1,"x":{{new string('[', 500)}}""";

        Assert.Contains("nested deeper than 64", Assert.Throws<WireException>(() => Wire.Outline(body)).Message, StringComparison.Ordinal);
    }
}
