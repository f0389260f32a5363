using System.Diagnostics;
using System.Text;
using CsCheck;
using Sommelier.Wire;
using Sommelier.Wire.Sse;

namespace Sommelier.Tests.Wire.Sse;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "|a;|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "|a;|b")]
    [InlineData("data: a\r\rdata: b\r\rx", "|a;|b;|")]
    [InlineData("event: x\ndata:a\n\n", "x|a")]
    [InlineData("data: a\ndata: b\ndata:\ndata: c\n\ndata: d\ndata: e\n\n", "|a/b//c;|d/e")]
    [InlineData("data:\ndata: b\n\n", "|/b")]
    [InlineData(": keep-alive\n\ndata: a\n\n", "|;|a")]
    [InlineData("\n\ndata: a\n\n", "|;|;|a")]
    [InlineData("\uFEFFdata: a\n\n", "|a")]
    [InlineData("id: 1\nretry: 2\ndata:  two spaces\n\n", "| two spaces")]
    [InlineData("data: a\n\ndata: cut", "|a;|cut")]
    public void Reads_the_grammar_of_the_standard_at_every_split(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, Read(bytes, [bytes.Length]));
        Assert.Equal(expected, Read(bytes, [1]));
        for (var at = 1; at < bytes.Length; at++)
        {
            Assert.Equal(expected, Read(bytes, [at, bytes.Length]));
        }
    }

    [Fact]
    public void Raw_bytes_of_all_events_are_the_stream()
    {
        Gen.Select(Pick("data: a\n\n", "data: bcd\r\n\r\n", ": ping\n\n", "event: x\ndata: e\ndata: f\n\n", "\n").List[1, 20], Gen.Int[1, 9].List[1, 5])
            .Sample((events, sizes) =>
            {
                var bytes = Encoding.UTF8.GetBytes(string.Concat(events));
                using var reader = new SseReader();
                var raw = new List<byte>();
                foreach (var piece in Pieces(bytes, sizes))
                {
                    var chunk = piece.AsSpan();
                    ReadOnlySpan<byte> rest = chunk;
                    while (reader.TryRead(ref rest, out var item))
                    {
                        raw.AddRange(item.Raw);
                    }
                }

                return raw.SequenceEqual(bytes);
            });
    }

    [Fact]
    public void A_large_event_in_single_bytes_is_not_searched_again_and_again()
    {
        var bytes = Encoding.UTF8.GetBytes("data: " + new string('a', 2_000_000) + "\n\n");
        var watch = Stopwatch.StartNew();
        Assert.Equal(2_000_001, Read(bytes, [1]).Length);

        // Quadratic, it would be two trillion comparisons: minutes even with vectors.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void Many_lines_of_one_event_are_joined_in_linear_time()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: x\n", 200_000)) + "\n");
        Assert.Equal(400_000, Read(bytes, [bytes.Length]).Length);
    }

    [Fact]
    public void An_event_without_end_is_refused()
    {
        using var reader = new SseReader();
        var block = new byte[8 * 1024 * 1024];
        Array.Fill(block, (byte)'a');
        for (var i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> chunk = block;
            Assert.False(reader.TryRead(ref chunk, out _));
        }

        Assert.Throws<UpstreamException>(() =>
        {
            ReadOnlySpan<byte> chunk = block;
            reader.TryRead(ref chunk, out _);
        });
    }

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Read(byte[] bytes, IReadOnlyList<int> sizes)
    {
        using var reader = new SseReader();
        var found = new List<string>();
        foreach (var piece in Pieces(bytes, sizes))
        {
            ReadOnlySpan<byte> chunk = piece;
            while (reader.TryRead(ref chunk, out var item))
            {
                found.Add(Show(item));
            }

            Assert.True(chunk.IsEmpty);
        }

        if (reader.TryReadRest(out var rest))
        {
            found.Add(Show(rest));
        }

        return string.Join(';', found);
    }

    private static string Show(SseEvent item) => $"{Encoding.UTF8.GetString(item.Name)}|{Encoding.UTF8.GetString(item.Data).Replace('\n', '/')}";

    private static IEnumerable<byte[]> Pieces(byte[] bytes, IReadOnlyList<int> sizes)
    {
        var turn = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var size = Math.Min(sizes[turn++ % sizes.Count], bytes.Length - at);
            yield return bytes[at..(at + size)];
            at += size;
        }
    }
}
