using Sommelier.Accounts.Spending;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Gateway.Bodies;
using Sommelier.Gateway.Caching;
using Sommelier.Gateway.Cascades;
using Sommelier.Gateway.Classifying;
using Sommelier.Ledger;
using Sommelier.Ledger.Journalling;
using Sommelier.Resilience;
using Sommelier.Routing;
using Sommelier.Routing.Cascading;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>What has happened to one request so far. Each step adds its part; the last one makes the ledger entry of it.</summary>
internal sealed class Flight(ChatCall call, GatewaySnapshot snapshot, DateTimeOffset startedAt, long startedTimestamp)
{
    /// <summary>What the edge handed over.</summary>
    public ChatCall Call { get; } = call;

    /// <summary>Configuration and catalog as of the start: a reload does not touch a running request.</summary>
    public GatewaySnapshot Snapshot { get; } = snapshot;

    /// <summary>When it came in.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>The same on the monotonic clock.</summary>
    public long StartedTimestamp { get; } = startedTimestamp;

    /// <summary>(1) Who calls; null before.</summary>
    public Caller? Caller { get; set; }

    /// <summary>(2) The body, lent by the edge.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>(2) What one pass over it told.</summary>
    public RequestOutline? Outline { get; set; }

    /// <summary>(2) What the caller asks of us, headers and body joined.</summary>
    public CallerHints Hints { get; set; } = CallerHints.None;

    /// <summary>(2) What is known about the request.</summary>
    public RequestSignals? Signals { get; set; }

    /// <summary>(2) The same for a conversation, which alone has an intent and a next turn; null for anything else.</summary>
    public RequestSignals? Classified => Signals is { Operation: Operation.Chat } chat ? chat : null;

    /// <summary>(2) What came of asking a model for the intent; null where none was asked.</summary>
    public ClassifyOutcome? Classification { get; set; }

    /// <summary>(3, 4) What was decided.</summary>
    public RouteDecision? Decision { get; set; }

    /// <summary>(5) Its part in the cache of answers; null when a stored answer will not do.</summary>
    public CacheTurn? Cache { get; set; }

    /// <summary>(5) What is held of the caller's budgets; null when nothing is limited.</summary>
    public SpendHold? Hold { get; set; }

    /// <summary>(5) How the caller's limits per minute stand; empty where it has none, or before they were looked at.</summary>
    public MinuteAllowances Minute { get; set; }

    /// <summary>(5) The journal's note of it; null when it could not be journalled.</summary>
    public JournalTicket? Ticket { get; set; }

    /// <summary>(5) The call that the journal noted last, as it stands while nobody has seen its end.</summary>
    public Attempt? Noted { get; set; }

    /// <summary>(5) Every upstream call.</summary>
    public List<Attempt> Attempts { get; } = new(1);

    /// <summary>(5) What became of the cheap model's answer; null where none was asked for.</summary>
    public CascadeOutcome? Cascaded { get; set; }

    /// <summary>(5) Who was meant to answer: the plan's first, or whoever a cascade led to. Null before the decision.</summary>
    public Deployment? Meant => (Decision, Cascaded) switch
    {
        ({ Cascade: { } cascade }, CascadeOutcome.Passed) => cascade.First.Deployment,
        ({ Cascade: { } cascade }, not (null or CascadeOutcome.Failed)) => cascade.Next.Deployment,
        ({ Plan: [var first, ..] }, _) => first.Deployment,
        _ => null,
    };

    /// <summary>(5) Why the decided cascade was not gone into after all; null where it was, or none was decided.</summary>
    public CascadeDecline? CascadeDeclined { get; set; }

    /// <summary>(5) What is committed to; null when nothing is.</summary>
    public CommittedAnswer? Answer { get; set; }

    /// <summary>(6) A copy of the reply's body; null where none is stored, which is the rule.</summary>
    public ReplyCopy? Reply { get; set; }

    /// <summary>What the caller was told instead of an answer.</summary>
    public GatewayError? Error { get; set; }

    /// <summary>The HTTP status that the caller got; 0 before any.</summary>
    public int Status { get; set; }

    /// <summary>(5) Whether the reply began before anybody answered, see <see cref="EarlyReply"/>.</summary>
    public bool BeganEarly { get; set; }

    /// <summary>How it ended.</summary>
    public LedgerOutcome Outcome { get; set; } = LedgerOutcome.Failed;

    /// <summary>Time that was spent on others: upstream calls and waits between them.</summary>
    public TimeSpan Elsewhere { get; set; }

    /// <summary>The gateway's own time up to the first byte of the reply.</summary>
    public TimeSpan Overhead { get; set; }

    /// <summary>What the writers of the answer need to know, once the request has been read.</summary>
    public ReplyContext ReplyContext() => new()
    {
        FallbackId = Call.RequestId,
        Model = Outline!.Model,
        Created = StartedAt,
        StreamUsage = Outline.StreamUsage,
        Path = Call.Path,
        Request = Body,
        Outline = Outline,
    };
}
