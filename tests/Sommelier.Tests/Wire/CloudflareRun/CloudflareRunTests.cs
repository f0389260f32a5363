using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIChat;
using Sommelier.Wire;
using Sommelier.Wire.CloudflareRun;

namespace Sommelier.Tests.Wire.CloudflareRun;

public sealed class CloudflareRunTests
{
    private static readonly IWireFormat Format = CloudflareRunFormat.Instance;

    private static string Stream { get; } =
        "data: {\"response\":\"Gr\\u00fc\",\"p\":\"abcdef\"}\n\n"
        + "data: {\"response\":\"ß\",\"p\":\"ab\"}\n\n"
        + "data: {\"response\":\"\",\"tool_calls\":[{\"name\":\"f\",\"arguments\":{\"x\":1}}]}\n\n"
        + "data: {\"response\":\"\",\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,\"total_tokens\":17}}\n\n"
        + "data: [DONE]\n\n";

    private static string Chunks { get; } =
        "data: {\"id\":\"r1\",\"object\":\"chat.completion.chunk\",\"model\":\"@cf/x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"}}]}\n\n"
        + "data: {\"id\":\"r1\",\"object\":\"chat.completion.chunk\",\"model\":\"@cf/x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"length\"}]}\n\n"
        + "data: {\"id\":\"r1\",\"object\":\"chat.completion.chunk\",\"model\":\"@cf/x\",\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,\"total_tokens\":17}}\n\n"
        + "data: [DONE]\n\n";

    [Fact]
    public void A_request_is_openais_without_the_model_and_with_a_bare_schema()
    {
        var (body, warnings) = Upstreams.Write(
            Format,
            """
            {"model":"auto","stream":true,"max_completion_tokens":50,"temperature":0.5,"messages":[
              {"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"42"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"type":"string"}}}}}}
            """,
            "@cf/meta/llama");

        Assert.Null(body["model"]);
        Assert.Null(body["stream_options"]);
        Assert.Equal((true, 50, 0.5), ((bool)body["stream"]!, (int)body["max_tokens"]!, (double)body["temperature"]!));
        Assert.Equal("""{"type":"json_schema","json_schema":{"type":"object","properties":{"a":{"type":"string"}}}}""", body["response_format"]!.ToJsonString());
        Assert.Equal("f", (string?)body["tools"]![0]!["function"]!["name"]);
        Assert.Equal("", (string?)body["messages"]![2]!["content"]);
        Assert.Equal("tool", (string?)body["messages"]![3]!["role"]);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_choice_of_tools_is_emulated_or_dropped_with_a_warning()
    {
        const string Tools = """ "tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],"messages":[{"role":"user","content":"Hi"}]""";

        var (named, emulated) = Upstreams.Write(Format, $$$"""{"model":"a","tool_choice":{"type":"function","function":{"name":"g"}},{{{Tools}}}}""");
        Assert.Equal("g", (string?)Assert.Single(named["tools"]!.AsArray())!["function"]!["name"]);
        Assert.Equal(["emulated tool_choice"], Upstreams.Told(emulated));
        Assert.Equal(["dropped tool_choice"], Upstreams.Told(Upstreams.Write(Format, $$"""{"model":"a","tool_choice":"required",{{Tools}}}""").Warnings));
    }

    [Fact]
    public void What_no_schema_lists_is_dropped_with_a_warning()
    {
        var quirks = new Sommelier.Providers.Cloudflare().Quirks(new() { Id = "cloudflare/m", Provider = "cloudflare", Model = "m", CanonicalModel = "m" }, "cloudflare-run");
        var (body, warnings) = Upstreams.Write(Format, """{"model":"a","stop":"x","user":"u","seed":7,"messages":[{"role":"user","content":"Hi"}]}""", quirks: quirks);

        Assert.Equal(["dropped stop", "dropped user"], Upstreams.Told(warnings).Order(StringComparer.Ordinal));
        Assert.Equal((7, null, null), ((int)body["seed"]!, body["stop"], body["user"]));
    }

    [Fact]
    public void Free_json_is_asked_for_by_its_type() =>
        Assert.Equal("""{"type":"json_object"}""", Upstreams.Write(Format, """{"model":"a","response_format":{"type":"json_object"},"messages":[{"role":"user","content":"Hi"}]}""").Body["response_format"]!.ToJsonString());

    [Theory]
    [InlineData(JsonSchemaSupport.Unsure, "json_schema", false)]
    [InlineData(JsonSchemaSupport.JsonObjectOnly, "json_object", true)]
    [InlineData(JsonSchemaSupport.None, null, true)]
    public void A_schema_goes_into_words_for_a_model_that_cannot_be_held_to_it(JsonSchemaSupport support, string? sent, bool emulated)
    {
        var (body, warnings) = Upstreams.Write(
            Format,
            """{"model":"a","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},"messages":[{"role":"user","content":"Hi"}]}""",
            quirks: new() { JsonSchema = support });

        Assert.Equal(sent, (string?)body["response_format"]?["type"]);
        Assert.Equal(emulated, body["messages"]!.ToJsonString().Contains("JSON Schema", StringComparison.Ordinal));
        Assert.Equal(emulated ? ["emulated response_format"] : [], Upstreams.Told(warnings));
    }

    [Fact]
    public void Both_shapes_of_a_result_are_read()
    {
        var own = Upstreams.Read(Format, """{"result":{"response":"Hi","tool_calls":[{"name":"f","arguments":{"x":1}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{\"y\":2}"}}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":3}}},"success":true,"errors":[],"messages":[]}""");
        Assert.Equal(new Transcript("Hi", "", "", "call_0 f {\"x\":1}|c2 g {\"y\":2}", FinishReasonKind.ToolCalls, new Usage { InputTokens = 12, OutputTokens = 5, CacheReadInputTokens = 3 }, null, null, true), Transcript.Of(own));

        var openAI = Upstreams.Read(Format, """{"result":{"id":"r1","model":"@cf/x","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"Hm."},"finish_reason":"length"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}},"success":true,"errors":[],"messages":[]}""");
        Assert.Equal(new Transcript("Hi", "Hm.", "", "", FinishReasonKind.Length, new Usage { InputTokens = 12, OutputTokens = 5 }, "r1", "@cf/x", true), Transcript.Of(openAI));
    }

    [Fact]
    public void An_answer_by_schema_comes_as_json_itself() =>
        Assert.Equal("""{"a":"b"}""", Transcript.Of(Upstreams.Read(Format, """{"result":{"response":{"a":"b"}},"success":true,"errors":[]}""")).Text);

    [Theory]
    [InlineData("""{"result":null,"success":false,"errors":[{"code":5007,"message":"No such model"}],"messages":[]}""", UpstreamFailureKind.ModelNotFound)]
    [InlineData("""{"success":false,"errors":[{"code":3036,"message":"you have used up your daily free allocation"}]}""", UpstreamFailureKind.QuotaExhausted)]
    [InlineData("""{"success":false,"errors":[{"code":3040,"message":"Capacity temporarily exceeded"}]}""", UpstreamFailureKind.RateLimited)]
    [InlineData("""{"success":false,"errors":[{"code":5021,"message":"The estimated number of input and maximum output tokens exceeded this model context window limit"}]}""", UpstreamFailureKind.ContextLengthExceeded)]
    [InlineData("""{"success":false,"errors":[]}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"result":{"response":""},"success":true,"errors":[]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"result":{"data":[[0.5]]},"success":true,"errors":[]}""", UpstreamFailureKind.ProtocolError)]
    public void What_is_no_answer_is_a_failure_also_inside_200(string body, object kind) => Assert.Equal(kind, Upstreams.Failure(Format, body).Kind);

    [Theory]
    [InlineData(400, 5007, UpstreamFailureKind.ModelNotFound)]
    [InlineData(400, 5004, UpstreamFailureKind.InvalidRequest)]
    [InlineData(403, 5016, UpstreamFailureKind.AuthenticationFailed)]
    [InlineData(408, 3007, UpstreamFailureKind.Unavailable)]
    [InlineData(413, 3006, UpstreamFailureKind.InvalidRequest)]
    [InlineData(429, 3036, UpstreamFailureKind.QuotaExhausted)]
    [InlineData(429, 3040, UpstreamFailureKind.RateLimited)]
    [InlineData(500, 9999, UpstreamFailureKind.Unavailable)]
    public void Error_codes_are_known(int status, int code, object kind) =>
        Assert.Equal(kind, Upstreams.Error(Format, status, $$"""{"result":null,"success":false,"errors":[{"code":{{code}},"message":"words"}],"messages":[]}""").Kind);

    [Fact]
    public void A_stream_is_read_whatever_its_cuts()
    {
        var (steps, ended) = Upstreams.Decode(Format, Stream);

        Assert.True(ended);
        Assert.Equal(new Transcript("Grüß", "", "", "call_1 f {\"x\":1}", FinishReasonKind.ToolCalls, new Usage { InputTokens = 12, OutputTokens = 5 }, null, null, true), Transcript.Of(steps));
        Upstreams.AssertSameAtEveryCut(Format, Stream);
    }

    [Fact]
    public void A_stream_of_openais_chunks_is_read_by_its_own_reader()
    {
        var (steps, ended) = Upstreams.Decode(Format, Chunks);

        Assert.True(ended);
        Assert.Equal(new Transcript("Hello", "", "", "", FinishReasonKind.Length, new Usage { InputTokens = 12, OutputTokens = 5 }, "r1", "@cf/x", true), Transcript.Of(steps));
        Upstreams.AssertSameAtEveryCut(Format, Chunks);
    }

    [Fact]
    public void A_cut_stream_is_never_whole()
    {
        Upstreams.AssertNeverWholeWhenCutBefore(Format, Stream, "[DONE]");
        Upstreams.AssertNeverWholeWhenCutBefore(Format, Chunks, "[DONE]");
    }

    [Fact]
    public void A_failure_inside_the_stream_ends_it()
    {
        var (steps, ended) = Upstreams.Decode(Format, "data: {\"response\":\"Hi\"}\n\ndata: {\"errors\":[{\"code\":3040,\"message\":\"full\"}],\"success\":false}\n\ndata: [DONE]\n\n");

        Assert.False(ended);
        Assert.Equal(UpstreamFailureKind.RateLimited, Assert.IsType<FailureDelta>(steps[^1]).Failure.Kind);
    }

    [Fact]
    public void An_answer_with_nothing_in_it_gives_no_reason_to_take_it_for_one() =>
        Assert.Equal([EndDelta.Instance], Upstreams.Decode(Format, "data: {\"response\":\"\"}\n\ndata: [DONE]\n\n").Steps);
}
