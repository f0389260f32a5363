using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sommelier.Canonical;

namespace Sommelier.Telemetry;

/// <summary>Everything that the gateway measures about itself. Recording allocates nothing.</summary>
/// <remarks>
/// Attribute values come from the configuration and from closed lists. What a caller or an upstream writes freely is
/// never one, save the answering model's name, which the collector bounds.
/// </remarks>
internal sealed class GatewayMeter : IDisposable
{
    private readonly UpDownCounter<long> active;
    private readonly Histogram<double> serverDuration;
    private readonly Histogram<double> overhead;
    private readonly Histogram<double> clientDuration;
    private readonly Histogram<double> firstChunk;
    private readonly Histogram<long> tokens;
    private readonly Counter<long> attempts;
    private readonly Counter<long> fallbacks;
    private readonly Counter<long> hedges;
    private readonly Counter<long> canaryRollbacks;
    private readonly Counter<long> shadows;
    private readonly Counter<long> cascades;
    private readonly Counter<long> classifications;
    private readonly Counter<long> adminRefusals;
    private readonly Counter<long> spend;

    public GatewayMeter()
    {
        Meter = new Meter(MetricNames.MeterName);
        active = Meter.CreateUpDownCounter<long>(MetricNames.ActiveRequests, "{request}", "Requests that are being served now.");
        serverDuration = Meter.CreateHistogram(GenAi.ServerRequestDuration, "s", "Time from a caller's request to its last byte.", null, Advice(GenAi.DurationBounds));
        overhead = Meter.CreateHistogram(MetricNames.Overhead, "s", "The gateway's own share of a request's time.", null, Advice(MetricNames.OverheadBounds));
        clientDuration = Meter.CreateHistogram(GenAi.ClientOperationDuration, "s", "Time of an upstream call.", null, Advice(GenAi.DurationBounds));
        firstChunk = Meter.CreateHistogram(GenAi.ClientTimeToFirstChunk, "s", "Time from an upstream call to its first content.", null, Advice(GenAi.FirstChunkBounds));
        tokens = Meter.CreateHistogram(GenAi.ClientTokenUsage, "{token}", "Tokens of an upstream call.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = GenAi.TokenBounds });
        attempts = Meter.CreateCounter<long>(MetricNames.Attempts, "{attempt}", "Upstream calls.");
        fallbacks = Meter.CreateCounter<long>(MetricNames.Fallbacks, "{fallback}", "Calls that went to another deployment after a failure, by the deployment that failed.");
        hedges = Meter.CreateCounter<long>(MetricNames.Hedges, "{hedge}", "Second calls beside a late one, by the deployment that was late and by who answered; over_budget: not made.");
        canaryRollbacks = Meter.CreateCounter<long>(MetricNames.CanaryRollbacks, "{rollback}", "Canaries that this instance rolled back, by policy and reason.");
        classifications = Meter.CreateCounter<long>(MetricNames.Classifications, "{request}", "Requests for which a model was asked for the intent, by policy and what came of it: told, remembered, or why nothing did.");
        cascades = Meter.CreateCounter<long>(MetricNames.Cascades, "{request}", "Requests whose policy has a cascade, by policy and what became of it: passed, what the cheap model's answer failed, or why there was none.");
        shadows = Meter.CreateCounter<long>(MetricNames.Shadows, "{copy}", "Copies of requests for a policy's shadow, by policy and what came of them; busy, over_budget and not_allowed: not sent.");
        adminRefusals = Meter.CreateCounter<long>(MetricNames.AdminRefusals, "{call}", "Calls of the admin API that were refused, by reason.");
        spend = Meter.CreateCounter<long>(MetricNames.Spend, null, "Money spent upstream, in 1e-9 USD.");
    }

    /// <summary>What the instruments belong to; a collector listens to this one alone.</summary>
    public Meter Meter { get; }

    /// <summary>A request came in. Every call is followed by one of <see cref="RequestEnded"/>.</summary>
    public void RequestBegan() => active.Add(1);

    /// <summary>A request is over, however it ended.</summary>
    public void RequestEnded(in RequestMeasure request)
    {
        active.Add(-1);
        if (!serverDuration.Enabled && !overhead.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { GenAi.OperationName, request.Operation },
            { MetricNames.Format, request.Format },
            { MetricNames.Outcome, request.Outcome },
            { GenAi.HttpStatus, StatusText.Of(request.Status) },
        };
        overhead.Record(request.Overhead.TotalSeconds, new KeyValuePair<string, object?>(MetricNames.Format, request.Format));
        Add(ref tags, MetricNames.Deployment, request.DeploymentId);
        Add(ref tags, MetricNames.Policy, request.Policy);
        Add(ref tags, MetricNames.Intent, request.Intent?.Name());
        Add(ref tags, GenAi.ErrorType, request.Error is { } error ? EnumNames<GatewayErrorKind>.Of(error) : null);
        serverDuration.Record(request.Duration.TotalSeconds, tags);
    }

    /// <summary>An upstream call is over, however it ended.</summary>
    public void AttemptEnded(Attempt attempt, string operation = GenAi.Chat)
    {
        var deployment = DeploymentTags.Of(attempt.DeploymentId);
        var tags = new TagList
        {
            { GenAi.OperationName, operation },
            { GenAi.ProviderName, deployment.Provider },
            { GenAi.RequestModel, deployment.Model },
        };
        if (attempt.Usage is { } usage)
        {
            Record(usage, attempt.CostNanoUsd, tags, deployment);
        }

        if (attempt.TimeToFirstChunk is { } first)
        {
            firstChunk.Record(first.TotalSeconds, tags);
        }

        Add(ref tags, GenAi.ResponseModel, attempt.ResponseModel);
        Add(ref tags, GenAi.ErrorType, attempt.Failure is { } failure ? EnumNames<UpstreamFailureKind>.Of(failure.Kind) : null);
        clientDuration.Record(attempt.Duration.TotalSeconds, tags);
        attempts.Add(
            1,
            new KeyValuePair<string, object?>(MetricNames.Deployment, deployment.DeploymentId),
            new KeyValuePair<string, object?>(MetricNames.Outcome, EnumNames<AttemptOutcome>.Of(attempt.Outcome)));
    }

    /// <summary>Another deployment is asked because this one failed.</summary>
    public void FellBack(string fromDeploymentId, UpstreamFailureKind kind) => fallbacks.Add(
        1,
        new KeyValuePair<string, object?>(MetricNames.Deployment, fromDeploymentId),
        new KeyValuePair<string, object?>(GenAi.ErrorType, EnumNames<UpstreamFailureKind>.Of(kind)));

    /// <summary>A second call was made, or not, because a deployment was late.</summary>
    public void Hedged(string deploymentId, string outcome) => hedges.Add(
        1,
        new KeyValuePair<string, object?>(MetricNames.Deployment, deploymentId),
        new KeyValuePair<string, object?>(MetricNames.Outcome, outcome));

    /// <summary>A canary was rolled back.</summary>
    public void CanaryRolledBack(string policy, string reason) => canaryRollbacks.Add(
        1,
        new KeyValuePair<string, object?>(MetricNames.Policy, policy),
        new KeyValuePair<string, object?>(MetricNames.Reason, reason));

    /// <summary>Somebody was refused an administrative act.</summary>
    public void AdministrationRefused(string reason) => adminRefusals.Add(1, new KeyValuePair<string, object?>(MetricNames.Reason, reason));

    /// <summary>A request was drawn for its policy's shadow.</summary>
    public void Shadowed(string policy, string outcome) => shadows.Add(
        1,
        new KeyValuePair<string, object?>(MetricNames.Policy, policy),
        new KeyValuePair<string, object?>(MetricNames.Outcome, outcome));

    /// <summary>A request is over for which a model was asked for the intent.</summary>
    public void Classified(string? policy, string outcome) => classifications.Add(
        1,
        new KeyValuePair<string, object?>(MetricNames.Policy, policy),
        new KeyValuePair<string, object?>(MetricNames.Outcome, outcome));

    /// <summary>A request whose policy has a cascade is over.</summary>
    public void Cascaded(string policy, string outcome) => cascades.Add(
        1,
        new KeyValuePair<string, object?>(MetricNames.Policy, policy),
        new KeyValuePair<string, object?>(MetricNames.Outcome, outcome));

    /// <summary>Shows how many entries wait for the ledger's store.</summary>
    public void WatchLedger(Func<long> queueDepth) =>
        Meter.CreateObservableGauge(MetricNames.LedgerQueueDepth, queueDepth, "{entry}", "Entries that wait in memory for the ledger's store.");

    /// <summary>Shows a count that somebody else keeps, under one of the names in <see cref="MetricNames"/>.</summary>
    public void WatchCount(string name, string description, Func<long> count) => Meter.CreateObservableCounter(name, count, null, description);

    /// <summary>Shows the circuits: per deployment that has been asked, 1 while open, else 0.</summary>
    public void WatchCircuits(Func<IEnumerable<KeyValuePair<string, bool>>> circuits) => Meter.CreateObservableGauge(
        MetricNames.CircuitOpen,
        () => circuits().Select(circuit => new Measurement<int>(circuit.Value ? 1 : 0, new KeyValuePair<string, object?>(MetricNames.Deployment, circuit.Key))),
        null,
        "Whether the circuit of a deployment is open: 1 while it is, else 0.");

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private void Record(in Usage usage, long costNanoUsd, TagList tags, DeploymentTags deployment)
    {
        if (costNanoUsd > 0)
        {
            spend.Add(
                costNanoUsd,
                new KeyValuePair<string, object?>(MetricNames.Deployment, deployment.DeploymentId),
                new KeyValuePair<string, object?>(MetricNames.Estimated, usage.Estimated ? "true" : "false"));
        }

        var output = tags;
        tags.Add(GenAi.TokenType, GenAi.InputTokens);
        tokens.Record(usage.InputTokens, tags);
        output.Add(GenAi.TokenType, GenAi.OutputTokens);
        tokens.Record(usage.OutputTokens, output);
    }

    private static void Add(ref TagList tags, string name, string? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }

    private static InstrumentAdvice<double> Advice(IReadOnlyList<double> bounds) => new() { HistogramBucketBoundaries = bounds };
}
