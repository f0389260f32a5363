using System.Buffers;
using CsCheck;
using Sommelier.Upstream;

namespace Sommelier.Tests.Upstream;

public sealed class PooledBufferTests
{
    [Fact]
    public void Keeps_what_was_written_however_it_grows() =>
        Gen.Byte.Array[0, 5000].List[0, 20].Sample(pieces =>
        {
            using var buffer = new PooledBuffer();
            foreach (var piece in pieces)
            {
                buffer.Write(piece);
            }

            return buffer.Span.SequenceEqual(pieces.SelectMany(piece => piece).ToArray());
        });

    [Fact]
    public async Task A_body_stays_alive_while_somebody_writes_it()
    {
        var body = new PooledBuffer();
        body.Write("hello"u8);
        var content = new PooledContent(body);
        var target = new SlowStream();

        var writing = content.CopyToAsync(target);
        content.Dispose();
        Assert.Equal(5, body.Length);
        target.Go.SetResult();
        await writing;

        Assert.Equal("hello"u8.ToArray(), target.Written);
        Assert.True(content.Sent);
        Assert.Equal(0, body.Length);
    }

    private sealed class SlowStream : MemoryStream
    {
        public TaskCompletionSource Go { get; } = new();

        public byte[] Written { get; private set; } = [];

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Go.Task;
            Written = buffer.ToArray();
        }
    }
}
