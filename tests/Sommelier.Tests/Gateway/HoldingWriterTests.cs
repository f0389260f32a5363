using Sommelier.Gateway;

namespace Sommelier.Tests.Gateway;

/// <summary>An answer that is held has an end, whatever its vendor sends.</summary>
public sealed class HoldingWriterTests
{
    [Fact]
    public async Task What_is_longer_than_may_be_held_has_a_reader_that_goes_away()
    {
        var writer = new HoldingWriter(most: 8);

        Assert.False((await writer.WriteAsync(new byte[8], TestContext.Current.CancellationToken)).IsCompleted);
        Assert.True((await writer.WriteAsync(new byte[1], TestContext.Current.CancellationToken)).IsCompleted);
        writer.Release();
    }
}
