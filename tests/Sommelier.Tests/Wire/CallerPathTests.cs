using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Tests.Wire.Fidelity;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Warnings name what they speak of as the caller wrote it: its dialect's names, and its own indices.</summary>
public sealed class CallerPathTests
{
    [Theory]
    [InlineData("openai-chat", "anthropic-messages", """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"x","name":"bob"}]}""", "messages[1].name")]
    [InlineData("openai-chat", "gemini", """{"messages":[{"role":"developer","content":"s"},{"role":"system","content":"s"},{"role":"user","content":"x"},{"role":"assistant","content":"y"},{"role":"user","content":[{"type":"text","text":"x"},{"type":"text","text":"z","odd":1}]}]}""", "messages[4].content[1].odd")]
    [InlineData("openai-chat", "ollama", """{"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}""", "messages[1].content[1]")]
    [InlineData("openai-chat", "gemini", """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"odd"},{"type":"function","function":{"name":"f","strict":true}}]}""", "tools[0], tools[1].function.strict")]
    [InlineData("anthropic-messages", "openai-chat", """{"max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"text","text":"y"},{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"text","text":"z"},{"type":"tool_result","tool_use_id":"a","is_error":true,"content":[{"type":"text","text":"no","odd":1}]}]}]}""", "messages[2].content[1].is_error, messages[2].content[1].content[0].odd")]
    [InlineData("anthropic-messages", "bedrock-converse", """{"max_tokens":9,"system":[{"type":"text","text":"s"},{"type":"text","text":"t","odd":1}],"messages":[{"role":"user","content":"x"}],"tools":[{"type":"bash_20250124","name":"bash"}]}""", "system[1].odd, tools[0]")]
    [InlineData("gemini", "anthropic-messages", """{"contents":[{"role":"user","parts":[{"text":"x"},{"inlineData":{"mimeType":"audio/wav","data":"AAAA"}}]}],"tools":[{"googleMaps":{}},{"functionDeclarations":[{"name":"f","odd":1}]}]}""", "contents[0].parts[1], tools[0].googleMaps, tools[1].functionDeclarations[0].odd")]
    [InlineData("openai-responses", "openai-chat", """{"input":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"input_text","text":"x"}]},{"type":"reasoning","id":"rs_1","summary":[]},{"type":"file_search_call","id":"f"},{"role":"user","content":[{"type":"input_text","text":"x","odd":1}]}]}""", "input[2], input[3], input[4].content[0].odd")]
    [InlineData("bedrock-converse", "openai-chat", """{"messages":[{"role":"user","content":[{"text":"x"},{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://a"}}}}]}],"toolConfig":{"tools":[{"cachePoint":{"type":"default"}},{"toolSpec":{"name":"f","inputSchema":{"json":{}},"odd":1}}]}}""", "messages[0].content[1], toolConfig.tools[0], toolConfig.tools[1].toolSpec.odd")]
    [InlineData("ollama", "anthropic-messages", """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"x","odd":1}]}""", "messages[1].odd")]
    [InlineData("openai-chat", "gemini", """{"messages":[{"role":"user","content":"x"}],"functions":[{"name":"f","strict":true}]}""", "functions[0].strict")]
    [InlineData("openai-chat", "gemini", """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}}}}]}""", "tools[0].custom.format")]
    [InlineData("openai-chat", "gemini", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"[1]"}}]},{"role":"tool","tool_call_id":"a","content":"r"}]}""", "messages[1].tool_calls[0]")]
    [InlineData("openai-chat", "anthropic-messages", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"[1]"}}]},{"role":"tool","tool_call_id":"a","content":"r"}]}""", "messages[1].tool_calls[0]")]
    [InlineData("gemini", "openai-chat", """{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"thinkingConfig":{"thinkingBudget":2048,"odd":1}}}""", "generationConfig.thinkingConfig.thinkingBudget, generationConfig.thinkingConfig.odd")]
    [InlineData("gemini", "anthropic-messages", """{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"thinkingConfig":{"thinkingBudget":2048,"odd":1}}}""", "generationConfig.thinkingConfig.odd")]
    [InlineData("anthropic-messages", "openai-chat", """{"max_tokens":9000,"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled","budget_tokens":2048,"odd":1}}""", "thinking.budget_tokens, thinking.odd")]
    [InlineData("anthropic-messages", "openai-responses", """{"max_tokens":9000,"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled","budget_tokens":2048}}""", "thinking.budget_tokens")]
    [InlineData("bedrock-converse", "openai-chat", """{"messages":[{"role":"user","content":[{"text":"x"}]}],"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2048}}}""", "additionalModelRequestFields.thinking.budget_tokens")]
    public void A_loss_is_named_by_its_place(string caller, string target, string body, string fields)
    {
        var warnings = new List<Warning>();
        var to = Target.All.Single(each => each.Format == target);
        var request = PlainWords.In(WireFormats.Get(caller).Requests.Read(Bytes(body), new CallPath("m")), to.Wire, warnings);
        to.Wire.Requests.Write(request, to.Write("m") with { Quirks = to.Write("m").Quirks with { RemoteImages = false } }, new ArrayBufferWriter<byte>(), warnings);
        CallerFields.Rename(caller, warnings, request.Reasoning);

        var told = warnings.Select(warning => warning.Field).ToList();
        Assert.All(fields.Split(", "), field => Assert.Contains(field, told));
        Assert.DoesNotContain(told, field => field.Contains(".0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openai-chat", """{"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://a.example/b"}}]}]}""", "messages[1].content[0].image_url.url")]
    [InlineData("openai-chat", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""", "messages[0].content[0].file.file_id")]
    [InlineData("openai-responses", """{"input":[{"role":"user","content":[{"type":"input_file","file_url":"ftp://a.example/b"}]}]}""", "input[0].content[0].file_url")]
    [InlineData("openai-responses", """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"ftp://a.example/b"}]}]}""", "input[0].content[0].image_url")]
    [InlineData("anthropic-messages", """{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"ftp://a.example/b"}}]}]}""", "messages[0].content[0].source.url")]
    [InlineData("anthropic-messages", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}""", "messages[0].content[0].source.file_id")]
    [InlineData("gemini", """{"contents":[{"parts":[{"fileData":{"fileUri":"ftp://a.example/b"}}]}]}""", "contents[0].parts[0].fileData.fileUri")]
    public void Media_elsewhere_are_named_by_the_callers_own_field(string caller, string body, string field)
    {
        var request = WireFormats.Get(caller).Requests.Read(Bytes(body), new CallPath("m"));

        Assert.Equal(field, CallerFields.Media(caller, Assert.Single(request.Messages[^1].Parts)));
    }

    [Theory]
    [InlineData("openai-chat", """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"a b"}}]}""", "tools[1].function.name")]
    [InlineData("openai-chat", """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"custom","custom":{"name":"a b"}}]}""", "tools[0].custom.name")]
    [InlineData("openai-chat", """{"messages":[{"role":"user","content":"x"}],"functions":[{"name":"a b"}]}""", "functions[0].name")]
    [InlineData("openai-responses", """{"input":"x","tools":[{"type":"function","name":"a b"}]}""", "tools[0].name")]
    [InlineData("anthropic-messages", """{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"a b","input_schema":{}}]}""", "tools[0].name")]
    [InlineData("gemini", """{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f"},{"name":"a b"}]}]}""", "tools[0].functionDeclarations[1].name")]
    [InlineData("bedrock-converse", """{"messages":[{"role":"user","content":[{"text":"x"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"a b","inputSchema":{"json":{}}}}]}}""", "toolConfig.tools[0].toolSpec.name")]
    [InlineData("ollama", """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a b"}}]}""", "tools[0].function.name")]
    public void A_renamed_tool_is_named_where_the_caller_named_it(string caller, string body, string field)
    {
        var warnings = new List<Warning>();
        var request = WireFormats.Get(caller).Requests.Read(Bytes(body), new CallPath("m"));

        RenamedTools.Of(request, new ToolNameRule(64))!.Put(request, warnings);
        CallerFields.Rename(caller, warnings);

        Assert.Equal(field, Assert.Single(warnings).Field);
    }

    [Theory]
    [InlineData("openai-chat", """{"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}}]}]}""", "messages[0].content[0].file.filename")]
    [InlineData("openai-responses", """{"input":[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}]}]}""", "input[0].content[0].filename")]
    [InlineData("anthropic-messages", """{"max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","title":"a","source":{"type":"base64","media_type":"application/pdf","data":"JVBERg=="}}]}]}""", "messages[0].content[0].title")]
    [InlineData("bedrock-converse", """{"messages":[{"role":"user","content":[{"document":{"format":"pdf","name":"a","source":{"bytes":"JVBERg=="}}}]}]}""", "messages[0].content[0].document.name")]
    public void The_name_of_a_file_is_named_where_the_caller_wrote_it(string caller, string body, string field)
    {
        var request = WireFormats.Get(caller).Requests.Read(Bytes(body), new CallPath("m"));

        var (_, warnings) = Upstreams.Write(WireFormats.Get("gemini"), request, quirks: new WireQuirks { DisplayNames = false });
        CallerFields.Rename(caller, warnings);

        Assert.Equal(field, Assert.Single(warnings, warning => warning.Code == "emulated").Field);
    }

    [Theory]
    [InlineData(null, "thinking")]
    [InlineData(ReasoningEffort.None, "thinking")]
    [InlineData(ReasoningEffort.Low, "output_config.effort")]
    public void Who_says_nothing_of_an_effort_is_told_of_its_thinking(ReasoningEffort? effort, string field)
    {
        List<Warning> warnings = [new("dropped", "reasoning_effort", "")];

        CallerFields.Rename("anthropic-messages", warnings, new Reasoning(effort) { Place = "thinking" });

        Assert.Equal(field, Assert.Single(warnings).Field);
    }

    [Fact]
    public void The_fields_of_a_file_that_Google_reads_are_named_inside_it()
    {
        var request = WireFormats.Get("gemini").Requests.Read(
            Bytes("""{"contents":[{"role":"user","parts":[{"text":"x"},{"fileData":{"mimeType":"image/png","fileUri":"https://a.example/b.png","odd":1}}]}]}"""), new CallPath("m"));

        var (_, warnings) = Upstreams.Write(WireFormats.Get("anthropic-messages"), request);
        var (own, _) = Upstreams.Write(WireFormats.Get("gemini"), request);

        Assert.Equal(["contents[0].parts[1].fileData.mimeType", "contents[0].parts[1].fileData.odd"], warnings.Select(warning => warning.Field));
        Assert.Equal("""{"mimeType":"image/png","odd":1,"fileUri":"https://a.example/b.png"}""", string.Concat("{", string.Join(',', own["contents"]![0]!["parts"]![1]!["fileData"]!.AsObject().OrderByDescending(field => field.Key != "fileUri").Select(field => $"\"{field.Key}\":{field.Value!.ToJsonString()}")), "}"));
    }

    private static byte[] Bytes(string body) => Encoding.UTF8.GetBytes("{\"model\":\"m\"," + body[1..]);
}
