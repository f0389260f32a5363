using System.Buffers;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Benchmarks;

/// <summary>What the OpenAI chat wire format costs per request and per streamed chunk.</summary>
[MemoryDiagnoser]
public class WireBenchmarks
{
    private const int Chunks = 100;

    private static readonly OpenAIChatFormat Format = OpenAIChatFormat.Instance;
    private static readonly WireTarget Target = new() { Model = "gpt-6-luna", Quirks = new WireQuirks { DeveloperRole = true } };
    private static readonly ReplyContext Reply = new() { FallbackId = "chatcmpl-1", Model = "m", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    private readonly ArrayBufferWriter<byte> output = new(1 << 20);
    private readonly List<Warning> warnings = [];
    private readonly List<ChatDelta> deltas = [];
    private byte[] small = [];
    private byte[] large = [];
    private byte[] answer = [];
    private byte[] stream = [];
    private RequestOutline smallOutline = null!;
    private RequestOutline largeOutline = null!;

    [GlobalSetup]
    public void Prepare()
    {
        small = Request(1_700);
        large = Request(85_000);
        smallOutline = Format.Requests.Outline(small);
        largeOutline = Format.Requests.Outline(large);
        answer = Encoding.UTF8.GetBytes("""
            {"id":"chatcmpl-1","object":"chat.completion","created":1755137921,"model":"gpt-5-nano-2025-08-07","choices":[{"index":0,"message":{"role":"assistant","content":"
            """.Trim() + string.Concat(Enumerable.Repeat("some words of an answer ", 25)) + """
            ","refusal":null,"annotations":[]},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":100,"total_tokens":112,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}}
            """.Trim());
        var text = new StringBuilder();
        for (var i = 0; i < Chunks; i++)
        {
            text.Append("""data: {"id":"chatcmpl-C4Hq5a6K3RaPMymUv70btQNYv6SvY","object":"chat.completion.chunk","created":1755137921,"model":"gpt-5-nano-2025-08-07","service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}],"usage":null}""").Append("\n\n");
        }

        stream = Encoding.UTF8.GetBytes(text.ToString());
    }

    [Benchmark]
    public RequestOutline Outline2kB() => Format.Requests.Outline(small);

    [Benchmark]
    public RequestOutline Outline85kB() => Format.Requests.Outline(large);

    [Benchmark]
    public int Forward2kB() => Forward(small, smallOutline);

    [Benchmark]
    public int Forward85kB() => Forward(large, largeOutline);

    [Benchmark]
    public AnswerFacts ScanAnswer() => Format.Responses.Scan(answer, WireQuirks.Default);

    [Benchmark]
    public int Translate2kB()
    {
        output.ResetWrittenCount();
        Format.Requests.Write(Format.Requests.Read(small), Target, output, warnings);
        return output.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int RelayPerChunk()
    {
        output.ResetWrittenCount();
        using var relay = Format.Streams.CreateRelay(WireQuirks.Default, Reply);
        relay.Relay(stream, output);
        return output.WrittenCount;
    }

    /// <summary>What a relay would cost that only looked for the three telling names: the bound of the other design.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int SearchOnlyPerChunk()
    {
        output.ResetWrittenCount();
        var found = 0;
        ReadOnlySpan<byte> rest = stream;
        while (rest.IndexOf("\n\n"u8) is >= 0 and var end)
        {
            var item = rest[..(end + 2)];
            found += item.IndexOf("\"usage\":{"u8) >= 0 || item.IndexOf("\"finish_reason\":\""u8) >= 0 || item.IndexOf("\"error\""u8) >= 0 ? 1 : 0;
            output.Write(item);
            rest = rest[(end + 2)..];
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int DecodePerChunk()
    {
        deltas.Clear();
        using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
        decoder.Decode(stream, deltas);
        return deltas.Count;
    }

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int DecodeAndEncodePerChunk()
    {
        output.ResetWrittenCount();
        deltas.Clear();
        using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
        decoder.Decode(stream, deltas);
        var encoder = Format.Streams.CreateEncoder(Reply);
        foreach (var delta in deltas)
        {
            encoder.Write(delta, output);
        }

        return output.WrittenCount;
    }

    private int Forward(byte[] body, RequestOutline outline)
    {
        output.ResetWrittenCount();
        Format.Requests.Forward(body, outline, Target, output, warnings);
        return output.WrittenCount;
    }

    private static byte[] Request(int bytes)
    {
        var text = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", bytes / 45));
        return Encoding.UTF8.GetBytes($$$"""
            {"model":"auto","messages":[{"role":"system","content":"You are terse."},{"role":"user","content":{{{JsonSerializer.Serialize(text)}}}}],"temperature":0.2,"max_completion_tokens":256,"stream":true,"stream_options":{"include_usage":true}}
            """.Trim());
    }
}
