using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Benchmarks.Pairs;

/// <summary>One conversation, answer and stream in every dialect: what a coding assistant says and hears in a usual turn.</summary>
internal static class Conversation
{
    /// <summary>The dialects that callers speak, and whose provider speaks each.</summary>
    public static IReadOnlyDictionary<string, string> Formats { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["openai-chat"] = "openai",
        ["openai-responses"] = "openai",
        ["anthropic-messages"] = "anthropic",
        ["gemini"] = "gemini",
        ["bedrock-converse"] = "bedrock",
        ["ollama"] = "ollama",
    };

    /// <summary>What a caller's address says.</summary>
    public static CallPath Path { get; } = new("model-1", true);

    /// <summary>The call of a reply.</summary>
    public static ReplyContext Reply { get; } = new() { FallbackId = "reply1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = true, Path = Path };

    // Its chat body has 2 kB.
    private static ChatRequest Request { get; } = new()
    {
        OriginalModel = "model-1",
        Format = "neutral",
        MaxOutputTokens = 1_000,
        Stream = true,
        StreamUsage = true,
        SystemInstructions = [new TextPart("You help the crew of a small harbour. Answer in short sentences, name the boat you speak of, and say so when you do not know.")],
        Tools =
        [
            new("get_tide", "The height of the tide in metres at a place and an hour.", """{"type":"object","properties":{"place":{"type":"string","description":"The harbour's name."},"hour":{"type":"integer","minimum":0,"maximum":23}},"required":["place","hour"]}"""),
            new("find_berth", "Finds a free berth for a boat of a length and a draught.", """{"type":"object","properties":{"length":{"type":"number","description":"In metres."},"draught":{"type":"number","description":"In metres."},"power":{"type":"boolean"}},"required":["length","draught"]}"""),
        ],
        Messages =
        [
            new(Role.User, [new TextPart("Good morning. The Heron comes in at six with a draught of two metres. Can she lie at the north quay, or will she sit on the mud before noon?")]),
            new(Role.Assistant, [new TextPart("I look at the tide first."), new ToolCallPart("call_1", "get_tide", """{"place":"north quay","hour":12}""")]),
            new(Role.Tool, [new ToolCallResponsePart("call_1", [new TextPart("1.4 m above chart datum at 12:00, falling until 14:20")])]),
            new(Role.Assistant, [new TextPart("The Heron would touch the ground shortly after eleven. She should leave the north quay by half past ten, or lie at the outer pier instead.")]),
            new(Role.User, [new TextPart("Then find her a place at the outer pier.\nShe is fourteen metres long, \"needs\" power, and stays for two nights – until the wind turns.")]),
        ],
    };

    private static ChatResponse Answer { get; } = new()
    {
        Id = "answer1",
        ResponseModel = "model-1-2026",
        Parts = [new TextPart(string.Join("", Enumerable.Range(0, 100).Select(Word))), new ToolCallPart("call_2", "find_berth", Arguments)],
        FinishReason = new(FinishReasonKind.ToolCalls),
        Usage = Counts,
    };

    private const string Arguments = """{"length":14,"draught":2,"power":true}""";

    private static Usage Counts => new() { InputTokens = 480, OutputTokens = 130 };

    /// <summary>Where a provider of a format is asked.</summary>
    public static WireTarget Target(string format)
    {
        var model = new Catalog.Deployment
        {
            Id = "p/model-1",
            Provider = "p",
            Model = "model-1",
            CanonicalModel = "model-1",
            MaxOutputTokens = 32_000,
            Capabilities = (Catalog.Capabilities)~0,
            Price = new() { InputUsdPerMillion = 1, OutputUsdPerMillion = 2, Source = "own", SourceDate = new(2026, 11, 1) },
            Sources = ["own"],
        };
        return new() { Model = "model-1", Quirks = ProviderRegistry.Find(Formats[format])!.Quirks(model, format), MaxOutputTokens = model.MaxOutputTokens };
    }

    /// <summary>The request in a dialect.</summary>
    public static byte[] RequestIn(string format) => Written(output => WireFormats.Get(format).Requests.Write(Request, Target(format), output, []));

    /// <summary>The whole answer in a dialect.</summary>
    public static byte[] AnswerIn(string format) => Written(output => WireFormats.Get(format).Responses.Write(Answer, Reply, output, []));

    /// <summary>The streamed answer in a dialect, one network chunk a step: a beginning, so many pieces of text, a tool call, the end.</summary>
    public static byte[][] StreamIn(string format, int deltas)
    {
        var encoder = WireFormats.Get(format).Streams.CreateEncoder(Reply);
        return [.. Steps(deltas).Select(step => Written(output => encoder.Write(step, output))).Where(chunk => chunk.Length > 0)];
    }

    private static IEnumerable<ChatDelta> Steps(int deltas) =>
    [
        new StartDelta("answer1", "model-1-2026"),
        .. Enumerable.Range(0, deltas).Select(i => new TextDelta(0, Word(i))),
        new PartEndDelta(0),
        new ToolCallStartDelta(1, "call_2", "find_berth"),
        new ToolCallArgumentsDelta(1, Arguments[..14]),
        new ToolCallArgumentsDelta(1, Arguments[14..]),
        new PartEndDelta(1),
        new UsageDelta(Counts),
        new FinishDelta(new(FinishReasonKind.ToolCalls)),
        EndDelta.Instance,
    ];

    private static string Word(int i) => (i % 7) switch { 0 => " the", 1 => " Heron", 2 => " lies", 3 => " at the", 4 => " outer", 5 => " pier", _ => ", berth 4" };

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
