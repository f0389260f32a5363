using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Wire.EventStream;

public sealed class EventStreamTests
{
    // What the official codec writes; measured with an AWS SDK.
    private const string MessageStart = "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22726f6c65223a22617373697374616e74227d6fa8c599";
    private const string ContentDelta = "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944657";
    private const string Throttling = "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a22546f6f206d616e79207265717565737473227de67f8005";

    private static readonly byte[] Stream = Convert.FromHexString(MessageStart + ContentDelta + Throttling);

    [Theory]
    [InlineData(MessageStart, false, "messageStart", """{"role":"assistant"}""")]
    [InlineData(ContentDelta, false, "contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hi"}}""")]
    [InlineData(Throttling, true, "throttlingException", """{"message":"Too many requests"}""")]
    public void Writes_what_the_official_codec_writes_and_reads_it_back(string hex, bool exception, string type, string json)
    {
        var output = new ArrayBufferWriter<byte>();
        if (exception)
        {
            EventStreamWriter.WriteException(Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(json), output);
        }
        else
        {
            EventStreamWriter.WriteEvent(Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(json), output);
        }

        Assert.Equal(hex, Convert.ToHexStringLower(output.WrittenSpan));
        Assert.Equal($"{(exception ? "Exception" : "Event")} {type} application/json {json}", Read(output.WrittenSpan.ToArray(), [int.MaxValue]));
    }

    [Fact]
    public void Reads_the_same_frames_at_every_split()
    {
        var expected = Read(Stream, [Stream.Length]);
        Assert.Equal(3, expected.Split('\n').Length);
        Assert.Equal(expected, Read(Stream, [1]));
        for (var at = 1; at < Stream.Length; at++)
        {
            Assert.Equal(expected, Read(Stream, [at, Stream.Length]));
            Assert.Equal(expected, Read(Stream, [at, 1, Stream.Length]));
        }
    }

    [Fact]
    public void A_frame_that_lies_whole_in_a_chunk_is_not_copied()
    {
        using var reader = new EventStreamReader();
        ReadOnlySpan<byte> chunk = Stream;
        Assert.True(reader.TryRead(ref chunk, out var first));
        Assert.True(first.Raw.Overlaps(Stream));
        Assert.True(first.Payload.Overlaps(Stream));

        // The one behind a cut frame neither.
        chunk = Stream.AsSpan(0, 5);
        using var other = new EventStreamReader();
        Assert.False(other.TryRead(ref chunk, out _));
        chunk = Stream.AsSpan(5);
        Assert.True(other.TryRead(ref chunk, out var cut));
        Assert.False(cut.Raw.Overlaps(Stream));
        Assert.True(other.TryRead(ref chunk, out var second));
        Assert.True(second.Raw.Overlaps(Stream));
    }

    [Fact]
    public void Tells_a_cut_stream_from_an_ended_one()
    {
        for (var length = 0; length <= Stream.Length; length++)
        {
            var whole = length is 0 || length == MessageStart.Length / 2 || length == (MessageStart.Length + ContentDelta.Length) / 2 || length == Stream.Length;
            using var cut = new EventStreamReader();
            ReadOnlySpan<byte> chunk = Stream.AsSpan(0, length);
            while (cut.TryRead(ref chunk, out _))
            {
            }

            Assert.True(chunk.IsEmpty);
            Assert.Equal(!whole, cut.HasRest);
        }
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var good = Convert.FromHexString(ContentDelta);
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(UpstreamFailureKind.ProtocolError, Assert.Throws<UpstreamException>(() => Read(bad, [bad.Length])).Failure.Kind);
        }
    }

    [Theory]
    [InlineData(EventStreamReader.MaxFrameBytes + 1, 0)]
    [InlineData(uint.MaxValue, 0)]
    [InlineData(1024 * 1024, EventStreamReader.MaxHeaderBytes + 1)]
    [InlineData(100, uint.MaxValue)]
    [InlineData(15, 0)]
    [InlineData(0, 0)]
    [InlineData(100, 85)]
    public void Lengths_that_cannot_be_are_refused_before_anything_is_kept(uint length, uint headers)
    {
        var prelude = Prelude(length, headers);
        Assert.Throws<UpstreamException>(() => Read(prelude, [prelude.Length]));
        Assert.Throws<UpstreamException>(() => Read(prelude, [1]));
    }

    [Fact]
    public void A_promised_length_takes_no_memory()
    {
        using var reader = new EventStreamReader();
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadOnlySpan<byte> chunk = Prelude(EventStreamReader.MaxFrameBytes, 0);
        Assert.False(reader.TryRead(ref chunk, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Headers_of_every_type_are_passed_over()
    {
        byte[] headers =
        [
            .. Header("a", 0), .. Header("b", 1), .. Header("c", 2, 1), .. Header("d", 3, 1, 2), .. Header("e", 4, 1, 2, 3, 4), .. Header("f", 5, 1, 2, 3, 4, 5, 6, 7, 8),
            .. Header("g", 6, 0, 3, 1, 2, 3), .. Header("h", 7, 0, 1, (byte)'x'), .. Header("i", 8, 1, 2, 3, 4, 5, 6, 7, 8), .. Header("j", 9, new byte[16]),
            .. Text(":message-type", "error"), .. Text(":error-code", "InternalError"), .. Text(":error-message", "Sorry"),
        ];

        Assert.Equal("Error InternalError Sorry  {}", Read(Frame(headers, "{}"u8), [7]));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0161")]
    [InlineData("01610a")]
    [InlineData("016107")]
    [InlineData("01610700")]
    [InlineData("0161070002aa")]
    [InlineData("0161060001")]
    [InlineData("01610501020304050607")]
    [InlineData("016109000102030405060708090a0b0c0d0e")]
    [InlineData("ff61")]
    [InlineData("")]
    [InlineData("0d3a6d6573736167652d747970650700046e657773")]
    public void Headers_that_are_none_are_refused(string headers)
    {
        var frame = Frame(Convert.FromHexString(headers), "{}"u8);

        Assert.Equal(UpstreamFailureKind.ProtocolError, Assert.Throws<UpstreamException>(() => Read(frame, [frame.Length])).Failure.Kind);
    }

    [Fact]
    public void Anything_that_is_written_is_read_back_at_any_split() =>
        Gen.Select(Gen.Bool, Gen.String[Gen.Char.AlphaNumeric, 1, 40], Gen.Byte.Array[0, 3000]).List[1, 8].Select(Gen.Int[1, 900].List[1, 5], (frames, sizes) => (frames, sizes))
            .Sample(sample =>
            {
                var output = new ArrayBufferWriter<byte>();
                foreach (var (exception, type, payload) in sample.frames)
                {
                    if (exception)
                    {
                        EventStreamWriter.WriteException(Encoding.UTF8.GetBytes(type), payload, output);
                    }
                    else
                    {
                        EventStreamWriter.WriteEvent(Encoding.UTF8.GetBytes(type), payload, output);
                    }
                }

                var expected = string.Join('\n', sample.frames.Select(it => $"{(it.Item1 ? "Exception" : "Event")} {it.Item2} application/json {Convert.ToHexString(it.Item3)}"));
                return string.Equals(Read(output.WrittenSpan.ToArray(), sample.sizes, hex: true), expected, StringComparison.Ordinal);
            });

    [Fact]
    public void Garbage_never_crashes() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Bool, Gen.Byte.Array[0, 60], Gen.Int[1, 40].List[1, 4])
            .Sample((garbage, framed, headers, sizes) =>
            {
                try
                {
                    // With proper lengths and checksums the garbage reaches the headers.
                    Read(framed ? Frame(headers, garbage) : garbage, sizes);
                }
                catch (UpstreamException error)
                {
                    Assert.Equal(UpstreamFailureKind.ProtocolError, error.Failure.Kind);
                }
            });

    [Fact]
    public void A_payload_beyond_the_limit_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.Throws<ArgumentException>(() => EventStreamWriter.WriteEvent("x"u8, new byte[EventStreamReader.MaxFrameBytes], output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void The_checksum_is_the_common_one(string text, uint expected) => Assert.Equal(expected, Crc32.Of(Encoding.ASCII.GetBytes(text)));

    private static string Read(byte[] bytes, IReadOnlyList<int> sizes, bool hex = false)
    {
        using var reader = new EventStreamReader();
        var found = new List<string>();
        var turn = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var size = Math.Min(sizes[turn++ % sizes.Count], bytes.Length - at);
            ReadOnlySpan<byte> chunk = bytes.AsSpan(at, size);
            while (reader.TryRead(ref chunk, out var frame))
            {
                var names = frame.Kind switch
                {
                    EventStreamKind.Event => Encoding.UTF8.GetString(frame.EventType),
                    EventStreamKind.Exception => Encoding.UTF8.GetString(frame.ExceptionType),
                    _ => $"{Encoding.UTF8.GetString(frame.ErrorCode)} {Encoding.UTF8.GetString(frame.ErrorMessage)}",
                };
                found.Add($"{frame.Kind} {names} {Encoding.UTF8.GetString(frame.ContentType)} {(hex ? Convert.ToHexString(frame.Payload) : Encoding.UTF8.GetString(frame.Payload))}");
            }

            Assert.True(chunk.IsEmpty);
            at += size;
        }

        return string.Join('\n', found);
    }

    private static byte[] Prelude(uint length, uint headers)
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, length);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Crc32.Of(prelude.AsSpan(0, 8)));
        return prelude;
    }

    private static byte[] Frame(byte[] headers, ReadOnlySpan<byte> payload)
    {
        byte[] frame = [.. Prelude((uint)(16 + headers.Length + payload.Length), (uint)headers.Length), .. headers, .. payload, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc32.Of(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static byte[] Header(string name, byte type, params byte[] value) => [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), type, .. value];

    private static byte[] Text(string name, string value) => Header(name, 7, [(byte)(value.Length >> 8), (byte)value.Length, .. Encoding.UTF8.GetBytes(value)]);
}
