using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.OpenAIChat;

public sealed class RequestTests
{
    private static readonly WireQuirks OpenAI = new() { DeveloperRole = true, ReasoningReplayField = "reasoning_details" };

    private const string Rich = """
        {"model":"auto","messages":[
          {"role":"developer","content":"Be brief."},
          {"role":"user","name":"ann","content":[{"type":"text","text":"What is this?","cache_control":{"type":"ephemeral"}},
            {"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
            {"type":"input_audio","input_audio":{"data":"QUJD","format":"mp3"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}},
            {"type":"file","file":{"file_id":"file-1"}},{"type":"hologram","x":1}]},
          {"role":"assistant","content":"Let me look.","reasoning_content":"hm","tool_calls":[
            {"id":"c1","type":"function","function":{"name":"look","arguments":"{\"a\":1}"},"extra_content":{"s":1}},
            {"id":"c2","type":"function","function":{"name":"look","arguments":""}}]},
          {"role":"tool","tool_call_id":"c1","content":"a cat"},
          {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"a dog"}]},
          {"role":"assistant","content":null,"refusal":"No."},
          {"role":"system","content":"Now in French."},
          {"role":"user","content":"Go on"}],
         "max_tokens":100,"temperature":0.5,"top_p":0.9,"frequency_penalty":0.1,"presence_penalty":0.2,"seed":7,"stop":"END","n":2,
         "logprobs":true,"top_logprobs":3,"logit_bias":{"5":-1},"parallel_tool_calls":false,"user":"u","stream":true,
         "stream_options":{"include_usage":true,"include_obfuscation":false},"reasoning_effort":"low","metadata":{"k":"v"},
         "tools":[{"type":"function","function":{"name":"look","description":"Looks","parameters":{"type":"object"},"strict":true,"x_inner":1},"x_outer":2},{"type":"custom","custom":{"name":"raw"}}],
         "tool_choice":{"type":"function","function":{"name":"look"}},
         "response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object"},"strict":true}}}
        """;

    [Fact]
    public void A_schema_beside_json_object_counts()
    {
        var request = Read("""{"model":"auto","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object","schema":{"type":"object"}}}""");

        Assert.Equal(new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: """{"type":"object"}"""), request.ResponseFormat);
    }

    [Fact]
    public void Reads_everything_into_our_words()
    {
        var request = Read(Rich);
        Assert.Equal("Be brief.", Assert.IsType<TextPart>(Assert.Single(request.SystemInstructions)).Text);
        Assert.Equal([Role.User, Role.Assistant, Role.Tool, Role.Tool, Role.Assistant, Role.System, Role.User], request.Messages.Select(message => message.Role));
        var user = request.Messages[0];
        Assert.Equal("ann", user.Name);
        Assert.Equal(
            ["TextPart", "UriPart", "BlobPart", "BlobPart", "BlobPart", "FilePart", "OpaquePart"], user.Parts.Select(part => part.GetType().Name));
        Assert.Equal("audio/mpeg", ((BlobPart)user.Parts[3]).MediaType);
        Assert.Equal("image_url.detail", Assert.Single(user.Parts[1].Extra!.Fields).Key);
        Assert.Equal(["ReasoningPart", "TextPart", "ToolCallPart", "ToolCallPart"], request.Messages[1].Parts.Select(part => part.GetType().Name));
        Assert.Equal("{}", ((ToolCallPart)request.Messages[1].Parts[3]).Arguments);
        Assert.Equal("No.", Assert.IsType<RefusalPart>(Assert.Single(request.Messages[4].Parts)).Text);
        Assert.Equal((100, true, true, false, "u"), (request.MaxOutputTokens, request.Stream, request.StreamUsage, request.ParallelToolCalls, request.EndUser));
        Assert.Equal(["END"], request.Sampling.Stop);
        Assert.Equal((0.5, 0.9, 7L, 2, 3), (request.Sampling.Temperature, request.Sampling.TopP, request.Sampling.Seed, request.Sampling.Choices, request.Sampling.TopLogProbs));
        Assert.Equal(new ToolChoice(ToolChoiceMode.Named, "look"), request.ToolChoice);
        Assert.Equal(new ResponseFormat(ResponseFormatKind.JsonSchema, "n", """{"type":"object"}""", true, "d"), request.ResponseFormat);
        Assert.Equal(ReasoningEffort.Low, request.Reasoning!.Effort);
        Assert.Equal(["stream_options", "metadata"], request.Extra!.Fields.Select(field => field.Key));
        Assert.Equal(("raw", new CustomToolInput()), (request.Tools[1].Name, request.Tools[1].Custom));
    }

    [Fact]
    public void A_request_survives_being_written_and_read_again()
    {
        var request = Read(Rich);
        var (body, warnings) = Write(request, OpenAI);
        Assert.Equal("", warnings);
        Assert.Equal(Show(request with { OriginalModel = "m1" }), Show(Read(body)));
    }

    [Theory]
    [MemberData(nameof(Recording.Requests), MemberType = typeof(Recording))]
    public void A_recorded_request_is_written_as_it_came(string name)
    {
        var body = JsonNode.Parse(Recording.Request(name))!.AsObject();
        var (written, warnings) = Write(Read(body.ToJsonString()), OpenAI, askUsage: false);
        body["model"] = "m1";
        foreach (var message in body["messages"]!.AsArray())
        {
            if ((string?)message!["role"] is "developer")
            {
                message["role"] = "system";
            }
        }

        Assert.Equal("", warnings);
        Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(written)), written);
    }

    [Fact]
    public void Any_request_in_our_words_survives()
    {
        var text = Gen.String[Gen.Char.AlphaNumeric, 1, 8];
        var part = Gen.OneOf<ContentPart>(
            text.Select(value => (ContentPart)new TextPart(value)), text.Select(value => (ContentPart)new UriPart("https://h/" + value, MediaKind.Image)),
            text.Select(value => (ContentPart)new BlobPart("image/png", value)), text.Select(value => (ContentPart)new FilePart(value, MediaKind.Document)));
        var user = part.List[1, 3].Select(parts => (Message[])[new Message(Role.User, parts)]);
        var calls = Gen.Select(text, text, Gen.Bool).Select((said, result, two) =>
        {
            List<ContentPart> parts = [new TextPart(said), new ToolCallPart("call_" + said, "f", "{\"a\":1}")];
            List<Message> turn = [new Message(Role.Assistant, parts), new Message(Role.Tool, [new ToolCallResponsePart("call_" + said, [new TextPart(result)])])];
            if (two)
            {
                parts.Add(new ToolCallPart("call2_" + said, "g", "{}"));
                turn.Add(new Message(Role.Tool, [new ToolCallResponsePart("call2_" + said, [])]));
            }

            return turn.ToArray();
        });
        Gen.Select(Gen.OneOf(user, calls).List[1, 5], text, Gen.Int[1, 500], Gen.Bool).Sample((turns, system, limit, stream) =>
        {
            var request = new ChatRequest
            {
                OriginalModel = "m1", Format = OpenAIChatFormat.FormatName, SystemInstructions = [new TextPart(system)],
                Messages = turns.SelectMany(turn => turn).ToList(), MaxOutputTokens = limit, Stream = stream, StreamUsage = stream,
                Sampling = new Sampling { Temperature = 0.5, Stop = [system] }, Tools = [new ToolDefinition("f", "d", "{}", null)],
                ToolChoice = new ToolChoice(ToolChoiceMode.Auto), Reasoning = new Reasoning(ReasoningEffort.High),
            };
            var (body, warnings) = Write(request, OpenAI);
            return warnings.Length == 0 && Show(request) == Show(Read(body));
        });
    }

    [Fact]
    public void What_another_format_alone_knows_is_told()
    {
        var other = new Extra("anthropic-messages", [new("cache_control", "{}")]);
        var request = Simple() with
        {
            Messages = [new Message(Role.User, [new TextPart("x", other), new OpaquePart("anthropic-messages", "search_result", "{}")])],
            Tools = [new ToolDefinition("web", null, null) { Opaque = new OpaquePart("anthropic-messages", "web_search_20260209", "{}") }],
            Extra = new Extra("anthropic-messages", [new("container", "1")]),
        };
        var (body, warnings) = Write(request, OpenAI);
        Assert.Equal("dropped messages[0].cache_control, dropped messages[0], dropped tools, dropped container", warnings);
        Assert.DoesNotContain("search_result", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"tools\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Media_of_a_tool_goes_into_a_user_message_after_all_results()
    {
        var request = Simple() with
        {
            Messages =
            [
                new Message(Role.User, [new TextPart("x")]),
                new Message(Role.Assistant, [new ToolCallPart("a", "f", "{}"), new ToolCallPart("b", "f", "{}")]),
                new Message(Role.Tool, [new ToolCallResponsePart("a", [new BlobPart("image/png", "AAAA")]), new ToolCallResponsePart("b", [new TextPart("two")])]),
            ],
        };
        var (body, warnings) = Write(request, OpenAI);
        var messages = JsonNode.Parse(body)!["messages"]!.AsArray();
        Assert.Equal(["user", "assistant", "tool", "tool", "user"], messages.Select(message => (string?)message!["role"]));
        Assert.Null(messages[1]!["content"]);
        Assert.Equal("(see the next user message)", (string?)messages[2]!["content"]);
        Assert.Equal("data:image/png;base64,AAAA", (string?)messages[4]!["content"]![1]!["image_url"]!["url"]);
        Assert.Equal("emulated messages[2]", warnings);
    }

    [Fact]
    public void Calls_without_results_and_results_without_calls_are_made_whole()
    {
        var request = Simple() with
        {
            Messages =
            [
                new Message(Role.Assistant, [new ToolCallPart("a", "f", "{}")]),
                new Message(Role.User, [new TextPart("never mind")]),
                new Message(Role.Tool, [new ToolCallResponsePart("zz", [new TextPart("late")])]),
            ],
        };
        var (body, warnings) = Write(request, OpenAI);
        var messages = JsonNode.Parse(body)!["messages"]!.AsArray();
        Assert.Equal(["assistant", "tool", "user", "user"], messages.Select(message => (string?)message!["role"]));
        Assert.Equal("emulated messages[1], emulated messages[2]", warnings);
    }

    [Fact]
    public void Tool_call_ids_get_the_length_that_the_target_demands_in_calls_and_results_alike()
    {
        var request = Simple() with
        {
            Messages =
            [
                new Message(Role.Assistant, [new ToolCallPart("toolu_01AbCdEfGh", "f", "{}"), new ToolCallPart("abcDEF123", "f", "{}")]),
                new Message(Role.Tool, [new ToolCallResponsePart("toolu_01AbCdEfGh", []), new ToolCallResponsePart("abcDEF123", [])]),
            ],
        };
        var messages = JsonNode.Parse(Write(request, new WireQuirks { ToolCallIdLength = 9 }).Body)!["messages"]!;
        var id = (string)messages[0]!["tool_calls"]![0]!["id"]!;
        Assert.Matches("^[A-Za-z0-9]{9}$", id);
        Assert.Equal(id, (string?)messages[1]!["tool_call_id"]);
        Assert.Equal("abcDEF123", (string?)messages[2]!["tool_call_id"]);
    }

    [Fact]
    public void Thinking_goes_back_in_the_targets_field_and_seals_only_where_they_are_taken()
    {
        var request = Simple() with
        {
            Messages = [new Message(Role.Assistant, [new ReasoningPart("deep", "sig"), new TextPart("y")]), new Message(Role.User, [new TextPart("z")])],
        };
        var (plain, told) = Write(request, new WireQuirks { ReasoningReplayField = "reasoning_content" });
        Assert.Equal("deep", (string?)JsonNode.Parse(plain)!["messages"]![0]!["reasoning_content"]);
        Assert.Equal("dropped messages[0].reasoning_details", told);

        var (detailed, _) = Write(request, OpenAI);
        Assert.Equal("sig", (string?)JsonNode.Parse(detailed)!["messages"]![0]!["reasoning_details"]![0]!["signature"]);
        Assert.Equal(new ReasoningPart("deep", "sig"), Read(detailed).Messages[0].Parts[0]);

        var (none, dropped) = Write(request, WireQuirks.Default);
        Assert.DoesNotContain("deep", none, StringComparison.Ordinal);
        Assert.Equal("dropped messages[0].reasoning_content", dropped);
    }

    [Fact]
    public void Openrouters_details_come_back_verbatim()
    {
        const string Details = """[{"type":"reasoning.encrypted","data":"x","id":"rs_1","format":"openai-responses-v1","index":0}]""";
        var request = Read($$"""{"model":"a","messages":[{"role":"assistant","reasoning":"sum","reasoning_details":{{Details}},"content":"y"},{"role":"user","content":"z"}]}""");
        var message = JsonNode.Parse(Write(request, OpenAI).Body)!["messages"]![0]!;
        Assert.Equal(Details, message["reasoning_details"]!.ToJsonString());
        Assert.Equal("sum", (string?)message["reasoning"]);
    }

    [Theory]
    [InlineData(ToolChoiceMode.None, false, "emulated tool_choice")]
    [InlineData(ToolChoiceMode.Required, true, "dropped tool_choice")]
    public void A_target_without_tool_choice_is_steered_by_what_is_offered(ToolChoiceMode mode, bool offered, string warnings)
    {
        var request = Simple() with { Tools = [new ToolDefinition("f", null, null)], ToolChoice = new ToolChoice(mode) };
        var (body, told) = Write(request, new WireQuirks { ToolChoice = false });
        Assert.Equal(offered, body.Contains("\"tools\"", StringComparison.Ordinal));
        Assert.DoesNotContain("\"tool_choice\"", body, StringComparison.Ordinal);
        Assert.Equal(warnings, told);
    }

    [Fact]
    public void A_named_tool_is_the_only_one_offered_where_names_are_not_known()
    {
        var request = Simple() with { Tools = [new ToolDefinition("f", null, null), new ToolDefinition("g", null, null)], ToolChoice = new ToolChoice(ToolChoiceMode.Named, "g") };
        var json = JsonNode.Parse(Write(request, new WireQuirks { ToolChoiceNamed = false, ToolChoiceRequired = "any" }).Body)!;
        Assert.Equal("g", (string?)Assert.Single(json["tools"]!.AsArray())!["function"]!["name"]);
        Assert.Equal("any", (string?)json["tool_choice"]);
    }

    [Fact]
    public void A_budget_becomes_an_effort_and_says_so()
    {
        var request = Simple() with { Format = "anthropic-messages", Reasoning = new Reasoning(null, 2048) };
        var (body, warnings) = Write(request, WireQuirks.Default);
        Assert.Equal("medium", (string?)JsonNode.Parse(body)!["reasoning_effort"]);
        Assert.Equal("emulated thinking.budget_tokens", warnings);
    }

    [Fact]
    public void Legacy_functions_are_read_as_tools()
    {
        var request = Read("""
            {"model":"a","functions":[{"name":"f","parameters":{}}],"function_call":{"name":"f"},"messages":[{"role":"user","content":"x"},
             {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"}]}
            """);
        Assert.Equal("f", Assert.Single(request.Tools).Name);
        Assert.Equal(new ToolChoice(ToolChoiceMode.Named, "f"), request.ToolChoice);
        var call = Assert.IsType<ToolCallPart>(Assert.Single(request.Messages[1].Parts));
        Assert.Equal(call.Id, Assert.IsType<ToolCallResponsePart>(Assert.Single(request.Messages[2].Parts)).Id);
    }

    [Fact]
    public void Instructions_alone_are_what_is_asked()
    {
        var request = Read("""{"model":"a","messages":[{"role":"system","content":"A"},{"role":"system","content":"B"}]}""");
        Assert.Equal("A", Assert.IsType<TextPart>(Assert.Single(request.SystemInstructions)).Text);
        Assert.Equal(Role.System, Assert.Single(request.Messages).Role);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"x"}]}""", "'messages[0].tool_call_id' is missing. Send the id of the call that this answers.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "'messages[0].content[0].image_url' is missing. Send an object with a url.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function"}]}""", "'tools[0].function' is missing. Send an object with name and parameters.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":"{}"}}]}""", "'tools[0].function.parameters' must be an object, not a string.")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":1}}]}]}""", "'messages[0].tool_calls[0].function.arguments' must be a string, not a number.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud800"}]}""", "'messages[0].content' holds half of a surrogate pair (\\ud800 to \\udfff alone). Send whole characters.")]
    public void Refuses_what_cannot_be_understood(string body, string message) =>
        Assert.Equal(message, Assert.Throws<WireException>(() => Read(body)).Message);

    [Fact]
    public void Legacy_calls_of_one_name_are_told_apart_and_each_gets_its_result()
    {
        const string Body = """
            {"model":"a","functions":[{"name":"f","parameters":{}}],"messages":[{"role":"user","content":"x"},
             {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r1"},
             {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r2"}]}
            """;

        var parts = Read(Body).Messages.SelectMany(static message => message.Parts).ToArray();

        string[] calls = [.. parts.OfType<ToolCallPart>().Select(static call => call.Id)];
        Assert.Equal(calls, parts.OfType<ToolCallResponsePart>().Select(static result => result.Id));
        Assert.Equal(2, calls.Distinct().Count());
    }

    [Theory]
    [InlineData(4, "")]
    [InlineData(5, "dropped stop")]
    public void More_stop_texts_than_the_target_takes_are_named(int count, string warnings)
    {
        string[] texts = [.. "abcde"[..count].Select(static letter => letter.ToString())];
        var request = Simple() with { Sampling = new Sampling { Stop = texts } };

        var (body, told) = Write(request, new Sommelier.Providers.OpenAI().Quirks(new Sommelier.Catalog.Deployment { Id = "openai/m", Provider = "openai", Model = "m", CanonicalModel = "m" }, OpenAIChatFormat.FormatName));

        Assert.Contains("""stop":["a","b","c","d"]""", body, StringComparison.Ordinal);
        Assert.Equal(warnings, told);
        Assert.Contains(string.Join("\",\"", texts), Write(request, WireQuirks.Default).Body, StringComparison.Ordinal);
    }

    private static ChatRequest Simple() => new() { OriginalModel = "m1", Format = OpenAIChatFormat.FormatName, Messages = [new Message(Role.User, [new TextPart("x")])] };

    private static ChatRequest Read(string body) => OpenAIChatFormat.Instance.Requests.Read(Encoding.UTF8.GetBytes(body));

    private static (string Body, string Warnings) Write(ChatRequest request, WireQuirks quirks, bool askUsage = true)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        OpenAIChatFormat.Instance.Requests.Write(request, new WireTarget { Model = "m1", Quirks = quirks, AskStreamUsage = askUsage }, output, warnings);
        return (Encoding.UTF8.GetString(output.WrittenSpan), string.Join(", ", warnings.Select(warning => $"{warning.Code} {warning.Field}")));
    }

    private static string Show(ChatRequest request) => JsonSerializer.Serialize(new
    {
        request = request with { Messages = [], SystemInstructions = [], Tools = [] },
        system = request.SystemInstructions.Select(Show),
        messages = request.Messages.Select(message => new { message.Role, message.Name, message.Extra, parts = message.Parts.Select(Show) }),
        tools = request.Tools.Select(tool => new { tool.Name, tool.Description, tool.ParametersSchema, tool.Strict, tool.Extra, opaque = tool.Opaque?.ToString() }),
    });

    private static object Show(ContentPart part) => part switch
    {
        ToolCallResponsePart result => new { result.Id, result.IsError, result.Extra, parts = result.Parts.Select(Show) },
        BlobPart blob => new { blob.MediaType, data = blob.Data.ToString(), blob.FileName, blob.Extra },
        _ => JsonSerializer.SerializeToElement(part, part.GetType()),
    };
}
