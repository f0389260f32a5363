namespace Sommelier.Server.Conformance.Scripted;

/// <summary>One answer, "Hello world!", as a provider of a wire format would send it, whole and streamed, right and wrong.</summary>
public sealed class ScriptedAnswer
{
    private readonly int firstContent;

    private ScriptedAnswer(string format, string whole, int firstContent, string[] events, string error, string errorEvent, string emptyWhole)
    {
        (Format, WholeBody, this.firstContent, StreamEvents) = (format, whole, firstContent, events);
        (ErrorBody, ErrorEvent, EmptyBody) = (error, errorEvent, emptyWhole);
    }

    /// <summary>What it says.</summary>
    public const string Text = "Hello world!";

    /// <summary>Input tokens that it reports.</summary>
    public const int InputTokens = 12;

    /// <summary>Output tokens that it reports.</summary>
    public const int OutputTokens = 5;

    /// <summary>In OpenAI's chat format.</summary>
    public static ScriptedAnswer OpenAI { get; } = new(
        "openai-chat",
        """{"id":"chatcmpl-1","object":"chat.completion","created":1780000000,"model":"vendor-model","choices":[{"index":0,"message":{"role":"assistant","content":"Hello world!","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}""",
        1,
        [
            OpenAIChunk("""[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}]"""),
            OpenAIChunk("""[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]"""),
            OpenAIChunk("""[{"index":0,"delta":{"content":" world"},"finish_reason":null}]"""),
            OpenAIChunk("""[{"index":0,"delta":{"content":"!"},"finish_reason":null}]"""),
            OpenAIChunk("""[{"index":0,"delta":{},"finish_reason":"stop"}]"""),
            OpenAIChunk("""[]""", ""","usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}"""),
            "data: [DONE]\n\n",
        ],
        """{"error":{"message":"The server had an error.","type":"server_error","param":null,"code":null}}""",
        "data: {\"error\":{\"message\":\"The server had an error.\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n",
        """{"id":"chatcmpl-1","object":"chat.completion","created":1780000000,"model":"vendor-model","choices":[]}""");

    /// <summary>In Anthropic's messages format.</summary>
    public static ScriptedAnswer Anthropic { get; } = new(
        "anthropic-messages",
        """{"id":"msg_1","type":"message","role":"assistant","model":"vendor-model","content":[{"type":"text","text":"Hello world!"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":5}}""",
        2,
        [
            AnthropicEvent("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"vendor-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}}"""),
            AnthropicEvent("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
            AnthropicEvent("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"""),
            AnthropicEvent("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" world"}}"""),
            AnthropicEvent("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"!"}}"""),
            AnthropicEvent("content_block_stop", """{"type":"content_block_stop","index":0}"""),
            AnthropicEvent("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}"""),
            AnthropicEvent("message_stop", """{"type":"message_stop"}"""),
        ],
        """{"type":"error","error":{"type":"api_error","message":"The server had an error."}}""",
        AnthropicEvent("error", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""),
        """{"id":"msg_1","type":"message","role":"assistant","model":"vendor-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":0}}""");

    /// <summary>The wire format's name.</summary>
    public string Format { get; }

    /// <summary>The whole answer.</summary>
    public string WholeBody { get; }

    /// <summary>The events of the stream, end mark last.</summary>
    public IReadOnlyList<string> StreamEvents { get; }

    /// <summary>A server error.</summary>
    public string ErrorBody { get; }

    /// <summary>An error of a status, with the type that the vendor gives it.</summary>
    public string ErrorFor(int status) => IsOpenAI ? ErrorBody : ErrorBody.Replace("api_error", status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    }, StringComparison.Ordinal);

    /// <summary>A server error inside a stream.</summary>
    public string ErrorEvent { get; }

    /// <summary>A whole answer with nothing in it.</summary>
    public string EmptyBody { get; }

    /// <summary>What begins like the whole answer.</summary>
    public string HalfBody => WholeBody[..40];

    /// <summary>A refusal of the request itself.</summary>
    public string Rejection(string message, string code) => IsOpenAI
        ? $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":"{{{code}}}"}}"""
        : $$$"""{"type":"error","error":{"type":"invalid_request_error","message":"{{{message}}}"}}""";

    /// <summary>The answer of a format.</summary>
    public static ScriptedAnswer Of(string format) => string.Equals(format, OpenAI.Format, StringComparison.Ordinal) ? OpenAI : Anthropic;

    /// <summary>All of it, as asked for.</summary>
    public FaultReply Reply(bool streamed) => streamed ? FaultReply.Events(StreamEvents) : FaultReply.Json(WholeBody);

    /// <summary>The stream up to and including a number of events with content.</summary>
    public IEnumerable<string> First(int contents) => StreamEvents.Take(firstContent + contents);

    /// <summary>The stream, cut after a number of events with content.</summary>
    public FaultReply Cut(int after, FaultEnd end = FaultEnd.Cut) => FaultReply.Events(First(after)) with { End = end };

    /// <summary>The whole answer, of which only the beginning comes.</summary>
    public FaultReply Half(FaultEnd end) => FaultReply.Json(HalfBody) with { DeclaredLength = WholeBody.Length, End = end };

    /// <summary>A stream that waits after its first content.</summary>
    public FaultReply Gated(FaultReply reply, Task gate) => reply with { GateBefore = First(1).Count(), Gate = gate };

    /// <summary>The stream, ended properly by HTTP but without its end mark, after a number of events with content.</summary>
    public FaultReply WithoutEnd(int after) => FaultReply.Events(First(after));

    /// <summary>The stream with an event after a number of events with content, and the rest after it.</summary>
    public FaultReply With(string extra, int after) => FaultReply.Events([.. First(after), extra, .. StreamEvents.Skip(firstContent + after)]);

    /// <summary>The stream without its first events with content: what somebody says who goes on with it.</summary>
    public FaultReply After(int contents) => FaultReply.Events([.. First(0), .. StreamEvents.Skip(firstContent + contents)]);

    /// <summary>An event that no parser takes.</summary>
    public string Malformed => IsOpenAI
        ? "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\n\n"
        : "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\n\n";

    private bool IsOpenAI => ReferenceEquals(this, OpenAI);

    private static string OpenAIChunk(string choices, string more = "") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1780000000,"model":"vendor-model","choices":{{choices}}{{more}}}""" + "\n\n";

    private static string AnthropicEvent(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
