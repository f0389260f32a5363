using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Sommelier.Accounts.Spending.Shared;

/// <summary>The connection to Redis, this instance's sign of life in it, and whether it can be counted on.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BeatWhileDown = TimeSpan.FromSeconds(1);

    private readonly ConnectionMultiplexer redis;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task beating;
    private string instance = NewInstance();
    private volatile bool up;
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

    /// <summary>How many instances lived when last asked, this one included.</summary>
    public int Instances => Math.Max(1, Volatile.Read(ref instances));

    /// <summary>Called after each outage.</summary>
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

    /// <summary>A command failed: until the next sign of life Redis is not counted on.</summary>
    public void Fail(Exception failure)
    {
        if (up)
        {
            up = false;
            logger.SharedCountsLost(failure.GetType().Name, Instances);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await beating;
        try
        {
            await Database.SortedSetRemoveAsync(SpendScripts.Instances, Instance);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // It forgets us by itself.
        }

        await redis.DisposeAsync();
        stopping.Dispose();
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
            var name = up ? Instance : NewInstance();
            var living = (int)(long)await Database.ScriptEvaluateAsync(SpendScripts.Live, [SpendScripts.Instances], [name, SpendScripts.Lease]);
            Volatile.Write(ref instances, living);
            if (!up)
            {
                Volatile.Write(ref instance, name);
                if (Recovered is { } recovered)
                {
                    await recovered();
                }

                up = true;
                logger.SharedCountsFound(living);
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            Fail(failure);
        }
    }
}
