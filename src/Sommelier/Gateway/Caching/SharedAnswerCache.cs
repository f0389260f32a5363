using System.Globalization;
using Sommelier.Accounts.Spending.Shared;
using StackExchange.Redis;

namespace Sommelier.Gateway.Caching;

/// <summary>Answers in a Redis that several instances share, with the memory of this one before it.</summary>
/// <remarks>
/// The key of an answer is a hash that begins with its tenant (<see cref="AnswerKey"/>), so no instance can find another tenant's. While
/// Redis is away this instance's memory serves alone. All answers in Redis weigh at most so much, whoever stored them: those that end
/// soonest go first.
/// </remarks>
/// <param name="link">The way to Redis; stays the giver's.</param>
/// <param name="local">This instance's memory.</param>
/// <param name="maxBytes">The most that all answers in Redis may weigh.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedAnswerCache(RedisLink link, MemoryAnswerCache local, long maxBytes, TimeProvider time) : IAnswerCache
{
    // One hash tag, so that all lie on one node of a cluster.
    private const string Prefix = "sommelier:{answers}:";

    // ARGV: 1 id, 2 the answer, 3 milliseconds to live, 4 the most that all may weigh.
    private const string Store =
        $"""
        local ends, sizes, weight = '{Prefix}ends', '{Prefix}sizes', '{Prefix}weight'
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function forget(id)
          local size = redis.call('HGET', sizes, id)
          if size then
            redis.call('DECRBY', weight, size)
            redis.call('HDEL', sizes, id)
            redis.call('ZREM', ends, id)
          end
          redis.call('DEL', '{Prefix}' .. id)
        end
        forget(ARGV[1])
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 1000)) do forget(id) end
        local size = #ARGV[2] + 512
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        redis.call('HSET', sizes, ARGV[1], size)
        redis.call('ZADD', ends, now + ARGV[3], ARGV[1])
        local total = redis.call('INCRBY', weight, size)
        while total > tonumber(ARGV[4]) do
          local first = redis.call('ZRANGE', ends, 0, 0)[1]
          if not first then break end
          forget(first)
          total = tonumber(redis.call('GET', weight))
        end
        return total
        """;

    /// <inheritdoc/>
    public int LargestAnswer => local.LargestAnswer;

    /// <inheritdoc/>
    public async ValueTask<CachedAnswer?> FindAsync(AnswerKey key, CancellationToken cancellationToken)
    {
        if (await local.FindAsync(key, cancellationToken) is { } known)
        {
            return known;
        }

        if (!link.IsUp)
        {
            return null;
        }

        try
        {
            if ((byte[]?)await link.Database.StringGetAsync(Prefix + Id(key)) is not { } bytes || CachedAnswerBytes.Read(bytes) is not { } found || found.ExpiresAt <= time.GetUtcNow())
            {
                return null;
            }

            await local.StoreAsync(key, found, cancellationToken);
            return found;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            link.Fail(failure);
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask StoreAsync(AnswerKey key, CachedAnswer answer, CancellationToken cancellationToken)
    {
        await local.StoreAsync(key, answer, cancellationToken);
        var left = (long)(answer.ExpiresAt - time.GetUtcNow()).TotalMilliseconds;
        if (!link.IsUp || left <= 0 || answer.Body.Length > LargestAnswer)
        {
            return;
        }

        try
        {
            var id = Id(key);
            await link.Database.ScriptEvaluateAsync(Store, [Prefix + id], [id, CachedAnswerBytes.Write(answer), left, maxBytes]);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            link.Fail(failure);
        }
    }

    private static string Id(AnswerKey key) => string.Create(CultureInfo.InvariantCulture, $"{key.High:x32}{key.Low:x32}");
}
