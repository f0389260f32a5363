using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Pairs;

/// <summary>Habits of one vendor's callers that another vendor would refuse or misread.</summary>
public sealed class ForeignHabitTests
{
    private static readonly WireTarget Target = new() { Model = "m", Quirks = WireQuirks.Default };

    [Theory]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"MID"},{"role":"user","content":"c"}]}""")]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"system","content":"MID"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""")]
    public void A_system_message_of_Anthropics_callers_is_no_users_word_at_Bedrock(string body)
    {
        var warnings = new List<Warning>();
        var sent = Write("bedrock-converse", Read("anthropic-messages", body), Target, warnings);

        Assert.Equal("MID", sent["system"]![0]!["text"]!.GetValue<string>());
        Assert.Equal(["user", "assistant", "user"], Roles(sent));
        Assert.Contains(warnings, warning => warning is { Code: "emulated", Field: "messages" });
    }

    [Fact]
    public void What_Anthropics_callers_begin_and_end_with_is_arranged_for_Bedrock()
    {
        var sent = Write("bedrock-converse", Read("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"The answer is "}]}"""), Target, []);

        Assert.Equal(["user", "assistant", "user", "assistant"], Roles(sent));
        Assert.Equal("The answer is", sent["messages"]![3]!["content"]![0]!["text"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":""},{"role":"user","content":"b"}]""", "user")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"p"},{"role":"user","content":""},{"role":"assistant","content":"q"},{"role":"user","content":"b"}]""", "user assistant user")]
    public void Turns_around_an_empty_one_become_one(string messages, string roles)
    {
        foreach (var target in (string[])["bedrock-converse", "anthropic-messages"])
        {
            var sent = Write(target, Read("openai-chat", $$"""{"model":"m","messages":{{messages}}}"""), Target, []);
            Assert.Equal(roles, string.Join(' ', Roles(sent)));
        }
    }

    [Theory]
    [InlineData("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"w?"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]},{"role":"assistant","content":[{"type":"tool_use","id":"c2","name":"f","input":{}}]},{"role":"assistant","content":"wait"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"R1"},{"type":"text","text":"go"}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c2","content":"R2"}]}]}""")]
    [InlineData("gemini", """{"contents":[{"role":"user","parts":[{"text":"w?"}]},{"role":"model","parts":[{"functionCall":{"id":"c1","name":"f","args":{}}}]},{"role":"model","parts":[{"functionCall":{"id":"c2","name":"f","args":{}}}]},{"role":"model","parts":[{"text":"wait"}]},{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"output":"R1"}}},{"text":"go"}]},{"role":"user","parts":[{"functionResponse":{"id":"c2","name":"f","response":{"output":"R2"}}}]}]}""")]
    public void A_turn_told_in_pieces_is_one_for_OpenAI_and_its_results_stand_behind_it(string from, string body)
    {
        var warnings = new List<Warning>();
        var chat = Write("openai-chat", Read(from, body), Target, warnings);
        Assert.Equal(["user", "assistant", "tool", "tool", "user"], Roles(chat));
        Assert.Equal("wait", chat["messages"]![1]!["content"]!.GetValue<string>());
        Assert.Equal(["c1", "c2"], chat["messages"]![1]!["tool_calls"]!.AsArray().Select(static call => call!["id"]!.GetValue<string>()));
        Assert.Equal(["R1", "R2"], chat["messages"]!.AsArray().Skip(2).Take(2).Select(static result => Said(result!["content"]!.GetValue<string>())));

        var responses = Write("openai-responses", Read(from, body), Target, warnings);
        Assert.Equal(
            ["message", "function_call", "function_call", "message", "function_call_output", "function_call_output", "message"],
            responses["input"]!.AsArray().Select(static item => item!["type"]!.GetValue<string>()));
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_result_moves_up_to_the_call_that_waits_for_it_and_one_without_a_call_stays()
    {
        var call = new Message(Role.Assistant, [new ToolCallPart("c1", "f", "{}")]);
        var user = new Message(Role.User, [new TextPart("hm")]);
        var said = new Message(Role.Assistant, [new TextPart("x")]);
        var result = new Message(Role.Tool, [new ToolCallResponsePart("c1", [new TextPart("R")])]);
        var stray = new Message(Role.Tool, [new ToolCallResponsePart("c9", [new TextPart("S")])]);
        IReadOnlyList<Message> inOrder = [user, call, result, said, user, call, result];

        Assert.Same(inOrder, AnsweredCalls.Arrange(inOrder));
        Assert.Equal([user, call, result, user, said, stray], AnsweredCalls.Arrange([user, call, user, said, result, stray]));
        Assert.Equal([call, result, result], AnsweredCalls.Arrange([call, result, result]));
        Assert.Equal([stray, call], AnsweredCalls.Arrange([stray, call]));
    }

    [Fact]
    public void What_was_said_in_two_messages_stays_apart()
    {
        var sent = Write("openai-chat", Read("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"w?"},{"role":"assistant","content":[{"type":"text","text":"x"},{"type":"tool_use","id":"c1","name":"f","input":{}}]},{"role":"assistant","content":"y"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"R1"}]}]}"""), Target, []);

        Assert.Equal("x\n\ny", sent["messages"]![1]!["content"]!.GetValue<string>());
    }

    [Fact]
    public void Media_of_a_data_URL_that_says_not_of_what_are_refused()
    {
        var refused = Assert.Throws<WireException>(() => Read("openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:;base64,iVBORw0K"}}]}]}"""));

        Assert.Contains("media type", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai-chat", """{"model":"m","logprobs":true,"messages":[{"role":"user","content":"q"}]}""")]
    [InlineData("gemini", """{"contents":[{"role":"user","parts":[{"text":"q"}]}],"generationConfig":{"responseLogprobs":true}}""")]
    [InlineData("ollama", """{"model":"m","logprobs":true,"messages":[{"role":"user","content":"q"}]}""")]
    public void Log_probabilities_that_a_model_refuses_are_not_left_out_in_silence(string from, string body)
    {
        var warnings = new List<Warning>();
        var refusing = Target with { Quirks = new() { Unsupported = FrozenSet.Create("logprobs", "top_logprobs") } };

        Assert.Null(Write("openai-responses", Read(from, body), refusing, warnings)["include"]);
        Assert.Contains(warnings, static warning => warning is { Code: "dropped", Field: "logprobs" });

        warnings.Clear();
        Assert.NotNull(Write("openai-responses", Read(from, body), Target, warnings)["include"]);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("data:image/jpg;base64,/9j/4A==", "image/jpeg")]
    [InlineData("data:IMAGE/PNG;charset=utf-8;base64,iVBORw0K", "image/png")]
    public void A_picture_by_a_nickname_of_its_type_is_shown(string url, string type)
    {
        var warnings = new List<Warning>();
        var chat = Read("openai-chat", $$$"""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}""");

        Assert.Equal(type, Write("anthropic-messages", chat, Target, warnings)["messages"]![0]!["content"]![0]!["source"]!["media_type"]!.GetValue<string>());
        Assert.Equal(type, Write("gemini", chat, Target, warnings)["contents"]![0]!["parts"]![0]!["inlineData"]!["mimeType"]!.GetValue<string>());
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_data_URL_among_Ollamas_images_is_taken_apart()
    {
        var sent = Write("anthropic-messages", Read("ollama", """{"model":"m","messages":[{"role":"user","content":"q","images":["data:image/png;base64,iVBORw0K"]}]}"""), Target, []);
        var source = sent["messages"]![0]!["content"]!.AsArray().Single(block => block!["type"]!.GetValue<string>() == "image")!["source"]!;

        Assert.Equal(("image/png", "iVBORw0K"), (source["media_type"]!.GetValue<string>(), source["data"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "\"reasoning_effort\":\"xhigh\"", 24_576)]
    [InlineData("gemini-2.5-flash", "\"reasoning_effort\":\"none\"", 0)]
    [InlineData("gemini-2.5-flash-lite", "\"reasoning_effort\":\"none\"", 0)]
    [InlineData("gemini-2.5-flash-lite", "\"reasoning_effort\":\"minimal\"", 512)]
    [InlineData("gemini-2.5-pro", "\"reasoning_effort\":\"none\"", 128)]
    [InlineData("gemini-2.5-pro", "\"reasoning_effort\":\"xhigh\"", 32_768)]
    public void A_budget_of_thinking_stays_within_what_the_model_takes(string model, string asked, int budget)
    {
        var warnings = new List<Warning>();
        var deployment = BundledCatalog.Provider("gemini").Deployments.Single(one => one.Model == model);
        var target = Target with { Quirks = ProviderRegistry.Find("gemini")!.Quirks(deployment, "gemini") };
        var sent = Write("gemini", Read("openai-chat", $$"""{"model":"m",{{asked}},"messages":[{"role":"user","content":"q"}]}"""), target, warnings);

        Assert.Equal(budget, sent["generationConfig"]!["thinkingConfig"]!["thinkingBudget"]!.GetValue<int>());
        Assert.Equal(budget != 0, warnings.Any(warning => warning.Code == "emulated"));
    }

    [Theory]
    [InlineData("anthropic", null, "c2ln+/8=")]
    [InlineData("openai", "rs_1", "gAAA-_x")]
    public void Seals_of_other_vendors_are_base64_for_Googles_callers_and_come_back(string vendor, string? id, string seal)
    {
        var gemini = WireFormats.Get("gemini");
        var output = new ArrayBufferWriter<byte>();
        gemini.Responses.Write(
            new() { Id = "a", Parts = [new ReasoningPart("Hm.", seal) { Vendor = vendor, Id = id }, new TextPart("42")], FinishReason = new(FinishReasonKind.Stop) },
            new() { FallbackId = "f", Model = "m", Created = DateTimeOffset.UnixEpoch }, output, []);
        var signature = JsonNode.Parse(output.WrittenSpan)!["candidates"]![0]!["content"]!["parts"]![0]!["thoughtSignature"]!.GetValue<string>();
        Assert.True(Convert.TryFromBase64String(signature, new byte[signature.Length], out _), signature);

        foreach (var sent in (string[])[signature, signature.TrimEnd('=').Replace('+', '-').Replace('/', '_')])
        {
            var body = $$"""{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"Hm.","thought":true,"thoughtSignature":"{{sent}}"},{"text":"42"}]},{"role":"user","parts":[{"text":"more"}]}]}""";
            var thinking = Read("gemini", body).Messages[1].Parts.OfType<ReasoningPart>().Single();
            Assert.Equal((vendor, id, seal), (thinking.Vendor, thinking.Id, thinking.Signature));

            // Google would refuse it: what carries one is written anew.
            Assert.False(gemini.Requests.CanForward(gemini.Requests.Outline(Encoding.UTF8.GetBytes(body), new("m")), Target) && Forwarded(body).Contains(sent, StringComparison.Ordinal));
        }
    }

    private static string Forwarded(string body)
    {
        var gemini = WireFormats.Get("gemini");
        var bytes = Encoding.UTF8.GetBytes(body);
        var output = new ArrayBufferWriter<byte>();
        gemini.Requests.Forward(bytes, gemini.Requests.Outline(bytes, new("m")), Target, output, []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static ChatRequest Read(string format, string body) => WireFormats.Get(format).Requests.Read(Encoding.UTF8.GetBytes(body), new("m"));

    private static JsonNode Write(string format, ChatRequest request, WireTarget target, List<Warning> warnings)
    {
        var output = new ArrayBufferWriter<byte>();
        WireFormats.Get(format).Requests.Write(request, target, output, warnings);
        return JsonNode.Parse(output.WrittenSpan)!;
    }

    // Google's callers give results as objects.
    private static string Said(string result) => result.StartsWith('{') ? JsonNode.Parse(result)!["output"]!.GetValue<string>() : result;

    private static IEnumerable<string> Roles(JsonNode sent) => sent["messages"]!.AsArray().Select(message => message!["role"]!.GetValue<string>());
}
