using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Embeddings;

/// <summary>The formats in which vectors are asked for, with bytes of each as its vendor's client and server write them.</summary>
internal static class EmbeddingWire
{
    /// <summary>Vectors whose numbers need every digit, the smallest and the largest among them.</summary>
    public static readonly float[][] Vectors = [[0.1f, -0.0069292834f, 1.1754944e-38f], [3.4028235e38f, 0, -16777217f]];

    public static readonly CallPath Path = new("model-1");

    /// <summary>Those that callers speak.</summary>
    public static string[] Inbound { get; } = ["openai-embeddings", "gemini-batch-embed", "gemini-embed", "ollama-embed", "ollama-embeddings", "vertex-predict"];

    /// <summary>Those that take one input alone.</summary>
    public static bool IsSingle(string format) => format is "gemini-embed" or "ollama-embeddings";

    /// <summary>A request of one or two texts, with settings.</summary>
    public static string Request(string format) => format switch
    {
        "openai-embeddings" => """{"model":"model-1","input":["a cat","ein Hund 犬"],"dimensions":3}""",
        "gemini-batch-embed" => """{"requests":[{"model":"models/model-1","content":{"parts":[{"text":"a cat"}]},"outputDimensionality":3},{"model":"models/model-1","content":{"parts":[{"text":"ein Hund 犬"}]},"outputDimensionality":3}]}""",
        "gemini-embed" => """{"model":"models/model-1","content":{"parts":[{"text":"a cat"}]},"outputDimensionality":3}""",
        "vertex-predict" => """{"instances":[{"content":"a cat","title":"T"},{"content":"ein Hund 犬","title":"T"}],"parameters":{"outputDimensionality":3,"autoTruncate":false}}""",
        "ollama-embed" => """{"model":"model-1","input":["a cat","ein Hund 犬"],"dimensions":3}""",
        _ => """{"model":"model-1","prompt":"a cat"}""",
    };

    /// <summary>An answer with a number of <see cref="Vectors"/> and 7 tokens, where the format counts them.</summary>
    public static string Answer(string format, int count)
    {
        var vectors = Vectors[..count].Select(vector => "[" + string.Join(",", vector.Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture))) + "]").ToArray();
        string Each(Func<string, int, string> one) => string.Join(",", vectors.Select(one));
        return format switch
        {
            "openai-embeddings" => """{"object":"list","data":[""" + Each((vector, i) => $$"""{"object":"embedding","index":{{i}},"embedding":{{vector}} }""")
                + """],"model":"model-1","usage":{"prompt_tokens":7,"total_tokens":7}}""",
            "gemini-batch-embed" => """{"embeddings":[""" + Each((vector, _) => $$"""{"values":{{vector}} }""")
                + """],"usageMetadata":{"promptTokenCount":7,"promptTokensDetails":[{"modality":"TEXT","tokenCount":7}]}}""",
            "gemini-embed" => $$$"""{"embedding":{"values":{{{vectors[0]}}}},"usageMetadata":{"promptTokenCount":7}}""",
            "ollama-embed" => $$"""{"model":"model-1","embeddings":[{{Each((vector, _) => vector)}}],"total_duration":14143917,"load_duration":1019500,"prompt_eval_count":7}""",

            // Each input is counted apart: 7 together.
            "vertex-predict" => """{"predictions":[""" + Each((vector, i) => $$$"""{"embeddings":{"statistics":{"truncated":false,"token_count":{{{(i == 0 ? 8 - count : 1)}}}},"values":{{{vector}}} }}""") + "]}",
            _ => $$"""{"embedding":{{vectors[0]}} }""",
        };
    }

    public static InboundCall Call(string format, string? body = null, bool strict = false)
    {
        var wire = WireFormats.Get(format);
        var bytes = Encoding.UTF8.GetBytes(body ?? Request(format));
        var outline = wire.Requests.Outline(bytes, Path);
        return new()
        {
            Format = wire,
            Body = bytes,
            Outline = outline,
            Reply = new() { FallbackId = "reply-1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, Path = Path, Request = bytes, Outline = outline },
            Strict = strict,
        };
    }

    public static WireTarget Target(WireQuirks? quirks = null) => new() { Model = "other/model", Quirks = quirks ?? WireQuirks.Default };

    /// <summary>What is sent to a target of the same format.</summary>
    public static (string Body, List<Warning> Warnings) Forward(string format, string body, WireQuirks? quirks = null)
    {
        var wire = WireFormats.Get(format).Requests;
        var bytes = Encoding.UTF8.GetBytes(body);
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        wire.Forward(bytes, wire.Outline(bytes, Path), Target(quirks), output, warnings);
        return (Encoding.UTF8.GetString(output.WrittenSpan), warnings);
    }

    /// <summary>What is sent to a target of another format.</summary>
    public static (string Body, List<Warning> Warnings) Translate(string from, string to, string body, WireQuirks? quirks = null)
    {
        var request = WireFormats.Get(from).Requests.Read(Encoding.UTF8.GetBytes(body), Path);
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        WireFormats.Get(to).Requests.Write(request, Target(quirks), output, warnings);
        return (Encoding.UTF8.GetString(output.WrittenSpan), warnings);
    }

    public static GatewayError Refusal(string format, string body) =>
        Assert.Throws<WireException>(() => WireFormats.Get(format).Requests.Outline(Encoding.UTF8.GetBytes(body), Path)).Error;
}
