using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Properties;

/// <summary>
/// No input crashes a reader: broken copies of good bytes are read by everything that reads, and each is read or refused.
/// </summary>
/// <remarks>
/// A few seconds a format in <c>./test</c>; <c>SOMMELIER_LONG=1</c> takes a hundred times as many. Same seed, same input:
/// a failure names the bytes.
/// </remarks>
public sealed class GarbageTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 200_000 : 2_000;

    private static readonly byte[][] Tokens =
    [
        .. ((string[])["\"", "{", "}", "[", "]", ",", ":", "null", "true", "0", "-1", "1e999", "99999999999999999999", "\\u0000", "\\ud800", "\"\"", "{}", "[]", "\n\n", "data: ", "event: ", "\r", "[DONE]"]).Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0], [0, 0, 0, 16], [0x7f, 0xff, 0xff, 0xff],
    ];

    public static TheoryData<string> Formats => Samples.Names;

    [Theory]
    [MemberData(nameof(Formats))]
    public void Requests(string format) => Try(format, Samples.Requests, (target, bytes) =>
    {
        var requests = target.Wire.Requests;
        var outline = requests.Outline(bytes, Samples.Path);
        var read = requests.Read(bytes, Samples.Path);
        Assert.Equal(read.OriginalModel, outline.Model);
        requests.Write(read, target.Write(), new ArrayBufferWriter<byte>(), []);
        if (requests.CanForward(outline, target.Write()))
        {
            requests.Forward(bytes, outline, target.Write(), new ArrayBufferWriter<byte>(), []);
        }
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answers(string format) => Try(format, Samples.Answers, (target, bytes) =>
    {
        Attempt(() => target.Wire.Responses.Scan(bytes, WireQuirks.Default));
        var answer = target.Wire.Responses.Read(bytes, WireQuirks.Default);
        foreach (var other in Samples.Formats)
        {
            other.Wire.Responses.Write(answer, Samples.Context, new ArrayBufferWriter<byte>(), []);
        }
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Streams(string format) => Try(format, Samples.Streams, (target, bytes) =>
    {
        Attempt(() =>
        {
            using var relay = target.Wire.Streams.CreateRelay(WireQuirks.Default, Samples.Context);
            var output = new ArrayBufferWriter<byte>();
            relay.Relay(bytes, output);
            relay.Complete(output);
        });
        using var decoder = target.Wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        Attempt(() =>
        {
            decoder.Decode(bytes, steps);
            decoder.Complete(steps);
        });
        foreach (var other in Samples.Formats)
        {
            var encoder = other.Wire.Streams.CreateEncoder(Samples.Context);
            var output = new ArrayBufferWriter<byte>();
            Attempt(() => steps.ForEach(step => encoder.Write(step, output)));
        }
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Errors(string format) => Try(format, Samples.Errors, (target, bytes) =>
    {
        foreach (var status in (int[])[200, 400, 429, 500])
        {
            Assert.NotNull(target.Wire.Errors.Read(status, _ => null, bytes, DateTimeOffset.UnixEpoch).Message);
        }
    });

    private static void Try(string format, Func<Fidelity.Target, IEnumerable<byte[]>> samples, Action<Fidelity.Target, byte[]> read)
    {
        var target = Samples.Of(format);
        var seeds = samples(target).ToArray();
#pragma warning disable RS0030 // The seed is fixed: the same input in every run.
        var random = new Random(7);
#pragma warning restore RS0030
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Break(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            try
            {
                read(target, bytes);
            }
            catch (Exception refusal) when (refusal is WireException or UpstreamException)
            {
                // Read or refused.
            }
            catch (Exception crash)
            {
                Assert.Fail($"round {round}: {crash}\n{Encoding.Latin1.GetString(bytes)}\n{Convert.ToBase64String(bytes)}");
            }
        }
    }

    private static void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (UpstreamException)
        {
            // Refused.
        }
    }

    private static byte[] Break(byte[] good, byte[] other, Random random)
    {
        var bytes = new List<byte>(good);
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)).ToArray());
                    break;
                default:
                    Replace(bytes, random);
                    break;
            }
        }

        return [.. bytes];
    }

    // A whole JSON value of another type in the place of one: what hand-written clients get wrong.
    private static void Replace(List<byte> bytes, Random random)
    {
        var colons = Enumerable.Range(0, bytes.Count).Where(at => bytes[at] == ':').ToArray();
        if (colons.Length == 0)
        {
            return;
        }

        var start = colons[random.Next(colons.Length)] + 1;
        var end = start;
        while (end < bytes.Count && bytes[end] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)'\n'))
        {
            end++;
        }

        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.UTF8.GetBytes(((string[])["null", "7", "-1.5", "\"x\"", "[]", "{}", "[[]]", "true"])[random.Next(8)]));
    }
}
