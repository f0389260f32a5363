using System.Data.Common;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sommelier.Accounts.Administration;
using Sommelier.Canaries;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Gateway.Bodies;
using Sommelier.Gateway.Caching;
using Sommelier.Gateway.Cascades;
using Sommelier.Gateway.Classifying;
using Sommelier.Gateway.Kept;
using Sommelier.Ledger;
using Sommelier.Resilience;
using Sommelier.Routing;
using Sommelier.Routing.Cascading;
using Sommelier.Telemetry;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>What the steps of <see cref="ChatPipeline"/> work with, and the small acts around them.</summary>
internal sealed class GatewayServices(
    SnapshotHolder snapshots, SignalReader signals, AttemptRunner attempts, HealthTracker health, RequestLedger ledger,
    AccountBook accounts, CanaryBook canaries, SpendControl spending, RequestIdGenerator requestIds, FlightTelemetry telemetry, KeptAnswers kept, AnswerCaching cache, BodyKeeper bodies, TimeProvider time, ILogger logger)
{
    // A disk that was full is looked after by people.
    private static readonly TimeSpan UnjournalledRetry = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private long seed = time.GetUtcNow().Ticks;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The configuration in force.</summary>
    public SnapshotHolder Snapshots => snapshots;

    /// <summary>Step (2): the signals of a request; the configuration may want more certainty of an intent than the classifier does.</summary>
    public RequestSignals ReadSignals(GatewaySnapshot snapshot, RequestOutline outline, CallerHints hints, Intent? known = null)
    {
        var read = (known is { } intent ? new SignalReader(new KnownIntent(intent)) : signals).Read(outline, hints);
        if (snapshot.AbstainBelow is { } threshold)
        {
            read.Abstained = read.Confidence < threshold;
        }

        snapshot.Difficulty?.Apply(outline, read);
        return read;
    }

    /// <summary>The same for a flight whose intent a model has told.</summary>
    public static RequestSignals ReadSignals(Flight flight, Intent told)
    {
        var read = new SignalReader(new ToldIntent(told, flight.Signals!)).Read(flight.Outline!, flight.Hints);
        flight.Snapshot.Difficulty?.Apply(flight.Outline!, read);
        EscalationSignals.Read(flight.Snapshot.Policies, flight.Call.Format, flight.Call.Path, flight.Body, flight.Outline!, read);
        return read;
    }

    /// <summary>The attempt loop.</summary>
    public AttemptRunner Attempts => attempts;

    /// <summary>How deployments are doing.</summary>
    public HealthTracker Health => health;

    /// <summary>The log.</summary>
    public ILogger Logger => logger;

    /// <summary>The ledger.</summary>
    public RequestLedger Ledger => ledger;

    /// <summary>Who may call.</summary>
    public AccountBook Accounts => accounts;

    /// <summary>How canaries stand.</summary>
    public CanaryBook Canaries => canaries;

    /// <summary>What calls may cost.</summary>
    public SpendControl Spending => spending;

    /// <summary>Step (1): who calls.</summary>
    /// <exception cref="GatewayException">Keys are set, and this is none of them, or it may not call any more.</exception>
    public Caller Authenticate(GatewaySnapshot snapshot, string? shown) => Caller.Authenticate(snapshot.Keys, accounts.Directory, shown, time.GetUtcNow());

    /// <summary>Who answered which conversation.</summary>
    public ConversationMemory Conversations { get; } = new();

    /// <summary>Which sealed thinking led to which tool calls.</summary>
    public SealMemory Seals { get; } = new(time);

    /// <summary>Answers that callers may continue by their ids.</summary>
    public KeptAnswers Kept => kept;

    /// <summary>Stored answers to requests that are the same.</summary>
    public AnswerCaching Cache => cache;

    /// <summary>Bodies, where the configuration has them stored.</summary>
    public BodyKeeper Bodies => bodies;

    /// <summary>A new request's id.</summary>
    public string NewRequestId() => requestIds.Next();

    /// <summary>A request comes in. Every call is followed by one of <see cref="Record"/>.</summary>
    public Flight Begin(ChatCall call)
    {
        telemetry.Began();
        return BeginDryRun(call);
    }

    /// <summary>A dry run comes in: it leaves no record.</summary>
    public Flight BeginDryRun(ChatCall call) => new(call, snapshots.Current, time.GetUtcNow(), time.GetTimestamp());

    /// <summary>A fresh seed for a decision; it is recorded, so that the decision can be repeated.</summary>
    public long NextSeed() => Interlocked.Increment(ref seed);

    /// <summary>How the deployments are doing, as far as a policy looks at them.</summary>
    public LiveState LiveFor(Policy policy, DateTimeOffset now)
    {
        var live = health.Snapshot(now);
        return policy.CountsCalls ? live.WithRunning(attempts.Running()) : live;
    }

    /// <summary>What the attempt loop may spend on a request: the configuration's limits, tightened by policy and caller.</summary>
    /// <param name="flight">Decided.</param>
    /// <param name="spent">What an answer that did not pass has taken of the request's time; none by default.</param>
    public static AttemptLimits LimitsFor(Flight flight, TimeSpan spent = default)
    {
        var policy = flight.Decision!.Query.Policy;
        var limits = flight.Snapshot.Attempts;
        if (spent > TimeSpan.Zero)
        {
            limits = limits with { TotalTimeout = Left(limits.TotalTimeout, spent) };
        }

        if (policy.OnBreakFor(flight.Hints.OnBreak) is not OnBreak.Error and var onBreak)
        {
            limits = limits with { OnBreak = onBreak };
        }

        if (policy.Hedge is { } hedge)
        {
            limits = limits with { Hedge = hedge };
        }

        var budget = policy.MaxLatencyMs is { } most && flight.Hints.MaxLatencyMs is { } hint
            ? Math.Min(most, hint)
            : policy.MaxLatencyMs ?? flight.Hints.MaxLatencyMs;
        if (budget is not { } milliseconds)
        {
            return limits;
        }

        var within = Left(TimeSpan.FromMilliseconds(milliseconds), spent);
        return limits.FirstChunkWithin is { } own && own <= within ? limits : limits with { FirstChunkWithin = within };
    }

    private static TimeSpan Left(TimeSpan budget, TimeSpan spent) => budget - spent is var left && left > Least ? left : Least;

    /// <summary>Step (5) begins: the journal knows the request before any provider does.</summary>
    /// <exception cref="GatewayException">It cannot be written, and what the request costs must not be lost: it counts against a budget.</exception>
    public void Journal(Flight flight, Deployment first)
    {
        flight.Noted = FlightRecord.Unseen(flight, first, 1, time);
        flight.Ticket = ledger.Open(FlightRecord.Before(flight, flight.Noted, time));
        if (flight.Ticket is not null)
        {
            return;
        }

        if (flight.Hold is { HasBudgets: true })
        {
            throw new GatewayException(new(
                GatewayErrorKind.Internal,
                "The gateway cannot write its journal, so it makes no calls that count against a budget. Free space on the disk of its data folder, or make the folder writable; calls go on by themselves then.",
                503,
                Code: "journal_unavailable",
                RetryAfter: UnjournalledRetry));
        }

        ledger.Counts.AddUnjournalled();
    }

    /// <summary>A further call is about to be made: should the process die during it, it is counted too.</summary>
    /// <param name="flight">Decided.</param>
    /// <param name="next">Who is asked.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="asked">What it is asked; null: what the caller asks.</param>
    /// <returns>False when the journal cannot be written and the call would count against a budget: it is not to be made.</returns>
    public bool JournalAnother(Flight flight, Deployment next, AttemptPurpose purpose = AttemptPurpose.Answer, RequestOutline? asked = null)
    {
        flight.Noted = FlightRecord.Unseen(flight, next, flight.Attempts.Count + 1, time, purpose, asked);
        return JournalAgain(flight, FlightRecord.Before(flight, flight.Noted, time));
    }

    /// <summary>The same for a call beside the one that runs: should the process die, both are counted.</summary>
    public bool JournalBeside(Flight flight, Deployment next) =>
        JournalAgain(flight, FlightRecord.Before(flight, flight.Noted!, FlightRecord.Unseen(flight, next, flight.Attempts.Count + 2, time), time));

    private bool JournalAgain(Flight flight, LedgerEntry entry) =>
        (flight.Ticket is { } ticket && ledger.Reopen(ticket, entry)) || flight.Hold is not { HasBudgets: true };

    /// <summary>Who answered the conversation last; null when nobody did, or when it is none.</summary>
    public PriorChoice? Recall(Flight flight) =>
        flight.Classified is { } signals ? Conversations.Recall(ConversationMemory.Key(flight.Caller!.Id, signals.ConversationKey)) : null;

    /// <summary>The conversation will remember who answered.</summary>
    public void Remember(Flight flight, Attempt attempt)
    {
        // A stored answer says nothing of what a provider has in its cache.
        if (flight is { Classified: { } signals, Answer.Age: null })
        {
            var cached = attempt.Usage is { } usage ? usage.InputTokens + usage.OutputTokens : 0;
            var key = ConversationMemory.Key(flight.Caller!.Id, signals.ConversationKey);
            Conversations.Remember(key, new PriorChoice(attempt.DeploymentId, time.GetUtcNow(), (int)Math.Min(int.MaxValue, cached)));
        }
    }

    /// <summary>Where a reply goes: by way of a writer that has it kept, when the caller may continue it by its id, or that has it stored.</summary>
    public PipeWriter OutputFor(Flight flight, PipeWriter output) =>
        kept.Wants(flight) ? new KeepingWriter(output, flight.Outline!.Stream, reply => KeepAsync(flight, reply)) : cache.OutputFor(flight, output);

    // That an answer cannot be kept is told by the log: the answer itself is good.
    private async ValueTask<bool> KeepAsync(Flight flight, ReadOnlyMemory<byte> reply)
    {
        try
        {
            return await kept.KeepAsync(flight, reply);
        }
        catch (Exception failure) when (failure is DbException or JsonException or UpstreamException)
        {
            logger.AnswerNotKept(flight.Call.RequestId, failure);
            return true;
        }
    }

    /// <summary>Step (7): one entry per request that passed authorization, however it ended, and the metrics of all.</summary>
    public void Record(Flight flight)
    {
        cache.End(flight);
        var entry = FlightRecord.Entry(flight, time);
        spending.Settle(flight);
        if (flight.Caller is not null)
        {
            ledger.Settle(flight.Ticket, entry, flight.Decision is { } decision ? new DecisionDocument(decision, CascadeToken(flight), ClassifyToken(flight)) : null);
            bodies.Keep(flight);
        }

        if (CascadeToken(flight) is { } became)
        {
            telemetry.Cascaded(flight.Decision!.Query.Policy.Name, became);
        }

        if (ClassifyToken(flight) is { } classified)
        {
            telemetry.Classified(flight.Decision?.Query.Policy.Name, classified);
        }

        canaries.Count(flight.Decision, flight.Attempts, flight.Snapshot.Policies);
        telemetry.Ended(entry, flight.Call.Format.Operation, flight.Error?.Field);
        flight.Call.Recorded?.Invoke(entry);
    }

    /// <summary>The same for what no caller asked for, a shadow's copy or a question for an intent: its calls are counted, but it is no request. Nothing is put on record where it was not sent.</summary>
    public void RecordAside(Flight flight)
    {
        var entry = flight.Ticket is null && flight.Attempts.Count == 0 ? null : FlightRecord.Entry(flight, time);
        spending.Settle(flight);
        if (entry is not null)
        {
            ledger.Settle(flight.Ticket, entry, new DecisionDocument(flight.Decision!));
            bodies.Keep(flight);
        }
    }

    private static string? ClassifyToken(Flight flight) => flight.Classification is { } outcome ? EnumNames<ClassifyOutcome>.Of(outcome) : null;

    // What became of a cascade: of one that was decided against, why. Null where the policy has none, or nobody had to be asked.
    private static string? CascadeToken(Flight flight) => flight switch
    {
        { Decision.Cascade: null } or { Decision: null } or { Answer.Age: not null } => null,
        { Cascaded: { } outcome } => EnumNames<CascadeOutcome>.Of(outcome),
        { CascadeDeclined: { } late } => EnumNames<CascadeDecline>.Of(late),
        { Decision.Cascade.Declined: { } declined } => EnumNames<CascadeDecline>.Of(declined),
        _ => null,
    };

    /// <summary>Something of ours broke.</summary>
    public void ReportInternal(string requestId, Exception failure) => logger.RequestFaulted(requestId, failure);

    /// <summary>What the caller is told then.</summary>
    public static GatewayError InternalError(string requestId) =>
        new(GatewayErrorKind.Internal, $"The gateway failed; its log has the cause under {requestId}.", 500);

    /// <summary>Nothing is configured.</summary>
    public static GatewayError NoProvider() => new(
        GatewayErrorKind.NoProvider,
        "No provider is configured. Set a provider's key (for example ANTHROPIC_API_KEY or OPENAI_API_KEY) and start again, add one under providers in sommelier.yaml, or start a local server such as Ollama.",
        503,
        Code: "no_provider");
}
