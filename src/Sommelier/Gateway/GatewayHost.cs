using System.Buffers;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Sommelier.Accounts.Administration;
using Sommelier.Accounts.Spending;
using Sommelier.Canaries;
using Sommelier.Canonical;
using Sommelier.Gateway.Asides;
using Sommelier.Gateway.Bodies;
using Sommelier.Gateway.Caching;
using Sommelier.Gateway.Kept;
using Sommelier.Gateway.Shadows;
using Sommelier.Ledger;
using Sommelier.Ledger.Catalogs;
using Sommelier.Resilience;
using Sommelier.Routing;
using Sommelier.Storage;
using Sommelier.Telemetry;
using Sommelier.Telemetry.Prometheus;
using Sommelier.Upstream;
using Sommelier.Upstream.InProcess;
using Sommelier.Upstream.Media;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Gemini;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Gateway;

/// <summary>A running gateway without its HTTP edge: everything put together, and what the edge and the verbs may ask of it.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly GatewayServices services;
    private readonly GatewayMeter meter;
    private readonly MetricsCollector metrics;
    private readonly UpstreamHttp http;
    private readonly MediaFetcher media;
    private readonly GatewayStorage storage;
    private readonly ShadowTraffic shadows;
    private readonly CatalogKeeper catalogs;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task upkeep;

    private GatewayHost(
        GatewayServices services, GatewayMeter meter, MetricsCollector metrics, UpstreamHttp http, MediaFetcher media, GatewayStorage storage, CatalogKeeper catalogs, GatewayHostOptions options)
    {
        this.catalogs = catalogs;
        this.storage = storage;
        this.services = services;
        this.meter = meter;
        this.metrics = metrics;
        this.http = http;
        this.media = media;
        Chat = new ChatPipeline(services);
        Chat.Shadows = shadows = new(Chat, services, new ShadowAccounts(services.Ledger.Queries, storage.Gate as LocalSpendGate, services.Time), meter);
        var asides = new AsideCalls(Chat, services);
        Chat.Intents = new(asides, services);
        services.Cache.Similar = new(asides, services);
        Preview = new RoutePreview(Chat, services);
        Quality = new LivingQuality(storage.Quality, services.Snapshots, services.Time, services.Logger);
        Feedback = new FeedbackIntake(services.Ledger.Queries, storage.Quality, services.Time);
        Canaries = storage.Canaries;
        Canaries.OnRollback = rollback => meter.CanaryRolledBack(rollback.Key.Policy, EnumNames<CanaryReason>.Of(rollback.Reason!.Value));
        Canaries.Follow();
        upkeep = Task.Run(() => KeepAsync(options.LedgerRetention, stopping.Token));
    }

    /// <summary>Serves chat requests.</summary>
    public ChatPipeline Chat { get; }

    /// <summary>Serves dry runs.</summary>
    public RoutePreview Preview { get; }

    /// <summary>The versions of the quality table, and which one is in force.</summary>
    public LivingQuality Quality { get; }

    /// <summary>How canaries stand, and what was counted of them.</summary>
    public CanaryBook Canaries { get; }

    /// <summary>Takes callers' feedback.</summary>
    public FeedbackIntake Feedback { get; }

    /// <summary>The configuration in force, without the published quality table.</summary>
    public GatewaySnapshot Configured => services.Snapshots.Configured;

    /// <summary>The configuration in force.</summary>
    public GatewaySnapshot Snapshot => services.Snapshots.Current;

    /// <summary>The ledger's read side.</summary>
    public ILedgerQueries Ledger => services.Ledger.Queries;

    /// <summary>Bodies, where the configuration has them stored.</summary>
    public BodyKeeper Bodies => services.Bodies;

    /// <summary>Opens the ledger and puts the gateway together.</summary>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    public static async Task<GatewayHost> StartAsync(
        GatewaySnapshot snapshot, GatewayHostOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var logger = logging.CreateLogger("Sommelier");
        var meter = new GatewayMeter();
        var metrics = MetricsCollector.For(meter);
        var storage = await GatewayStorage.OpenAsync(options, time, logger, cancellationToken);
        var ledger = storage.Ledger;
        meter.WatchLedger(() => ledger.QueueDepth);
        var bodies = new BodyStore(storage.Database);
        await bodies.PrepareAsync(time, cancellationToken);
        var catalogs = new CatalogStore(storage.Database);
        await catalogs.PrepareAsync(time, cancellationToken);
        Watch(meter, ledger.Counts);
        var snapshots = new SnapshotHolder(snapshot);
        var events = new SharedPauses(new AttemptTelemetry(meter, logger));
        var health = new HealthTracker(time, events: events);
        meter.WatchCircuits(health.Circuits);
        if (storage.Redis is { } redis)
        {
            await events.JoinAsync(redis, health, provider => snapshots.Current.Bindings.Find(provider)?.Ring);
        }

        var http = new UpstreamHttp(new ChatClientHandler(options.ChatClients, options.Transport ?? UpstreamHttp.CreateHandler(TimeProvider.System), time));
        var media = new MediaFetcher(TimeProvider.System);
        var spending = new SpendControl(storage.Gate, () => storage.Accounts.Directory);
        var memory = new MemoryAnswerCache(options.CacheMaxBytes, time);
        var cache = new AnswerCaching(storage.Redis is { } shared ? new SharedAnswerCache(shared, memory, options.CacheMaxBytes, time) : memory, spending, time);
        meter.WatchCount(MetricNames.CacheHits, "Requests that were given a stored answer.", () => cache.Hits);
        meter.WatchCount(MetricNames.CacheSimilarHits, "Requests that were given the stored answer to a similar request; they are among the hits.", () => cache.SimilarHits);
        meter.WatchCount(MetricNames.CacheMisses, "Requests that would have taken a stored answer, and there was none.", () => cache.Misses);
        var services = new GatewayServices(
            snapshots,
            new SignalReader(new ClassifierReader()),
            new AttemptRunner(http, health, time, media, events),
            health,
            ledger,
            storage.Accounts,
            storage.Canaries,
            spending,
            new RequestIdGenerator(time),
            new FlightTelemetry(meter, logger),
            new KeptAnswers(await OpenKeptAsync(options.Responses, storage.Database, time, cancellationToken), time),
            cache,
            new BodyKeeper(bodies, logger),
            time,
            logger);
        return new GatewayHost(services, meter, metrics, http, media, storage, new(catalogs, time, logger), options);
    }

    /// <summary>
    /// Runs one decision of each dialect, so that the classifier is loaded and the path compiled before the first caller
    /// waits for it. Leaves no record.
    /// </summary>
    public void WarmUp()
    {
        var request = new ChatRequest
        {
            OriginalModel = "auto",
            Format = "",
            MaxOutputTokens = 16,
            Messages = [new Message(Role.User, [new TextPart("Which wine goes with cheese?")])],
        };
        var target = new WireTarget { Model = request.OriginalModel, Quirks = WireQuirks.Default };
        foreach (var format in WireFormats.All.Where(format => format.Inbound && !format.OwnCallersOnly && format.Operation == Operation.Chat))
        {
            var body = new ArrayBufferWriter<byte>();
            format.Requests.Write(request, target, body, []);
            var outline = format.Requests.Outline(body.WrittenSpan, new CallPath(request.OriginalModel));
            ModelRouter.Decide(new RouteQuery
            {
                Model = outline.Model,
                Signals = services.ReadSignals(Snapshot, outline, CallerHints.None),
                Catalog = Snapshot.Catalog,
                Live = services.Health.Snapshot(services.Time.GetUtcNow()),
                Policy = Snapshot.Policies.Default,
            });
        }
    }

    /// <summary>Answers that callers may fetch, continue and delete by their ids.</summary>
    public KeptAnswers Kept => services.Kept;

    /// <summary>Puts another configuration in force; running requests end under the one they began with.</summary>
    public void Swap(GatewaySnapshot next)
    {
        // The one that goes was in force until now.
        _ = catalogs.Keep(Configured.Catalog);
        services.Snapshots.Swap(next);
        _ = catalogs.Keep(next.Catalog);
    }

    /// <summary>A new request's id.</summary>
    public string NewRequestId() => services.NewRequestId();

    /// <summary>The caller of a shown key.</summary>
    /// <exception cref="GatewayException">Keys are set, and this is none of them.</exception>
    public Caller Authorize(string? key) => services.Authenticate(Snapshot, key);

    /// <summary>The caller of a shown key, for something that not every key may be used for.</summary>
    /// <exception cref="GatewayException">The key is none of ours, or was not made for that.</exception>
    public Caller Authorize(string? key, string scope)
    {
        var caller = Authorize(key);
        caller.Require(scope);
        return caller;
    }

    /// <summary>Whether there are no caller keys: the gateway then serves this machine only.</summary>
    public bool Keyless => Snapshot.Keys.IsEmpty && !services.Accounts.Directory.HasCallers;

    /// <summary>Until when a deployment is left alone; null while it is not.</summary>
    public DateTimeOffset? PausedUntil(string deploymentId) => services.Health.Snapshot(Now).Get(deploymentId).CooldownUntil;

    /// <summary>The moment, UTC.</summary>
    public DateTimeOffset Now => services.Time.GetUtcNow();

    /// <summary>Organisations, teams and keys.</summary>
    public AccountBook Accounts => services.Accounts;

    /// <summary>An administrative act was refused.</summary>
    public ValueTask NoteAsync(AdminRefusal refusal)
    {
        meter.AdministrationRefused(refusal.Reason);
        return Accounts.Refusals.NoteAsync(refusal);
    }

    /// <summary>The gateway's log.</summary>
    public ILogger Logger => services.Logger;

    /// <summary>What to tell a caller who asked for something that the database has, while it is away, busy or full; null where a failure is another.</summary>
    public GatewayError? StorageAway(string requestId, Exception failure)
    {
        if (failure is not LedgerStoreException { IsTransient: true } && !(failure is DbException error && storage.Database.Dialect.IsTransient(error)))
        {
            return null;
        }

        services.Logger.StorageAway(requestId, failure.Message);
        return new(
            GatewayErrorKind.Internal,
            "The gateway's database does not answer, is busy or is full, so that this can be neither read nor changed now. Try again; models are served all the same.",
            503,
            Code: "storage_unavailable",
            RetryAfter: TimeSpan.FromSeconds(5));
    }

    /// <summary>Something of ours broke outside the pipeline.</summary>
    public void ReportInternal(string requestId, Exception failure) => services.ReportInternal(requestId, failure);

    /// <summary>Why requests cannot be served, or nothing.</summary>
    public IReadOnlyList<string> ReadinessProblems() =>
        Snapshot.Catalog.Deployments.Count == 0 ? [GatewayServices.NoProvider().Message] : [];

    /// <summary>The record of a request as JSON; null when there is none, or when it is another caller's.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadDecisionAsync(string requestId, Caller caller, CancellationToken cancellationToken)
    {
        if (await Ledger.GetAsync(requestId, cancellationToken) is not { } entry
            || !string.Equals(entry.CallerKeyId, caller.Id, StringComparison.Ordinal))
        {
            return null;
        }

        return await Ledger.GetDecisionAsync(requestId, cancellationToken) is { } record
            ? DecisionOutcome.Add(record, entry)
            : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Answers a request to count tokens with the estimate that routing works with.</summary>
    /// <exception cref="WireException">The body is not such a request.</exception>
    public void CountTokens(ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        AnthropicTokenCount.Write(services.ReadSignals(Snapshot, AnthropicTokenCount.Outline(body), CallerHints.None).InputTokens, output);

    /// <summary>Answers Google's request to count tokens in the same way.</summary>
    /// <exception cref="WireException">The body is not such a request.</exception>
    public void CountTokens(ReadOnlyMemory<byte> body, CallPath path, IBufferWriter<byte> output) =>
        GeminiTokenCount.Write(services.ReadSignals(Snapshot, GeminiTokenCount.Outline(body, path), CallerHints.None).InputTokens, output);

    /// <summary>Answers OpenAI's request to count tokens in the same way.</summary>
    /// <exception cref="WireException">The body is not such a request.</exception>
    public void CountResponsesTokens(ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        ResponsesTokenCount.Write(services.ReadSignals(Snapshot, ResponsesTokenCount.Outline(body), CallerHints.None).InputTokens, output);

    /// <summary>Writes the metrics in the Prometheus text format.</summary>
    public void WriteMetrics(IBufferWriter<byte> output) => PrometheusWriter.Write(metrics, output);

    /// <summary>Stops, with everything settled stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await upkeep;
        await catalogs.Keep(Configured.Catalog);
        await Quality.DisposeAsync();
        await shadows.DisposeAsync();
        await services.Bodies.DisposeAsync();
        await storage.DisposeAsync();
        await services.Kept.DisposeAsync();
        http.Dispose();
        media.Dispose();
        metrics.Dispose();
        meter.Dispose();
        stopping.Dispose();
    }

    private static async ValueTask<IResponseStore?> OpenKeptAsync(ResponseStoreOptions? keep, Database database, TimeProvider time, CancellationToken cancellationToken) => keep switch
    {
        null => null,
        { Shared: true } => await SharedResponseStore.OpenAsync(database, keep, time, cancellationToken),
        _ => SqliteResponseStore.Open(keep, time),
    };

    private static void Watch(GatewayMeter meter, LedgerCounts counts)
    {
        meter.WatchCount(MetricNames.LedgerStored, "Entries that the ledger's store took.", () => counts.Stored);
        meter.WatchCount(MetricNames.LedgerSpilled, "Entries that waited in the journal because the queue was full.", () => counts.Spilled);
        meter.WatchCount(MetricNames.LedgerDropped, "Entries that neither the queue nor the journal could take.", () => counts.Dropped);
        meter.WatchCount(MetricNames.StoreFailures, "Failures of the ledger's store.", () => counts.StoreFailures);
        meter.WatchCount(MetricNames.JournalFailures, "Failures of the journal.", () => counts.JournalFailures);
        meter.WatchCount(MetricNames.Unjournalled, "Requests that went on although the journal could not be written.", () => counts.Unjournalled);
    }

    // Entries and bodies past their retention go once an hour, and once at the start.
    private async Task KeepAsync(TimeSpan? retention, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromHours(1), services.Time);
            await using var end = timer.EndedBy(cancellationToken);
            do
            {
                try
                {
                    var now = services.Time.GetUtcNow();
                    await catalogs.Keep(Configured.Catalog);
                    if (retention is { } keep)
                    {
                        await services.Ledger.PurgeAsync(now - keep, cancellationToken);
                        await catalogs.PurgeAsync(now - keep, cancellationToken);
                    }

                    await storage.Accounts.PurgeAsync(cancellationToken);
                    await storage.Quality.PurgeAsync(retention, Snapshot.Quality, cancellationToken);

                    // What was stored under an earlier configuration ages too.
                    var bodies = Snapshot.Bodies?.Retention ?? BodyRules.DefaultRetention;
                    await services.Bodies.PurgeAsync(now - (retention < bodies ? retention.Value : bodies), cancellationToken);
                }
                catch (Exception failure) when (failure is LedgerStoreException or DbException)
                {
                    // Full or busy now; the next hour is soon enough.
                    services.Logger.PurgeFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(CancellationToken.None));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
