using Microsoft.Extensions.Time.Testing;
using Sommelier.Gateway.Caching;

namespace Sommelier.Tests.Gateway.Caching;

public sealed class MemoryAnswerCacheTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task An_answer_is_found_until_it_ends()
    {
        var cache = new MemoryAnswerCache(1_000_000, time);
        await cache.StoreAsync(Key(1), Answer(10), default);

        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.NotNull(await cache.FindAsync(Key(1), default));
        Assert.Null(await cache.FindAsync(Key(2), default));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await cache.FindAsync(Key(1), default));
    }

    [Fact]
    public async Task What_was_not_used_for_longest_goes_first_and_the_bound_holds()
    {
        // Each weighs 10,000 bytes and 512 beside them: nine fit.
        var cache = new MemoryAnswerCache(100_000, time);
        for (var at = 0; at < 9; at++)
        {
            await cache.StoreAsync(Key(at), Answer(10_000), default);
        }

        Assert.NotNull(await cache.FindAsync(Key(0), default));
        await cache.StoreAsync(Key(9), Answer(10_000), default);

        var left = new List<int>();
        for (var at = 0; at < 10; at++)
        {
            if (await cache.FindAsync(Key(at), default) is not null)
            {
                left.Add(at);
            }
        }

        Assert.Equal([0, 2, 3, 4, 5, 6, 7, 8, 9], left);
    }

    [Fact]
    public async Task One_that_is_replaced_is_not_counted_twice()
    {
        var cache = new MemoryAnswerCache(100_000, time);
        await cache.StoreAsync(Key(0), Answer(10_000), default);
        for (var at = 0; at < 50; at++)
        {
            await cache.StoreAsync(Key(1), Answer(10_000), default);
        }

        Assert.NotNull(await cache.FindAsync(Key(0), default));
    }

    [Fact]
    public async Task One_answer_does_not_push_out_all_others()
    {
        var cache = new MemoryAnswerCache(100_000, time);
        await cache.StoreAsync(Key(0), Answer(cache.LargestAnswer + 1), default);
        Assert.Null(await cache.FindAsync(Key(0), default));
        await cache.StoreAsync(Key(0), Answer(cache.LargestAnswer), default);
        Assert.NotNull(await cache.FindAsync(Key(0), default));
    }

    private static AnswerKey Key(int number) => new(0, (UInt128)number);

    private CachedAnswer Answer(int bytes) => new()
    {
        Body = new byte[bytes],
        ContentType = "application/json",
        Streamed = false,
        DeploymentId = "a/b",
        Facts = new(),
        Warnings = [],
        At = time.GetUtcNow(),
        ExpiresAt = time.GetUtcNow() + TimeSpan.FromMinutes(10),
    };
}
