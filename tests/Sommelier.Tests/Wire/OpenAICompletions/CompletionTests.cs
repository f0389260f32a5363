using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Tests.Wire.Properties;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.OpenAICompletions;

/// <summary>OpenAI's older completions: passed on to servers that offer them, a chat of one turn for all others.</summary>
public sealed class CompletionTests
{
    private const string Whole = """{"id":"cmpl-1","object":"text_completion","created":1,"model":"model-1","choices":[{"text":" time","index":0,"logprobs":{"tokens":[" time"]},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130}}""";

    private const string Streamed = "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"model-1\",\"choices\":[{\"text\":\" ti\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n"
        + "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"model-1\",\"choices\":[{\"text\":\"me\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n"
        + "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"model-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":30,\"total_tokens\":130}}\n\ndata: [DONE]\n\n";

    private static readonly Usage Counts = new() { InputTokens = 100, OutputTokens = 30 };

    private static readonly Deployment Model = Fidelity.Target.Model;

    private static IWireFormat Format => WireFormats.Get("openai-completions");

    /// <summary>Every endpoint of every provider for them.</summary>
    public static TheoryData<string> Offering => [.. ProviderRegistry.All.Where(provider => provider.Endpoints.Any(endpoint => endpoint.Format == "openai-completions")).Select(provider => provider.Name)];

    [Theory]
    [MemberData(nameof(Offering))]
    public async Task A_provider_that_offers_them_gets_the_bytes_and_its_answer_is_passed_on(string name)
    {
        const string Body = """{"model":"m", "prompt":["Once","Then"],"echo":true,"logprobs":2,"best_of":3,"suffix":"end","max_tokens":0,"top_k":5,"sommelier":{"tags":["t"]}}""";
        await using var rig = new AttemptRig();
        var provider = ProviderRegistry.Find(name)!;
        var server = rig.Serve(provider, Model, FaultReply.Json(Whole));

        var received = await rig.ReceiveAsync(Call(Body));

        Assert.Equal(Whole, received.Text);
        Assert.Equal(Counts, received.Attempt!.Usage);
        Assert.Equal(PriceCalculator.Cost(Model.Price!, Counts, rig.Time.GetUtcNow()).ToNanoUsd(), received.Attempt.CostNanoUsd);
        var seen = Assert.Single(server.Requests);
        Assert.Equal("/" + provider.Endpoints.Single(endpoint => endpoint.Format == "openai-completions").Path, seen.Path);
        Assert.Equal("""{"model":"model-1", "prompt":["Once","Then"],"echo":true,"logprobs":2,"best_of":3,"suffix":"end","max_tokens":0,"top_k":5}""", seen.Body);
    }

    [Theory]
    [MemberData(nameof(Offering))]
    public async Task Its_stream_is_passed_on_with_its_counts(string name)
    {
        await using var rig = new AttemptRig();
        var provider = ProviderRegistry.Find(name)!;
        var server = rig.Serve(provider, Model, FaultReply.Events([Streamed]));

        var received = await rig.ReceiveAsync(Call("""{"model":"m","prompt":"Once","stream":true,"stream_options":{"include_usage":true}}"""));

        Assert.Equal(Streamed, received.Text);
        Assert.Equal((AttemptOutcome.Succeeded, Counts), (received.Attempt!.Outcome, received.Attempt.Usage));
        Assert.Contains(Assert.Single(server.Requests).Headers, header => header.Value.Contains(AttemptRig.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_relayed_and_its_counts_are_asked_for_even_if_the_caller_does_not_want_them(bool usage)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new VLlm(), Model, FaultReply.Events([Streamed]));

        var received = await rig.ReceiveAsync(Call($$"""{"model":"m","prompt":"Once","stream":true{{(usage ? ",\"stream_options\":{\"include_usage\":true}" : "")}}}"""));

        Assert.Equal(usage ? Streamed : string.Concat(Streamed.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("usage", StringComparison.Ordinal)).Select(line => line + "\n\n")), received.Text);
        Assert.Equal(Counts, received.Attempt!.Usage);
        Assert.Equal(FinishReasonKind.Length, received.Attempt.FinishReason!.Kind);
        Assert.Contains("\"include_usage\":true", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai-chat", "a1")]
    [InlineData("anthropic-messages", "msg_a1")]
    public async Task Anybody_else_is_asked_for_a_chat_of_one_turn(string vendor, string id)
    {
        await using var rig = new AttemptRig();
        var chat = WireFormats.Get(vendor);
        var reply = new ArrayBufferWriter<byte>();
        chat.Responses.Write(Answer("Once upon"), Reply(streamed: false), reply, []);
        var server = rig.Add(vendor, FaultReply.Json(Encoding.UTF8.GetString(reply.WrittenSpan)));

        var received = await rig.ReceiveAsync(Call("""{"model":"m","prompt":["Say it."],"max_tokens":7,"temperature":0.5,"stop":"END"}"""));

        var asked = chat.Requests.Read(Encoding.UTF8.GetBytes(server.Requests[0].Body));
        Assert.Equal("Say it.", Assert.IsType<TextPart>(Assert.Single(Assert.Single(asked.Messages).Parts)).Text);
        Assert.Equal((7, 0.5), (asked.MaxOutputTokens, asked.Sampling.Temperature));
        Assert.Equal(["END"], asked.Sampling.Stop);
        Assert.Equal(
            """{"id":"ID","object":"text_completion","created":0,"model":"model-1","choices":[{"text":"Once upon","index":0,"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}""".Replace("ID", id, StringComparison.Ordinal),
            received.Text);
    }

    [Fact]
    public async Task A_streamed_chat_comes_back_in_chunks_of_text()
    {
        await using var rig = new AttemptRig();
        var events = new ArrayBufferWriter<byte>();
        var encoder = WireFormats.Get("anthropic-messages").Streams.CreateEncoder(Reply(streamed: true));
        foreach (var step in ResponseSteps.Of(Answer("Once upon") with { Parts = [new ReasoningPart("Hm."), new TextPart("Once upon")] }))
        {
            encoder.Write(step, events);
        }

        rig.Add("anthropic-messages", FaultReply.Events([Encoding.UTF8.GetString(events.WrittenSpan)]));

        var received = await rig.ReceiveAsync(Call("""{"model":"m","prompt":"Say it.","stream":true,"stream_options":{"include_usage":true}}"""));

        var chunks = received.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", chunks[^1]);
        Assert.Contains("\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":30", chunks[^2], StringComparison.Ordinal);
        Assert.All(chunks[..^1], chunk => Assert.Contains("\"object\":\"text_completion\"", chunk, StringComparison.Ordinal));
        Assert.DoesNotContain("Hm.", received.Text, StringComparison.Ordinal);
        Assert.Equal(("Once upon", FinishReasonKind.Stop), Told(received.Text));
    }

    [Fact]
    public async Task A_stream_that_breaks_ends_with_an_error_and_without_its_mark()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new VLlm(), Model, FaultReply.Events([Streamed[..Streamed.IndexOf("data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"model-1\",\"choices\":[{\"text\":\"me", StringComparison.Ordinal)]]));

        var received = await rig.ReceiveAsync(Call("""{"model":"m","prompt":"Once","stream":true}"""));

        Assert.Equal(AttemptOutcome.Broken, received.Attempt!.Outcome);
        Assert.Contains("\"error\":{", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", received.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"m","prompt":["a","b"]}""", "prompt")]
    [InlineData("""{"model":"m","prompt":[1,2]}""", "prompt")]
    [InlineData("""{"model":"m","prompt":[[1,2]]}""", "prompt")]
    [InlineData("""{"model":"m","prompt":"a","max_tokens":0}""", "max_tokens")]
    public async Task What_only_completions_can_do_is_refused_where_there_are_none(string body, string field)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", FaultReply.Json("{}"));

        var received = await rig.ReceiveAsync(Call(body));

        Assert.Equal((400, field), (received.Error!.Status, received.Error.Field));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task What_a_chat_has_no_word_for_is_told_and_refused_to_the_strict()
    {
        const string Body = """{"model":"m","prompt":"a","echo":true,"logprobs":1,"best_of":2,"suffix":"z"}""";
        await using var rig = new AttemptRig();
        var chat = new ArrayBufferWriter<byte>();
        WireFormats.Get("openai-chat").Responses.Write(Answer("b"), Reply(streamed: false), chat, []);
        var server = rig.Add("openai-chat", FaultReply.Json(Encoding.UTF8.GetString(chat.WrittenSpan)));

        var strict = await rig.ReceiveAsync(Call(Body, strict: true));
        Assert.Equal((400, "echo"), (strict.Error!.Status, strict.Error.Field));
        Assert.Empty(server.Requests);

        var result = await rig.RunAsync(Call(Body));
        Assert.Equal(["echo", "logprobs", "best_of", "suffix"], result.Answer!.Warnings.Select(warning => warning.Field));
        await result.Answer.DisposeAsync();
    }

    [Fact]
    public async Task What_asks_for_nothing_is_no_loss()
    {
        await using var rig = new AttemptRig();
        var chat = new ArrayBufferWriter<byte>();
        WireFormats.Get("openai-chat").Responses.Write(Answer("b"), Reply(streamed: false), chat, []);
        rig.Add("openai-chat", FaultReply.Json(Encoding.UTF8.GetString(chat.WrittenSpan)));

        var result = await rig.RunAsync(Call("""{"model":"m","prompt":"a","echo":false,"logprobs":null,"best_of":1,"suffix":null,"n":1}""", strict: true));

        Assert.Empty(result.Answer!.Warnings);
        await result.Answer.DisposeAsync();
    }

    [Fact]
    public void A_chat_is_never_written_as_a_completion()
    {
        var bound = new BoundProvider(new() { Name = "p", Provider = new VLlm(), BaseAddress = new("http://127.0.0.1:1/v1/") });
        foreach (var format in (string[])["openai-chat", "anthropic-messages", "openai-responses", "gemini"])
        {
            while (bound.EndpointFor(WireFormats.Get(format), Model, TimeProvider.System) is { } endpoint)
            {
                Assert.NotEqual("openai-completions", endpoint.Format.Name);
                endpoint.Miss(TimeProvider.System);
            }
        }
    }

    [Theory]
    [InlineData("""{"prompt":"a"}""", "model")]
    [InlineData("""{"model":"","prompt":"a"}""", "model")]
    [InlineData("""{"model":"m"}""", "prompt")]
    [InlineData("""{"model":"m","prompt":null}""", "prompt")]
    [InlineData("""{"model":"m","prompt":""}""", "prompt")]
    [InlineData("""{"model":"m","prompt":[]}""", "prompt")]
    [InlineData("""{"model":"m","prompt":{"text":"a"}}""", "prompt")]
    [InlineData("""{"model":"m","prompt":["a",1]}""", "prompt[1]")]
    [InlineData("""{"model":"m","prompt":"a","max_tokens":-1}""", "max_tokens")]
    [InlineData("""{"model":"m","prompt":"a","max_tokens":"7"}""", "max_tokens")]
    [InlineData("""{"model":"m","prompt":"a","stream":"yes"}""", "stream")]
    [InlineData("""{"model":"m","prompt":"a","n":0}""", "n")]
    [InlineData("""{"model":"m","prompt":"a","stop":[1]}""", "stop[0]")]
    [InlineData("""{"model":"m","prompt":"a","temperature":"hot"}""", "temperature")]
    [InlineData("""{"model":"m","prompt":"a","echo":1}""", "echo")]
    [InlineData("""{"model":"m","prompt":"a","suffix":1}""", "suffix")]
    [InlineData("""{"model":"m","prompt":"a","prompt":"b"}""", "prompt")]
    public void A_wrong_request_is_refused_by_its_field(string body, string field) =>
        Assert.Equal(field, Assert.Throws<WireException>(() => Format.Requests.Outline(Encoding.UTF8.GetBytes(body))).Error.Field);

    [Fact]
    public void Broken_requests_are_read_or_refused() => Broken.Try(
        [Encoding.UTF8.GetBytes("""{"model":"m","prompt":["Once upon\u00e9"],"max_tokens":5,"stream":true,"stream_options":{"include_usage":true},"stop":["a","b"],"logit_bias":{"5":1},"n":2,"seed":4,"echo":true,"user":"u","sommelier":{"tags":["t"]}}""")],
        bytes =>
        {
            var outline = Format.Requests.Outline(bytes);
            Format.Requests.Forward(bytes, outline, new() { Model = "x", Quirks = WireQuirks.Default }, new ArrayBufferWriter<byte>(), []);
            Assert.Equal(outline.Model, Format.Requests.Read(bytes).OriginalModel);
        });

    [Fact]
    public void Broken_answers_are_read_or_refused() => Broken.Try([Encoding.UTF8.GetBytes(Whole)], bytes =>
    {
        Format.Responses.Write(Format.Responses.Read(bytes, WireQuirks.Default), Reply(streamed: false), new ArrayBufferWriter<byte>(), []);
    });

    [Fact]
    public void Broken_streams_are_read_or_refused() => Broken.Try([Encoding.UTF8.GetBytes(Streamed)], bytes =>
    {
        using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(bytes, steps);
        decoder.Complete(steps);
        var encoder = Format.Streams.CreateEncoder(Reply(streamed: true));
        steps.ForEach(step => encoder.Write(step, new ArrayBufferWriter<byte>()));
    });

    private static ChatResponse Answer(string text) => new()
    {
        Id = "a1",
        ResponseModel = "model-1",
        Created = DateTimeOffset.UnixEpoch,
        Parts = [new TextPart(text)],
        FinishReason = new(FinishReasonKind.Stop, "stop"),
        Usage = Counts,
    };

    private static ReplyContext Reply(bool streamed) => new() { FallbackId = "reply-1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = streamed };

    private static InboundCall Call(string body, bool strict = false)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var outline = Format.Requests.Outline(bytes);
        return new() { Format = Format, Body = bytes, Outline = outline, Strict = strict, Reply = Reply(outline.StreamUsage) };
    }

    private static (string Text, FinishReasonKind? Finish) Told(string stream)
    {
        var read = OpenAIChat.Transcript.Of(Upstreams.Decode(Format, stream).Steps);
        return (read.Text, read.Finish);
    }
}
