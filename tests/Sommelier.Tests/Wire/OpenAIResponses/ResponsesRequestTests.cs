using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Tests.Wire.OpenAIResponses;

public sealed class ResponsesRequestTests
{
    private const string Conversation = """
        {"model":"gpt","instructions":"Be brief.","max_output_tokens":900,"stream":true,"temperature":0.5,"top_p":0.9,"user":"u-1","parallel_tool_calls":false,
         "input":[
          {"role":"developer","content":"No jokes."},
          {"type":"message","role":"user","content":[{"type":"input_text","text":"Look:"},{"type":"input_image","detail":"low","image_url":"data:image/png;base64,AAAA"},{"type":"input_file","file_id":"file-1"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"},{"type":"input_audio","input_audio":{"data":"CCCC","format":"mp3"}}]},
          {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAA"},
          {"type":"message","id":"msg_1","role":"assistant","status":"completed","phase":"commentary","content":[{"type":"output_text","text":"Wait.","annotations":[],"logprobs":[]}]},
          {"type":"message","id":"msg_2","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Now.","annotations":[{"type":"url_citation","url":"https://example.com"}]},{"type":"refusal","refusal":"No."}]},
          {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}},
          {"type":"function_call","id":"fc_1","call_id":"call_a","name":"f","arguments":"{\"x\":1}","status":"completed","namespace":"n"},
          {"type":"custom_tool_call","id":"ctc_1","call_id":"call_c","name":"c","input":"raw"},
          {"type":"function_call_output","call_id":"call_a","output":[{"type":"input_text","text":"one"},{"type":"input_image","image_url":"https://example.com/a.png"}]},
          {"type":"custom_tool_call_output","call_id":"call_c","output":"two"},
          {"role":"user","content":"So?"}],
         "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true,"defer_loading":true},{"type":"web_search","filters":{"allowed_domains":["a.com"]}}],
         "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]},
         "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true,"description":"s"},"verbosity":"low"},
         "reasoning":{"effort":"low","summary":"auto"},"include":["reasoning.encrypted_content"],"store":false,"truncation":"auto","service_tier":"flex",
         "prompt_cache_key":"k","safety_identifier":"s","metadata":{"a":"b"},"unheard_of":{"x":[1]}}
        """;

    [Fact]
    public void Items_become_turns()
    {
        var request = ResponsesWire.ReadForOwn(Conversation);

        Assert.Equal(["Be brief.", "No jokes."], request.SystemInstructions.OfType<TextPart>().Select(part => part.Text));
        Assert.Equal([Role.User, Role.Assistant, Role.Tool, Role.User], request.Messages.Select(message => message.Role));
        Assert.Equal(
            [nameof(TextPart), nameof(BlobPart), nameof(FilePart), nameof(BlobPart), nameof(BlobPart)],
            request.Messages[0].Parts.Select(part => part.GetType().Name));
        Assert.Equal("audio/mpeg", ((BlobPart)request.Messages[0].Parts[4]).MediaType);
        Assert.Equal(
            new ReasoningPart("Hm.", "gAAA") { Vendor = Seals.OpenAI, Id = "rs_1" },
            request.Messages[1].Parts[0]);
        Assert.Equal(
            [("call_a", "f", "{\"x\":1}", false), ("call_c", "c", "{\"input\":\"raw\"}", true)],
            request.Messages[1].Parts.OfType<ToolCallPart>().Select(call => (call.Id, call.Name, call.Arguments, call.IsCustom)));
        Assert.Equal(["web_search_call"], request.Messages[1].Parts.OfType<OpaquePart>().Select(part => part.Type));
        Assert.Equal(2, ((ToolCallResponsePart)request.Messages[2].Parts[0]).Parts.Count);
        Assert.Equal((900, true, 0.5, 0.9, "u-1", false), (request.MaxOutputTokens, request.Stream, request.Sampling.Temperature, request.Sampling.TopP, request.EndUser, request.ParallelToolCalls));
        Assert.Equal(new ResponseFormat(ResponseFormatKind.JsonSchema, "n", """{"type":"object"}""", true, "s"), request.ResponseFormat);
        Assert.Equal(ReasoningEffort.Low, request.Reasoning?.Effort);
        Assert.Equal((ToolChoiceMode.Required, "f"), (request.ToolChoice!.Mode, request.ToolChoice.Allowed!.Single()));
    }

    [Fact]
    public void Everything_comes_back_in_the_same_format()
    {
        var (body, warnings) = ResponsesWire.Write(ResponsesWire.ReadForOwn(Conversation));
        var expected = JsonNode.Parse(Conversation)!;
        expected["model"] = "m1";
        expected["instructions"] = "Be brief.\n\nNo jokes.";
        var input = expected["input"]!.AsArray();
        input.RemoveAt(0);
        input[^1] = JsonNode.Parse("""{"type":"message","role":"user","content":"So?"}""");
        foreach (var item in input.Where(item => (string?)item!["role"] == "assistant"))
        {
            // Empty lists say nothing.
            foreach (var part in item!["content"]!.AsArray())
            {
                foreach (var name in (string[])["annotations", "logprobs"])
                {
                    if (part![name] is JsonArray { Count: 0 })
                    {
                        part.AsObject().Remove(name);
                    }
                }
            }
        }

        Assert.Equal("", warnings);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(body)), body);
    }

    [Fact]
    public void A_text_is_the_users_message()
    {
        var request = ResponsesWire.Read("""{"model":"m","input":"Hi"}""");
        Assert.Equal(Role.User, request.Messages.Single().Role);
        Assert.Equal("Hi", ((TextPart)request.Messages[0].Parts[0]).Text);
        Assert.Null(request.Extra);
    }

    [Fact]
    public void Another_dialects_conversation_needs_no_storage_and_keeps_its_thinking()
    {
        var request = new ChatRequest
        {
            OriginalModel = "m",
            Format = "openai-chat",
            SystemInstructions = [new TextPart("S")],
            Messages =
            [
                new Message(Role.User, [new TextPart("x")]),
                new Message(Role.Assistant,
                [
                    new ReasoningPart("t", "gAAA") { Vendor = Seals.OpenAI, Id = "rs_1" },
                    new ReasoningPart("u", "sig") { Vendor = Seals.Anthropic },
                    new TextPart("y"),
                    new ToolCallPart("call_1", "f", "{}"),
                ]),
                new Message(Role.Tool, [new ToolCallResponsePart("call_1", [new TextPart("r"), new BlobPart("image/png", "AAAA")])]),
            ],
            Tools = [new ToolDefinition("f", null, null)],
            Reasoning = new Reasoning(ReasoningEffort.High),
            Sampling = new Sampling { Stop = ["END"], Seed = 1 },
        };
        var (body, warnings) = ResponsesWire.Write(request);
        Assert.Equal("dropped messages, dropped seed, dropped stop", warnings);
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""
                    {"model":"m1","instructions":"S","input":[
                      {"type":"message","role":"user","content":"x"},
                      {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":"gAAA"},
                      {"type":"message","role":"assistant","content":[{"type":"output_text","text":"y"}]},
                      {"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"},
                      {"type":"function_call_output","call_id":"call_1","output":[{"type":"input_text","text":"r"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}],
                     "tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}],
                     "reasoning":{"effort":"high"},"store":false,"include":["reasoning.encrypted_content"]}
                    """),
                JsonNode.Parse(body)),
            body);
    }

    [Fact]
    public void A_model_that_does_not_think_is_not_asked_for_its_thinking()
    {
        var request = new ChatRequest { OriginalModel = "m", Format = "openai-chat", Messages = [new Message(Role.User, [new TextPart("x")])], Reasoning = new Reasoning(ReasoningEffort.Low) };
        var (body, warnings) = ResponsesWire.Write(request, new WireQuirks { Reasoning = ReasoningKnob.None });
        Assert.Equal(("""{"model":"m1","input":[{"type":"message","role":"user","content":"x"}],"store":false}""", "dropped reasoning_effort"), (body, warnings));
    }

    [Theory]
    [InlineData("""{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"role":"user","content":"x"}""", "emulated input[1]")]
    [InlineData("""{"role":"user","content":"x"},{"type":"function_call_output","call_id":"a","output":"r"}""", "emulated input[1]")]
    public void Calls_and_results_without_each_other_are_mended(string items, string warnings)
    {
        var (body, told) = ResponsesWire.Write(ResponsesWire.Read($$"""{"model":"m","input":[{{items}}]}"""));
        Assert.Equal(warnings, told);
        var written = JsonNode.Parse(body)!["input"]!.AsArray();
        var calls = written.Count(item => (string?)item!["type"] == "function_call");
        Assert.Equal(calls, written.Count(item => (string?)item!["type"] == "function_call_output"));
    }

    [Theory]
    [InlineData("""{"input":"x"}""", "model")]
    [InlineData("""{"model":"","input":"x"}""", "model")]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":[]}""", "input")]
    [InlineData("""{"model":"m","input":7}""", "input")]
    [InlineData("""{"model":"m","input":["x"]}""", "input[0]")]
    [InlineData("""{"model":"m","input":[{"content":"x"}]}""", "input[0].type")]
    [InlineData("""{"model":"m","input":[{"role":"nobody","content":"x"}]}""", "input[0].role")]
    [InlineData("""{"model":"m","input":[{"type":"message","content":"x"}]}""", "input[0].role")]
    [InlineData("""{"model":"m","input":[{"role":"user"}]}""", "input[0].content")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"text":"x"}]}]}""", "input[0].content[0].type")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":1}]}]}""", "input[0].content[0].text")]
    [InlineData("""{"model":"m","input":"x","background":true}""", "background")]
    [InlineData("""{"model":"m","input":"x","conversation":"conv_1"}""", "conversation")]
    [InlineData("""{"model":"m","input":"x","instructions":[]}""", "instructions")]
    [InlineData("""{"model":"m","input":"x","max_output_tokens":0}""", "max_output_tokens")]
    [InlineData("""{"model":"m","input":"x","tools":[1]}""", "tools[0]")]
    [InlineData("""{"model":"m","input":"x","tool_choice":"maybe"}""", "tool_choice")]
    [InlineData("""{"model":"m","input":"x","text":{"format":{"type":null}}}""", "text.format.type")]
    [InlineData("""{"model":"m","input":"x","model":"n"}""", "model")]
    [InlineData("""{"model":"m","input":"x","sommelier":{"polcy":"x"}}""", "sommelier.polcy")]
    public void Faults_are_told_by_the_first_pass(string body, string field) =>
        Assert.Equal(field, Assert.Throws<WireException>(() => ResponsesWire.Outline(body)).Error.Field);

    [Theory]
    [InlineData("""[{"type":"function_call","call_id":"a"}]""", "input[0].name")]
    [InlineData("""[{"type":"function_call_output","output":"x"}]""", "input[0].call_id")]
    [InlineData("""[{"type":"function_call_output","call_id":"a"}]""", "input[0].output")]
    [InlineData("""[{"type":"item_reference","id":"msg_1"}]""", "input[0]")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image"}]}]""", "input[0].content[0].image_url")]
    public void Faults_that_only_a_translation_meets_are_told_then(string input, string field) =>
        Assert.Equal(field, Assert.Throws<WireException>(() => ResponsesWire.Read($$"""{"model":"m","input":{{input}}}""")).Error.Field);

    [Fact]
    public void A_choice_of_a_vendors_tool_goes_to_that_vendor_only()
    {
        var request = ResponsesWire.Read("""{"model":"m","input":"x","tools":[{"type":"web_search"}],"tool_choice":{"type":"web_search"}}""");
        Assert.Null(request.ToolChoice);
        Assert.Contains("\"tool_choice\":{\"type\":\"web_search\"}", ResponsesWire.Write(request).Body, StringComparison.Ordinal);
        Assert.Equal("dropped tools[0], dropped tool_choice", ResponsesWire.Write(request, format: Sommelier.Wire.OpenAIChat.OpenAIChatFormat.Instance).Warnings);
    }

    [Fact]
    public void What_says_nothing_elsewhere_is_no_loss_there()
    {
        var request = ResponsesWire.Read("""
            {"model":"m","store":true,"include":["reasoning.encrypted_content"],"prompt_cache_key":"k","truncation":"disabled","service_tier":"auto","metadata":{},"text":{"verbosity":"medium"},
             "input":[{"role":"user","content":"x"},{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"y","annotations":[]}]},
              {"type":"function_call","id":"fc_1","status":"completed","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":"r"}]}
            """);
        Assert.Equal("", ResponsesWire.Write(request, format: Sommelier.Wire.OpenAIChat.OpenAIChatFormat.Instance).Warnings);
    }

    [Fact]
    public void Thinking_wrapped_for_the_caller_is_unwrapped_again()
    {
        var part = ResponsesItemReader.Sealed("t", Seals.Wrap(Seals.Anthropic, "sig"), ResponsesIds.OwnThinking + "1");
        Assert.Equal(new ReasoningPart("t", "sig") { Vendor = Seals.Anthropic }, part);
    }
}
