using System.Buffers;
using BenchmarkDotNet.Attributes;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Benchmarks.Pairs;

/// <summary>What each pair of a caller's dialect and a provider's format costs, as the gateway works them; the same on both sides is passed through.</summary>
[Config(typeof(ShortConfig))]
[PairTable]
public class PairBenchmarks
{
    /// <summary>Pieces of text in the short and in the long stream: what they differ by is what a chunk costs.</summary>
    internal const int Short = 20, Long = 220;

    private readonly ArrayBufferWriter<byte> output = new(1 << 18);
    private readonly List<Warning> warnings = [];
    private IWireFormat caller = null!;
    private IWireFormat vendor = null!;
    private WireTarget target = null!;
    private InboundCall call = null!;
    private byte[] request = [];
    private byte[] answer = [];
    private byte[][] shortStream = [];
    private byte[][] longStream = [];

    public static IEnumerable<string> Formats => Conversation.Formats.Keys;

    [ParamsSource(nameof(Formats))]
    public string Caller { get; set; } = "";

    [ParamsSource(nameof(Formats))]
    public string Vendor { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        (caller, vendor, target) = (WireFormats.Get(Caller), WireFormats.Get(Vendor), Conversation.Target(Vendor));
        (request, answer) = (Conversation.RequestIn(Caller), Conversation.AnswerIn(Vendor));
        call = new() { Format = caller, Body = request, Outline = caller.Requests.Outline(request, Conversation.Path), Reply = Conversation.Reply };
        (shortStream, longStream) = (Conversation.StreamIn(Vendor, Short), Conversation.StreamIn(Vendor, Long));
    }

    [Benchmark]
    public int Request()
    {
        output.ResetWrittenCount();
        warnings.Clear();
        var outline = caller.Requests.Outline(request, Conversation.Path);
        if (IsPassThrough)
        {
            caller.Requests.Forward(request, outline, target, output, warnings);
        }
        else
        {
            vendor.Requests.Write(caller.Requests.Read(request, Conversation.Path), target, output, warnings);
        }

        return output.WrittenCount;
    }

    [Benchmark]
    public int Answer()
    {
        output.ResetWrittenCount();
        warnings.Clear();
        if (IsPassThrough)
        {
            return vendor.Responses.Scan(answer, target.Quirks).HasToolCall ? 1 : 0;
        }

        caller.Responses.Write(vendor.Responses.Read(answer, target.Quirks), Conversation.Reply, output, warnings);
        return output.WrittenCount;
    }

    [Benchmark]
    public int ShortStream() => Stream(shortStream);

    [Benchmark]
    public int LongStream() => Stream(longStream);

    private bool IsPassThrough => ReferenceEquals(caller, vendor);

    private int Stream(byte[][] chunks)
    {
        output.ResetWrittenCount();
        using StreamRelay relay = IsPassThrough
            ? vendor.Streams.CreateRelay(target.Quirks, Conversation.Reply)
            : new TranslatingRelay(vendor.Streams.CreateDecoder(target.Quirks), caller.Streams.CreateEncoder(Conversation.Reply), call);
        foreach (var chunk in chunks)
        {
            relay.Relay(chunk, output);
        }

        relay.Complete(output);
        return relay.Ended ? output.WrittenCount : throw new InvalidOperationException("The stream is not whole.");
    }
}
