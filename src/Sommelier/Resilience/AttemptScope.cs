using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>What one upstream call owns and remembers from its start until it is on record.</summary>
internal sealed class AttemptScope : IDisposable
{
    private readonly AttemptServices services;
    private readonly List<Attempt> log;
    private readonly int number;
    private readonly DateTimeOffset startedAt;
    private readonly long started;
    private TimeSpan? firstContent;
    private Attempt? ended;
    private bool leftSlot;

    /// <summary>Starts the clock of a call.</summary>
    public AttemptScope(
        AttemptServices services, InboundCall call, Deployment deployment, UpstreamRequest request, AttemptLimits limits, List<Attempt> log, int number, Watchdog watch)
    {
        this.services = services;
        this.log = log;
        this.number = number;
        (Call, Deployment, Request, Limits, Watch) = (call, deployment, request, limits, watch);
        startedAt = services.Time.GetUtcNow();
        started = services.Time.GetTimestamp();
    }

    /// <summary>What the caller wants.</summary>
    public InboundCall Call { get; }

    /// <summary>Who is asked.</summary>
    public Deployment Deployment { get; }

    /// <summary>What is sent.</summary>
    public UpstreamRequest Request { get; }

    /// <summary>What may be spent.</summary>
    public AttemptLimits Limits { get; }

    /// <summary>Watches the time and the caller.</summary>
    public Watchdog Watch { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => services.Time;

    /// <summary>What follows when its stream breaks; null for the error.</summary>
    public StreamRecovery? Recovery { get; init; }

    /// <summary>Whether the slot that it runs in is another scope's, which gives it back.</summary>
    public bool BorrowsSlot
    {
        init => leftSlot = value;
    }

    /// <summary>The call that runs beside this one; null when none does.</summary>
    public AttemptScope? Beside { get; set; }

    /// <summary>Whether it failed by its key, and another key of the provider's may do.</summary>
    public bool AnotherKeyMayDo { get; private set; }

    /// <summary>The reply, once its headers have come.</summary>
    public UpstreamReply? Reply { get; set; }

    /// <summary>By what an application's run can be stopped that nobody reads to its end; null when it has ended.</summary>
    public string? RunningTask { get; set; }

    /// <summary>
    /// Whether an application may have begun a run, which may have acted: it took the request and answered in some way, or had all of it
    /// and was not heard of again. An error reply says that it did not, unless something broke on the way.
    /// </summary>
    public bool MayHaveRun(UpstreamFailure failure) => Request.Provider.RunsApplications && Request.Sent && !failure.NothingRan
        && Reply?.Status is null or (>= 200 and < 300) or 408 or 500 or 502 or 504;

    /// <summary>For the writers of the answer: with this deployment's price for callers that asked for the cost.</summary>
    public ReplyContext ReplyContext()
    {
        var reply = Call.Reply;
        if (!Request.PassThrough && !((ReadOnlySpan<string>)[Deployment.Id, Deployment.Model, Deployment.CanonicalModel]).Contains(reply.Model))
        {
            // Vendors that do not say which model answered: the caller's word may be "auto", or that of a model that failed.
            reply = reply with { Model = Deployment.Model };
        }

        if (reply.CostUsd is not null || Call.Outline.Hints is not null)
        {
            reply = reply with { CostUsd = usage => Cost(usage) is { } cost ? NanoUsd.ToUsd(cost) : null };
        }

        if (Request.Warnings.Count > 0)
        {
            reply = reply with { Losses = Request.Warnings };
        }

        return Call.Outline.CustomTools ? reply with { FindTool = name => Call.Request.FindTool(name) } : reply;
    }

    /// <summary>Writes the caller's stream: a new one, or the rest of one that broke.</summary>
    public StreamEncoder CreateEncoder()
    {
        var context = ReplyContext();
        return Call.Sent is { } begun ? new ContinuingEncoder(begun, context.CostUsd) : Call.Format.Streams.CreateEncoder(context);
    }

    /// <summary>Writes a stream that somebody else may go on with.</summary>
    public StreamEncoder CreateEncoder(StreamRecovery recovery)
    {
        var context = ReplyContext();
        SentAnswer? sent = null;
        if (context.CostUsd is not null)
        {
            context = context with { CostUsd = usage => sent!.CostUsd!(usage), Seam = () => sent!.Seam };
        }

        sent = new() { Encoder = Call.Format.Streams.CreateEncoder(context), CostUsd = ReplyContext().CostUsd };
        recovery.Sent = sent;
        return sent.Encoder;
    }

    /// <summary>What the caller's request has cost, in nano-USD, when this call used so much: all others count. Null when its price is unknown, or no call can have used so much.</summary>
    public long? Cost(in Usage usage)
    {
        if (Deployment.Price is null || !UsageEstimate.IsPossible(usage))
        {
            return null;
        }

        var cost = OwnCost(usage);
        foreach (var other in log)
        {
            cost += other.Number == number ? 0 : other.CostNanoUsd;
        }

        // An answer that came all at once tells its cost before the call beside it has been given up.
        if (Beside is { ended: null, Request.Sent: true } running)
        {
            cost += running.OwnCost(UsageEstimate.Partial(null, Call.Outline));
        }

        return cost;
    }

    /// <summary>What of this call is in its cost at another price than the vendor's.</summary>
    public IReadOnlyList<Warning> Unpriced(in Usage? usage) => usage is { } used ? UnpricedUse.Of(Deployment.Price, used) : [];

    /// <summary>The first content is here.</summary>
    public void FirstContent() => firstContent ??= services.Time.GetElapsedTime(started);

    /// <summary>Takes what the provider says is left of its window: of the deployment's, or of that of the key.</summary>
    public void Limit(RateLimitHeadroom left)
    {
        if (Request.Provider is not { Ring: { } ring } provider)
        {
            services.Health.Limit(Deployment.Id, left);
        }
        else if (left.Requests is <= 0)
        {
            ring.Pause(provider.KeyNumber, Deployment.Model, left.Until);
            services.Events.KeyPaused(provider.Binding.Name, provider.KeyNumber + 1, ring.Count, Deployment.Model, left.Until);
        }
    }

    /// <summary>What an exception of the call means; null when the caller went away.</summary>
    public UpstreamFailure? Interpret(Exception error)
    {
        if (Watch.CallerGone)
        {
            return null;
        }

        return error switch
        {
            UpstreamException { Failure: var told } => MissingEndpoint.IsTold(told.Message) ? told with { IsNoEndpoint = true } : told,
            _ when Watch.Expired => new(UpstreamFailureKind.Timeout, firstContent is null ? "No content in time." : "The stream stalled."),
            _ => TransportFailures.Read(error),
        };
    }

    /// <summary>Puts the end of the call on record, once; a later call returns what was recorded.</summary>
    public Attempt End(AttemptOutcome outcome, AnswerFacts? facts, UpstreamFailure? failure = null, bool committed = false)
    {
        if (ended is not null)
        {
            return ended;
        }

        var usage = UsageOf(outcome, facts, failure);
        failure = failure is null ? null : Request.Provider.WithoutKey(failure);
        ended = new()
        {
            Number = number,
            DeploymentId = Deployment.Id,
            RequestModel = Deployment.Model,
            ResponseModel = facts?.ResponseModel,
            ApiKeyNumber = Request.Provider is { Ring: not null } keyed ? keyed.KeyNumber + 1 : null,
            StartedAt = startedAt,
            Duration = services.Time.GetElapsedTime(started),
            TimeToFirstChunk = firstContent,
            Outcome = outcome,
            OutputCommitted = committed,
            Failure = failure,
            Usage = usage,
            CostNanoUsd = usage is { } used ? OwnCost(used) : 0,
            FinishReason = facts?.FinishReason,
        };
        log.Add(ended);
        if (outcome == AttemptOutcome.Succeeded)
        {
            Request.Endpoint.Answered(services.Time);
        }
        else if (outcome == AttemptOutcome.Broken)
        {
            // Its connection is closed; whoever goes on may be asked at the same place.
            LeaveSlot();
        }

        RecordHealth(ended);
        services.Events.AttemptLogged(ended, Call.Outline.Operation);
        return ended;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LeaveSlot();
        Reply?.Dispose();
        if (RunningTask is { } task)
        {
            RunningTask = null;
            AbandonedRun.Stop(Request, Call, task, services.Http, services.Time);
        }

        Request.Dispose();
        Watch.Dispose();
    }

    private void RecordHealth(Attempt attempt)
    {
        var now = services.Time.GetUtcNow();
        if (attempt.Failure is not { } failure || Request.Provider is not { Ring: { } ring } provider
            || ring.Failed(provider.KeyNumber, Deployment.Model, failure.Kind, services.Health.PauseAfter(failure), now) is not { } pause)
        {
            services.Health.Record(attempt, Call.Outline.Stream);
            return;
        }

        // One key of several says nothing about the deployment, as long as another one is free.
        AnotherKeyMayDo = pause.FreeAt <= now;
        services.Events.KeyPaused(provider.Binding.Name, provider.KeyNumber + 1, ring.Count, pause.Model, pause.Until);
        if (failure.Kind != UpstreamFailureKind.RateLimited)
        {
            services.Events.KeyRefused(Deployment.Id, provider.KeyNumber + 1, ring.Count, failure);
        }

        if (AnotherKeyMayDo)
        {
            services.Health.Release(Deployment.Id);
        }
        else
        {
            services.Health.Pause(Deployment.Id, pause.FreeAt, failure.Kind);
        }
    }

    private void LeaveSlot()
    {
        if (!leftSlot)
        {
            leftSlot = true;
            services.Slots.Release(Deployment);
        }
    }

    private long OwnCost(in Usage usage) => Deployment.Price is { } price ? PriceCalculator.Cost(price, usage, startedAt).ToNanoUsd() : 0;

    private Usage? UsageOf(AttemptOutcome outcome, AnswerFacts? facts, UpstreamFailure? failure) => outcome switch
    {
        AttemptOutcome.Succeeded => UsageEstimate.Whole(facts!, Call.Outline),

        // To the vendor an answer of the wrong form is an answer.
        AttemptOutcome.Failed when failure is { Kind: UpstreamFailureKind.InvalidAnswer } => UsageEstimate.Partial(facts, Call.Outline),

        // A call that was given up is billed like one whose caller left; one that the vendor failed, as far as it says.
        AttemptOutcome.Failed when !(Watch.Expired && Request.Sent) => UsageEstimate.Told(facts),
        AttemptOutcome.Broken => UsageEstimate.Partial(facts, Call.Outline),

        // A vendor that never had the whole request has nothing to bill.
        _ => Request.Sent ? UsageEstimate.Partial(facts, Call.Outline) : null,
    };
}
