namespace Sommelier.Telemetry;

/// <summary>Our own metrics and attributes, where the conventions have none.</summary>
internal static class MetricNames
{
    public const string MeterName = "Sommelier";

    // Metrics.
    public const string ActiveRequests = "sommelier.requests.active";
    public const string Overhead = "sommelier.overhead";
    public const string Attempts = "sommelier.attempts";
    public const string Fallbacks = "sommelier.fallbacks";
    public const string Hedges = "sommelier.hedges";
    public const string Shadows = "sommelier.shadows";

    /// <summary>Requests for which a model was asked for the intent, by policy and what came of it.</summary>
    public const string Classifications = "sommelier.classifications";

    /// <summary>Requests whose policy has a cascade, by policy and what became of it.</summary>
    public const string Cascades = "sommelier.cascades";
    public const string CanaryRollbacks = "sommelier.canary.rollbacks";

    /// <summary>Administrative acts that were refused, by reason.</summary>
    public const string AdminRefusals = "sommelier.admin.refusals";
    public const string Spend = "sommelier.spend.nano_usd";
    public const string CircuitOpen = "sommelier.circuit.open";
    public const string CacheHits = "sommelier.cache.hits";
    public const string CacheSimilarHits = "sommelier.cache.similar_hits";
    public const string CacheMisses = "sommelier.cache.misses";
    public const string LedgerQueueDepth = "sommelier.ledger.queue.depth";
    public const string LedgerStored = "sommelier.ledger.stored";
    public const string LedgerSpilled = "sommelier.ledger.spilled";
    public const string LedgerDropped = "sommelier.ledger.dropped";
    public const string StoreFailures = "sommelier.ledger.store.failures";
    public const string JournalFailures = "sommelier.journal.failures";
    public const string Unjournalled = "sommelier.journal.unjournalled";

    // Attributes.
    public const string Format = "sommelier.format";
    public const string Policy = "sommelier.policy";
    public const string Intent = "sommelier.intent";
    public const string Reason = "sommelier.reason";
    public const string Deployment = "sommelier.deployment";
    public const string Outcome = "sommelier.outcome";
    public const string Estimated = "sommelier.estimated";
    /// <summary>Bounds for the gateway's own time, in seconds.</summary>
    public static IReadOnlyList<double> OverheadBounds { get; } =
        [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5];
}
