using System.Buffers;
using System.Text;
using Sommelier.TestKit;
using Sommelier.TestKit.Recordings;
using Sommelier.Tests.Wire.LangGraph;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Fuzzing;

/// <summary>Good bytes to begin with: the approved requests, recordings of real vendors where the shared data is present, and some by hand.</summary>
internal static class Corpus
{
    /// <summary>The approved requests of every provider that speaks a format.</summary>
    public static IEnumerable<byte[]> Requests(string format)
    {
        var current = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests", "Sommelier.Tests", "Approved", "ProviderRequests.txt")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                current = line.Split(' ')[2];
            }
            else if (line.StartsWith('{') && current == format)
            {
                yield return Encoding.UTF8.GetBytes(line);
            }
        }
    }

    /// <summary>What a vendor of a format really answered; nothing without the shared data.</summary>
    public static IEnumerable<byte[]> Recorded(string format, bool streamed) => Shared.Root is null ? [] : RecordedFile.Names
        .Where(name => RecordedFile.OtherThan(name) is null)
        .SelectMany(RecordedFile.Read)
        .Where(file => file.Format == format && file.Streamed == streamed)
        .Select(file => file.Bytes())
        .Where(bytes => bytes.Length < 20_000);

    /// <summary>Requests for a completion of a prompt.</summary>
    public static IEnumerable<byte[]> Prompts() => Bytes(
    [
        """{"model":"m","prompt":"Why?","system":"Be brief.","stream":false,"think":true,"images":["iVBORw0K"],"format":"json","options":{"temperature":0.5,"num_predict":20,"stop":["END"]},"keep_alive":"5m"}""",
        """{"model":"m","prompt":"Go on","suffix":".","raw":true,"context":[1,2,3],"sommelier":{"policy":"frugal"}}""",
    ]);

    /// <summary>Whole answers and errors of the formats beside the six dialects.</summary>
    public static IEnumerable<byte[]> Answers(string format) => Bytes(format switch
    {
        "cloudflare-run" =>
        [
            """{"result":{"response":"Hi","tool_calls":[{"name":"f","arguments":{"x":1}}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}},"success":true,"errors":[],"messages":[]}""",
            """{"result":{"id":"r1","model":"@cf/x","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"Hm."},"finish_reason":"length"}]},"success":true,"errors":[]}""",
            """{"result":null,"success":false,"errors":[{"code":5007,"message":"No such model"}],"messages":[]}""",
        ],
        "dify" =>
        [
            """{"event":"message","task_id":"t","message_id":"m-1","conversation_id":"c","mode":"chat","answer":"Hi","metadata":{"usage":{"prompt_tokens":10,"completion_tokens":4}},"created_at":1780000000}""",
            """{"workflow_run_id":"w","task_id":"t","data":{"id":"w","status":"succeeded","outputs":{"n":1,"result":"Bonjour"},"total_tokens":9}}""",
            """{"code":"provider_quota_exceeded","message":"no","status":400}""",
        ],
        "langgraph" => [LangGraphReplies.Whole, """{"detail":"Thread not found"}"""],
        "ollama-generate" => ["""{"model":"m","created_at":"2026-11-01T10:00:00Z","response":"Hi","thinking":"Hm.","done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}""", """{"error":"no such model"}"""],
        _ => throw new ArgumentException($"Give the fuzzer answers of '{format}' to begin with, in {nameof(Corpus)}.", nameof(format)),
    });

    /// <summary>Streams of the formats beside the six dialects.</summary>
    public static IEnumerable<byte[]> Streams(string format) => Bytes(format switch
    {
        "cloudflare-run" =>
        [
            "data: {\"response\":\"Hi\",\"p\":\"ab\"}\n\ndata: {\"response\":\"\",\"tool_calls\":[{\"name\":\"f\",\"arguments\":{\"x\":1}}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n",
            "data: {\"id\":\"r\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        ],
        "dify" =>
        [
            "data: {\"event\":\"message\",\"message_id\":\"m\",\"answer\":\"Hi\"}\n\ndata: {\"event\":\"message_end\",\"message_id\":\"m\",\"metadata\":{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}}\n\n",
            "data: {\"event\":\"workflow_started\",\"workflow_run_id\":\"w\"}\n\ndata: {\"event\":\"text_chunk\",\"data\":{\"text\":\"Hi\"}}\n\ndata: {\"event\":\"workflow_finished\",\"data\":{\"status\":\"succeeded\",\"outputs\":{\"r\":\"Hi\"}}}\n\n",
            "event: ping\n\ndata: {\"event\":\"error\",\"code\":\"x\",\"message\":\"no\",\"status\":400}\n\n",
        ],
        "langgraph" => [LangGraphReplies.Stream],
        "ollama-generate" => ["{\"model\":\"m\",\"response\":\"Hi\",\"done\":false}\n{\"model\":\"m\",\"response\":\"\",\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,\"eval_count\":2}\n"],
        _ => throw new ArgumentException($"Give the fuzzer streams of '{format}' to begin with, in {nameof(Corpus)}.", nameof(format)),
    });

    /// <summary>Server-sent events in every way that the standard allows.</summary>
    public static IEnumerable<byte[]> Events() => Bytes(
    [
        "data: a\n\ndata: b\r\n\r\ndata: c\r\rx",
        "\uFEFFevent: x\ndata:a\ndata: b\ndata:\n\n: ping\n\nid: 1\nretry: 2\n\n",
        "event: message_start\ndata: {\"type\":\"message_start\"}\n\ndata: [DONE]\n\n",
    ]);

    /// <summary>Amazon's frames.</summary>
    public static IEnumerable<byte[]> Frames()
    {
        var output = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteEvent("contentBlockDelta"u8, """{"contentBlockIndex":0,"delta":{"text":"Hi"}}"""u8, output);
        yield return output.WrittenSpan.ToArray();
        EventStreamWriter.WriteException("throttlingException"u8, """{"message":"Slow down."}"""u8, output);
        yield return output.WrittenSpan.ToArray();
    }

    /// <summary>Insides of JSON strings.</summary>
    public static IEnumerable<byte[]> Texts() => Bytes(
    [
        "plain words",
        """한글 \uD55C \n\t\"\\\/ 🙂 \ud83d\ude42""",
        """half \ud83d of a pair, and another \ude42""",
        string.Concat(Enumerable.Repeat("""long \u00e9\n text é """, 400)),
    ]);

    /// <summary>What a caller asks of the gateway in a body.</summary>
    public static IEnumerable<byte[]> Hints() => Bytes(
    [
        """{"policy":"frugal","max_cost_usd":0.01,"max_latency_ms":2000,"min_quality":0.5,"data":"internal","regions":["eu"],"only":"a/b","exclude":[],"session":"s","tags":["x","y"],"strict":true,"fallback":false,"on_break":"restart"}""",
        "{}",
        "null",
    ]);

    /// <summary>Configurations that use most of what there is.</summary>
    public static IEnumerable<byte[]> Configurations() => Bytes(
    [
        """
        server: { urls: "http://127.0.0.1:4000", data: ./.sommelier, limits: { max_body_bytes: 1MB } }
        providers:
          anthropic: { api_key: "${ANTHROPIC_API_KEY}" }
          lab:
            type: openai-compatible
            base_url: "http://10.0.0.5:8000/v1"
            models: [{ id: qwen3.5-27b, context: 131072, price: { input: 0, output: 0 }, region: on-prem }]
        policies:
          default: balanced
          support: { extends: frugal, prefer: { summarization: [openai/gpt-6-luna] }, max_cost_usd: 0.01 }
        storage: { sqlite: ./.sommelier/sommelier.db }
        """,
        """
        providers: &p
          openai: &o { api_key: "a", base_url: "https://api.openai.com/v1" }
          second: *o
        aliases: { fast: openai/gpt-6-luna, "slow": [a, b] }
        server:
          keys:
            - { id: k1, sha256: 0000000000000000000000000000000000000000000000000000000000000000 }
          responses: { store: memory, retention: 30d }
        resilience: { stall_timeout: 60s }
        text: |
          several
            lines
        folded: >-
          one
          line
        """,
        "%YAML 1.2\n---\n? a\n: !!str b\n...\n",
    ]);

    private static IEnumerable<byte[]> Bytes(IEnumerable<string> texts) => texts.Select(Encoding.UTF8.GetBytes);
}
