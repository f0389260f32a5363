using Sommelier.Server.Edge;

namespace Sommelier.Server.Tests.Edge;

/// <summary>The blocks that the server reads into: lent once each, and not kept for ever after a burst.</summary>
public sealed class ReadBlocksTests
{
    /// <summary>A block that is lent is nobody else's, and is lent again once it has come back.</summary>
    [Fact]
    public void A_block_is_lent_to_one_at_a_time()
    {
        using var blocks = new ReadBlocks();
        var first = blocks.Rent();
        using var second = blocks.Rent();
        Assert.False(first.Memory.Span.Overlaps(second.Memory.Span));
        Assert.Equal(ReadBlocks.BlockSize, first.Memory.Length);

        first.Dispose();
        Assert.Equal(1, blocks.Kept);
        using var again = blocks.Rent();
        Assert.True(again.Memory.Span.Overlaps(first.Memory.Span));
    }

    /// <summary>What a burst took is kept to a bound, and goes when the calls that follow need a few blocks at a time.</summary>
    [Fact]
    public void What_a_burst_took_goes_when_it_is_not_needed()
    {
        using var blocks = new ReadBlocks();
        Cycle(blocks, 1_000, rounds: 1);
        Assert.Equal(512, blocks.Kept);

        Cycle(blocks, 8, rounds: 10_000);
        Assert.InRange(blocks.Kept, 8, 9);
    }

    /// <summary>What every round needs stays, however long it goes on.</summary>
    [Fact]
    public void What_is_needed_stays()
    {
        using var blocks = new ReadBlocks();
        Cycle(blocks, 64, rounds: 2_000);
        Assert.Equal(64, blocks.Kept);
    }

    private static void Cycle(ReadBlocks blocks, int atOnce, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var lent = Enumerable.Range(0, atOnce).Select(_ => blocks.Rent()).ToList();
            lent.ForEach(static block => block.Dispose());
        }
    }
}
