using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts.Spending.Shared;
using Sommelier.Canonical;
using Sommelier.Gateway.Caching;
using Sommelier.TestKit.Services;
using Sommelier.Wire;

namespace Sommelier.Tests.Gateway.Caching;

/// <summary>Answers in a Redis of two instances, which is there, away, or full.</summary>
public sealed class SharedAnswerCacheTests : IAsyncLifetime
{
    private readonly List<RedisLink> links = [];
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private RedisServer redis = null!;

    public async ValueTask InitializeAsync() => redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var link in links)
        {
            await link.DisposeAsync();
        }

        await redis.DisposeAsync();
    }

    [Fact]
    public async Task What_one_stores_the_other_finds_with_every_field()
    {
        var (one, two) = (await CacheAsync(), await CacheAsync());
        var stored = Answer(3) with
        {
            Streamed = true,
            CallerId = "key_1",
            Similarity = 0.963217,
            Warnings = [new("dropped", "logit_bias", "no such field")],
            Facts = new()
            {
                Id = "id", ResponseModel = "m-2026", OutputBytes = 7, Vectors = 2, IsLoose = true, HasToolCall = true,
                Usage = new() { InputTokens = 10, CacheReadInputTokens = 3, OutputTokens = 5, ReasoningOutputTokens = 2, Estimated = true },
                FinishReason = new(FinishReasonKind.ToolCalls, "tool_calls"),
            },
        };
        await one.StoreAsync(Key(1), stored, default);

        var found = (await two.FindAsync(Key(1), default))!;

        Assert.Equivalent(stored with { Body = default }, found with { Body = default }, strict: true);
        Assert.True(stored.Body.Span.SequenceEqual(found.Body.Span));
        Assert.Null(await two.FindAsync(Key(2), default));
    }

    [Fact]
    public async Task It_ends_when_it_ends()
    {
        var (one, two) = (await CacheAsync(), await CacheAsync());
        await one.StoreAsync(Key(1), Answer(3) with { ExpiresAt = time.GetUtcNow().AddMilliseconds(300) }, default);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Null(await two.FindAsync(Key(1), default));
        Assert.False(await links[0].Database.KeyExistsAsync("sommelier:{answers}:" + new string('0', 63) + "1"));
    }

    [Fact]
    public async Task All_together_weigh_no_more_than_they_may_and_those_that_end_soonest_go()
    {
        var (one, two) = (await CacheAsync(100_000), await CacheAsync(100_000));
        for (var i = 0; i < 40; i++)
        {
            await (i % 2 == 0 ? one : two).StoreAsync(Key(i), Answer(9_000) with { ExpiresAt = time.GetUtcNow().AddMinutes(100 - i) }, default);
        }

        var fresh = await CacheAsync(100_000);
        var left = new List<int>();
        for (var i = 0; i < 40; i++)
        {
            if (await fresh.FindAsync(Key(i), default) is not null)
            {
                left.Add(i);
            }
        }

        Assert.Equal(Enumerable.Range(0, 10), left);

        // The same again weighs nothing more.
        for (var times = 0; times < 50; times++)
        {
            await one.StoreAsync(Key(0), Answer(9_000) with { ExpiresAt = time.GetUtcNow().AddMinutes(100) }, default);
        }

        Assert.NotNull(await (await CacheAsync(100_000)).FindAsync(Key(9), default));
    }

    [Fact]
    public async Task Without_redis_each_has_its_own_memory()
    {
        var (one, two) = (await CacheAsync(), await CacheAsync());
        await one.StoreAsync(Key(1), Answer(3), default);
        await redis.DownAsync();
        await one.StoreAsync(Key(2), Answer(3), default);

        Assert.NotNull(await one.FindAsync(Key(1), default));
        Assert.NotNull(await one.FindAsync(Key(2), default));
        Assert.Null(await two.FindAsync(Key(1), default));
    }

    [Fact]
    public async Task Bytes_that_another_version_wrote_are_no_answer()
    {
        var (one, two) = (await CacheAsync(), await CacheAsync());
        await one.StoreAsync(Key(1), Answer(3), default);
        var place = "sommelier:{answers}:" + new string('0', 63) + "1";
        var bytes = (byte[])(await links[0].Database.StringGetAsync(place))!;
        for (var at = 0; at < bytes.Length; at++)
        {
            var broken = (byte[])bytes.Clone();
            broken[at] ^= 0x55;
            await links[0].Database.StringSetAsync(place, broken[..(at + 1)]);
            _ = await (await CacheOfAsync(links[1])).FindAsync(Key(1), default);
        }

        bytes[0]++;
        await links[0].Database.StringSetAsync(place, bytes);
        Assert.Null(await two.FindAsync(Key(1), default));
    }

    private CachedAnswer Answer(int size) => new()
    {
        Body = Enumerable.Range(0, size).Select(i => (byte)i).ToArray(),
        ContentType = "application/json",
        Streamed = false,
        DeploymentId = "lab/m",
        Facts = new AnswerFacts(),
        Warnings = [],
        At = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds()),
    };

    private static AnswerKey Key(int number) => new(0, (UInt128)number);

    private async Task<SharedAnswerCache> CacheAsync(long maxBytes = 1_000_000)
    {
        links.Add(await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System, NullLogger.Instance));
        return await CacheOfAsync(links[^1], maxBytes);
    }

    private Task<SharedAnswerCache> CacheOfAsync(RedisLink link, long maxBytes = 1_000_000) =>
        Task.FromResult(new SharedAnswerCache(link, new MemoryAnswerCache(maxBytes, time), maxBytes, time));
}
