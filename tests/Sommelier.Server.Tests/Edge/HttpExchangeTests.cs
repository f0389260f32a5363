using Microsoft.AspNetCore.Http;
using Sommelier.Gateway;
using Sommelier.Server.Edge;

namespace Sommelier.Server.Tests.Edge;

public sealed class HttpExchangeTests
{
    [Fact]
    public async Task A_stated_length_alone_takes_no_memory()
    {
        await using var body = new CountedBody(10);
        using var exchange = new HttpExchange(Context(body, stated: 30_000_000));

        await exchange.ReadBodyAsync(32_000_000, TestContext.Current.CancellationToken);

        Assert.InRange(body.LargestOffer, 1, 2 * 1024 * 1024);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(16_384, null)]
    [InlineData(1_048_576, 1_048_576)]
    [InlineData(3_000_000, 3_000_000)]
    [InlineData(3_000_000, null)]
    public async Task A_body_of_any_length_up_to_the_limit_is_read_whole(int length, int? stated)
    {
        await using var body = new CountedBody(length);
        using var exchange = new HttpExchange(Context(body, stated));

        var read = await exchange.ReadBodyAsync(3_000_000, TestContext.Current.CancellationToken);

        Assert.Equal(length, read.Length);
        Assert.False(read.Span.ContainsAnyExcept((byte)'x'));
    }

    [Fact]
    public async Task A_body_that_is_longer_than_the_limit_is_refused_though_no_length_was_stated()
    {
        await using var body = new CountedBody(100_001);
        using var exchange = new HttpExchange(Context(body, null));

        var refused = await Assert.ThrowsAsync<GatewayException>(
            async () => await exchange.ReadBodyAsync(100_000, TestContext.Current.CancellationToken));

        Assert.Equal(413, refused.Error.Status);
    }

    private static DefaultHttpContext Context(Stream body, int? stated)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = stated;
        context.Request.Body = body;
        return context;
    }

    private sealed class CountedBody(int length) : MemoryStream([.. Enumerable.Repeat((byte)'x', length)])
    {
        public int LargestOffer { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LargestOffer = Math.Max(LargestOffer, buffer.Length);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
