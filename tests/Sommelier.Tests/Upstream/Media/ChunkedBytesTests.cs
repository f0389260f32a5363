using System.Buffers;
using CsCheck;
using Sommelier.Upstream.Media;

namespace Sommelier.Tests.Upstream.Media;

public sealed class ChunkedBytesTests
{
    [Fact]
    public void Gives_back_what_came_in_whatever_pieces() => Gen.Int[1, 70_000].Array[0, 60].Sample(
        static pieces =>
        {
            using var bytes = new ChunkedBytes();
            var expected = new byte[pieces.Sum()];
            new Random(pieces.Length).NextBytes(expected);
            var rest = expected.AsSpan();
            foreach (var piece in pieces)
            {
                for (var left = piece; left > 0;)
                {
                    var memory = bytes.GetMemory();
                    var count = Math.Min(left, memory.Length);
                    rest[..count].CopyTo(memory.Span);
                    bytes.Advance(count);
                    rest = rest[count..];
                    left -= count;
                }
            }

            Assert.Equal(expected.Length, bytes.Length);
            Assert.Equal(expected, bytes.Sequence.ToArray());
            Assert.True(expected.AsSpan().StartsWith(bytes.Beginning));
        },
        iter: 50);

    [Fact]
    public void Is_empty_before_anything_came_and_after_disposal()
    {
        var bytes = new ChunkedBytes();
        Assert.True(bytes.Sequence.IsEmpty && bytes.Beginning.IsEmpty);
        bytes.GetMemory().Span[0] = 7;
        bytes.Advance(1);
        bytes.Dispose();
        bytes.Dispose();
        Assert.True(bytes.Sequence.IsEmpty && bytes.Length == 0);
    }
}
