using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Sealed thinking through the whole attempt loop: from Anthropic to an OpenAI client and back.</summary>
public sealed class SealedThinkingTests
{
    private const string Whole = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude","stop_reason":"tool_use","stop_sequence":null,
         "content":[{"type":"thinking","thinking":"Seoul first.","signature":"SEAL"},{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Seoul"}}],
         "usage":{"input_tokens":10,"output_tokens":5}}
        """;

    private static readonly string Streamed = string.Concat(
        Event("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}"""),
        Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"""),
        Event("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Seoul first."}}"""),
        Event("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"SEAL"}}"""),
        Event("content_block_stop", """{"type":"content_block_stop","index":0}"""),
        Event("content_block_start", """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}}"""),
        Event("content_block_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Seoul\"}"}}"""),
        Event("content_block_stop", """{"type":"content_block_stop","index":1}"""),
        Event("message_delta", """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}}"""),
        Event("message_stop", """{"type":"message_stop"}"""));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thinking_that_an_OpenAI_client_dropped_goes_back_to_Anthropic_with_its_seal(bool streamed)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add(
            "anthropic-messages",
            streamed ? FaultReply.Events([Streamed]) : FaultReply.Json(Whole),
            FaultReply.Json(Whole));
        var seals = new CallSeals(new SealMemory(rig.Time), "caller");

        var first = await rig.ReceiveAsync(With(AttemptRig.Call("openai-chat", streamed), seals));
        Assert.Contains("anthropic-claude-v1", first.Text, StringComparison.Ordinal);
        await rig.ReceiveAsync(With(AttemptRig.Call("openai-chat", streamed: false), seals, """
            {"model":"auto","messages":[{"role":"user","content":"Weather?"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Seoul\"}"}}]},
             {"role":"tool","tool_call_id":"toolu_1","content":"3"}]}
            """));

        using var sent = JsonDocument.Parse(server.Requests[1].Body);
        var thinking = sent.RootElement.GetProperty("messages")[1].GetProperty("content")[0];
        Assert.Equal("thinking", thinking.GetProperty("type").GetString());
        Assert.Equal("Seoul first.", thinking.GetProperty("thinking").GetString());
        Assert.Equal("SEAL", thinking.GetProperty("signature").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thinking_goes_back_to_Anthropic_from_an_Ollama_client_that_knows_no_ids(bool streamed)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("anthropic-messages", streamed ? FaultReply.Events([Streamed]) : FaultReply.Json(Whole), FaultReply.Json(Whole));
        var seals = new CallSeals(new SealMemory(rig.Time), "caller");

        await rig.ReceiveAsync(Ollama(seals, Ask, streamed));
        await rig.ReceiveAsync(Ollama(seals, Ask + Called));
        await rig.ReceiveAsync(Ollama(new(seals.Memory, "another"), Ask + Called));

        using var sent = JsonDocument.Parse(server.Requests[1].Body);
        var thinking = sent.RootElement.GetProperty("messages")[1].GetProperty("content")[0];
        Assert.Equal(("Seoul first.", "SEAL"), (thinking.GetProperty("thinking").GetString(), thinking.GetProperty("signature").GetString()));
        Assert.DoesNotContain("SEAL", server.Requests[2].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thought_signature_goes_back_to_Google_from_an_Ollama_client_that_knows_no_ids(bool streamed)
    {
        await using var rig = new AttemptRig();
        const string Answer = """{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"get_weather","args":{"city":"Seoul"}},"thoughtSignature":"G-SEAL"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2},"responseId":"r1"}""";
        var deployment = new Sommelier.Catalog.Deployment { Id = "gemini/gemini-3-pro", Provider = "gemini", Model = "gemini-3-pro", CanonicalModel = "gemini-3-pro" };
        var server = rig.Serve(new Sommelier.Providers.Gemini(), deployment, streamed ? FaultReply.Events([$"data: {Answer}\n\n"]) : FaultReply.Json(Answer), FaultReply.Json(Answer));
        var seals = new CallSeals(new SealMemory(rig.Time), "caller");

        await rig.ReceiveAsync(Ollama(seals, Ask, streamed));
        await rig.ReceiveAsync(Ollama(seals, Ask + Called));

        using var sent = JsonDocument.Parse(server.Requests[1].Body);
        Assert.Equal("G-SEAL", sent.RootElement.GetProperty("contents")[1].GetProperty("parts")[0].GetProperty("thoughtSignature").GetString());
    }

    [Fact]
    public void A_seal_that_an_OpenAI_client_kept_goes_back_without_a_memory()
    {
        var chat = WireFormats.Get("openai-chat");
        var anthropic = WireFormats.Get("anthropic-messages");
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var context = new ReplyContext { FallbackId = "r", Model = "m", Created = DateTimeOffset.UnixEpoch };
        chat.Responses.Write(anthropic.Responses.Read(Encoding.UTF8.GetBytes(Whole), WireQuirks.Default), context, output, []);
        using var reply = JsonDocument.Parse(output.WrittenMemory);
        var message = reply.RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText();

        var request = chat.Requests.Read(Encoding.UTF8.GetBytes(
            $$"""{"model":"m","messages":[{"role":"user","content":"Weather?"},{{message}},{"role":"tool","tool_call_id":"toolu_1","content":"3"}]}"""));
        var warnings = new List<Warning>();
        output = new();
        anthropic.Requests.Write(request, new WireTarget { Model = "claude", Quirks = WireQuirks.Default }, output, warnings);

        Assert.Contains("""{"type":"thinking","thinking":"Seoul first.","signature":"SEAL"}""", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.DoesNotContain(warnings, warning => warning.Code == "dropped");
    }

    [Fact]
    public void Another_vendors_seal_is_wrapped_for_an_Anthropic_client_and_never_reaches_Anthropic()
    {
        var anthropic = WireFormats.Get("anthropic-messages");
        var answer = new ChatResponse
        {
            FinishReason = new(FinishReasonKind.ToolCalls),
            Parts = [new ReasoningPart("Hm.", "G-SEAL") { Vendor = Seals.Google }, new ReasoningPart("", null, "O-SEAL") { Vendor = Seals.OpenAI, Id = "rs_1" }],
        };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        anthropic.Responses.Write(answer, new ReplyContext { FallbackId = "r", Model = "m", Created = DateTimeOffset.UnixEpoch }, output, []);
        using var reply = JsonDocument.Parse(output.WrittenMemory);
        var content = reply.RootElement.GetProperty("content").GetRawText();
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":{{content}}},{"role":"user","content":"y"}]}""");

        var parts = anthropic.Requests.Read(body).Messages[1].Parts.Cast<ReasoningPart>().ToArray();
        Assert.Equal((Seals.Google, "G-SEAL", "Hm."), (parts[0].Vendor, parts[0].Signature, parts[0].Text));
        Assert.Equal((Seals.OpenAI, "rs_1", "O-SEAL"), (parts[1].Vendor, parts[1].Id, parts[1].Redacted));

        output = new();
        anthropic.Requests.Forward(body, anthropic.Requests.Outline(body), new WireTarget { Model = "claude", Quirks = WireQuirks.Default }, output, []);
        Assert.DoesNotContain("SEAL", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void A_seal_on_a_tool_call_survives_chat_as_Google_writes_it()
    {
        var chat = WireFormats.Get("openai-chat");
        var answer = new ChatResponse { FinishReason = new(FinishReasonKind.ToolCalls), Parts = [new ToolCallPart("c1", "f", "{}") { Signature = "G" }] };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        chat.Responses.Write(answer, new ReplyContext { FallbackId = "r", Model = "m", Created = DateTimeOffset.UnixEpoch }, output, []);

        Assert.Contains("""
            "extra_content":{"google":{"thought_signature":"G"}}
            """.Trim(), Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.Equal("G", Assert.IsType<ToolCallPart>(chat.Responses.Read(output.WrittenSpan, WireQuirks.Default).Parts[^1]).Signature);
    }

    private const string Ask = """{"role":"user","content":"Weather?"}""";

    // As Ollama's clients send a call and its result: without ids.
    private const string Called = """,{"role":"assistant","content":"","tool_calls":[{"function":{"name":"get_weather","arguments":{"city":"Seoul"}}}]},{"role":"tool","tool_name":"get_weather","content":"3"}""";

    private static InboundCall Ollama(CallSeals seals, string messages, bool streamed = false) => With(
        AttemptRig.Call("ollama", streamed), seals, $$"""{"model":"auto","stream":{{(streamed ? "true" : "false")}},"messages":[{{messages}}]}""");

    private static InboundCall With(InboundCall call, CallSeals seals, string? body = null)
    {
        var bytes = body is null ? call.Body : Encoding.UTF8.GetBytes(body);
        return new()
        {
            Format = call.Format,
            Body = bytes,
            Outline = call.Format.Requests.Outline(bytes.Span),
            Reply = call.Reply,
            Seals = seals,
        };
    }

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
