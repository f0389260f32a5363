using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>The connection to Redis, this instance's sign of life in it, and whether it can be counted on.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BeatWhileDown = TimeSpan.FromSeconds(1);

    // So long all that lived have given a sign of life and hold what they run.
    private static readonly TimeSpan Gathering = Beat + Beat;

    private readonly ConnectionMultiplexer redis;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task beating;
    private string instance = NewInstance();
    private volatile bool up;
    private volatile bool lost = true;
    private long backAt;
    private int outages;
    private bool told;
    private bool hasCounted;
    private readonly ConcurrentQueue<(RedisChannel Channel, Action<RedisValue> Hear)> unheard = new();
    private int instances = 1;

    private RedisLink(ConnectionMultiplexer redis, TimeProvider time, ILogger logger)
    {
        (this.redis, this.time, this.logger) = (redis, time, logger);
        beating = Task.Run(BeatAsync);
    }

    /// <summary>The database.</summary>
    public IDatabase Database => redis.GetDatabase();

    /// <summary>Messages between instances.</summary>
    public ISubscriber Messages => redis.GetSubscriber();

    /// <summary>What this instance calls itself; another name after each outage, since what it held before is held no more.</summary>
    public string Instance => Volatile.Read(ref instance);

    /// <summary>Whether Redis answered when last asked.</summary>
    public bool IsUp => up;

    /// <summary>How often Redis went away or forgot this instance so far.</summary>
    public int Outages => Volatile.Read(ref outages);

    /// <summary>How many instances lived when last asked, this one included.</summary>
    public int Instances => Math.Max(1, Volatile.Read(ref instances));

    /// <summary>Called when Redis answers again, before it is counted on.</summary>
    public Func<Task>? Recovering { get; set; }

    /// <summary>Called as soon as it is counted on again.</summary>
    public Func<Task>? Recovered { get; set; }

    /// <summary>Connects; goes on trying in the background when Redis cannot be reached now.</summary>
    /// <param name="configuration">In StackExchange.Redis' form, e.g. <c>redis:6379,password=…,ssl=true</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of outages.</param>
    /// <exception cref="ArgumentException">The configuration is none.</exception>
    public static async Task<RedisLink> ConnectAsync(string configuration, TimeProvider time, ILogger logger)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = false;
        options.ClientName ??= "sommelier";
        options.ConnectTimeout = 2_000;
        options.AsyncTimeout = 1_000;
        options.ReconnectRetryPolicy = new LinearRetry(1_000);
        options.BacklogPolicy = BacklogPolicy.FailFast;
        var link = new RedisLink(await ConnectionMultiplexer.ConnectAsync(options), time, logger);
        await link.SignAsync();
        return link;
    }

    /// <summary>Hears what instances say on a channel: from now on, or from when Redis is back.</summary>
    public async Task ListenAsync(RedisChannel channel, Action<RedisValue> hear)
    {
        unheard.Enqueue((channel, hear));
        try
        {
            await SubscribeAsync();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // With the next sign of life.
        }
    }

    /// <summary>A command failed: until the next sign of life Redis is not counted on.</summary>
    public void Fail(Exception failure)
    {
        lost = true;
        if (up)
        {
            up = false;
            Interlocked.Increment(ref outages);
        }

        if (!Interlocked.Exchange(ref told, true))
        {
            logger.SharedCountsLost(Cause(failure), Instances);
        }
    }

    /// <summary>Redis no longer knows this instance, and so does not count what it holds: the same.</summary>
    public void Forgotten()
    {
        lost = true;
        if (up)
        {
            up = false;
            told = true;
            Interlocked.Increment(ref outages);
            logger.SharedHoldsForgotten();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await beating;
        try
        {
            await ForgetAsync(Instance);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // It forgets us by itself.
        }

        await redis.DisposeAsync();
        stopping.Dispose();
    }

    // A wrong password is told as what it is, and never what was sent.
    private static string Cause(Exception failure)
    {
        var cause = failure.GetType().Name;
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            cause = inner is RedisConnectionException { FailureType: not ConnectionFailureType.UnableToResolvePhysicalConnection } known ? known.FailureType.ToString() : cause;
        }

        return cause;
    }

    private static string NewInstance() => Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture);

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(up ? Beat : BeatWhileDown, time, stopping.Token);
                await SignAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task SignAsync()
    {
        try
        {
            var (before, isNew) = (Instance, lost);
            var name = isNew ? NewInstance() : before;
            var (wasKnown, living) = await LiveAsync(name, isReady: !isNew);
            if (!isNew && !wasKnown)
            {
                Forgotten();
                return;
            }

            if (isNew)
            {
                Volatile.Write(ref instance, name);
                lost = false;
                if (Recovering is { } recovering)
                {
                    await recovering();
                    await ForgetAsync(before);
                }

                (_, living) = await LiveAsync(name, isReady: true);
                backAt = time.GetTimestamp();
            }

            await SubscribeAsync();
            await CountOnAsync(living);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            Fail(failure);
        }
    }

    private async Task<(bool WasKnown, int Living)> LiveAsync(string name, bool isReady)
    {
        var answer = (long[])(await Database.ScriptEvaluateAsync(
            SpendScripts.Live, [SpendScripts.Instances, SpendScripts.Ready], [name, SpendScripts.Lease, isReady ? 1 : 0]))!;
        return (answer[0] == 1, (int)answer[1]);
    }

    private async Task ForgetAsync(string name)
    {
        await Database.SortedSetRemoveAsync(SpendScripts.Instances, name);
        await Database.SortedSetRemoveAsync(SpendScripts.Ready, name);
    }

    // Once it was made the client makes it again with every new connection.
    private async Task SubscribeAsync()
    {
        while (unheard.TryPeek(out var next))
        {
            await Messages.SubscribeAsync(next.Channel, (_, message) => next.Hear(message));
            unheard.TryDequeue(out _);
        }
    }

    // What the others hold is known when they have come back too, and until then each keeps to its share.
    private async Task CountOnAsync(int living)
    {
        // Who has come while Redis was away does not know how many lived.
        var isMissing = living < Instances || (told && !hasCounted);
        if (lost || (!up && isMissing && time.GetElapsedTime(backAt) < Gathering))
        {
            return;
        }

        Volatile.Write(ref instances, living);
        if (up)
        {
            return;
        }

        (up, told, hasCounted) = (true, false, true);
        logger.SharedCountsFound(living);
        if (Recovered is { } recovered)
        {
            await recovered();
        }
    }
}
