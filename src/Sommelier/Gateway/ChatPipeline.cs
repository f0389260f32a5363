using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Gateway.Bodies;
using Sommelier.Gateway.Cascades;
using Sommelier.Gateway.Classifying;
using Sommelier.Gateway.Shadows;
using Sommelier.Ledger;
using Sommelier.Resilience;
using Sommelier.Routing;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>The whole life of a chat request, in order. Read this first.</summary>
/// <remarks>
/// <code>
///  (1) authorize    who is calling, what may they do             Caller --► Gateway
///  (2) classify     read the signals off the request                       Gateway
///  (3) constrain    drop every deployment that must not serve it           Gateway
///  (4) rank         order the rest, best first: the route plan             Gateway
///  (5) attempt      try the plan until one answer is committed             Gateway --► Provider
///  (6) reply        pass it on in the caller's wire format       Caller ◄-- Gateway ◄-- Provider
///  (7) record       usage, spend, attempts and the reasons                 Gateway --► Ledger
/// </code>
/// Once the first byte of (6) has gone to the caller the answer is committed: a later failure is told, not retried, unless the
/// policy has another model go on with the text or a caller asked for a new one. Whatever happens, (7) happens once.
/// </remarks>
internal sealed class ChatPipeline(GatewayServices services)
{
    /// <summary>Takes what is over, for those that are sent copies; null before the gateway runs.</summary>
    public ShadowTraffic? Shadows { get; set; }

    /// <summary>Asks a model for intents that the classifier does not stand by; null before the gateway runs.</summary>
    public IntentCalls? Intents { get; set; }

    /// <summary>Serves one request. Ends normally whatever happened to it.</summary>
    public async ValueTask RunAsync(ChatCall call, IExchange exchange, CancellationToken cancellationToken)
    {
        var flight = services.Begin(call);
        try
        {
            Authorize(flight);                                            // (1)
            exchange = BodyKeeper.Copied(flight, exchange);
            await ClassifyAsync(flight, exchange, cancellationToken);     // (2)
            await PlanAsync(flight, asks: true, cancellationToken);       // (3), (4)
            if (!await services.Cache.FindAsync(flight, cancellationToken))
            {
                await AttemptAsync(flight, exchange, cancellationToken);  // (5)
            }

            await ReplyAsync(flight, exchange, cancellationToken);        // (6)
        }
        catch (GatewayException refusal)
        {
            await RefuseAsync(flight, refusal.Error, exchange, cancellationToken);
        }
        catch (WireException refusal)
        {
            await RefuseAsync(flight, refusal.Error, exchange, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The caller went away; whatever broke because of it is no failure of ours.
            flight.Outcome = LedgerOutcome.Canceled;
            flight.Error ??= new(GatewayErrorKind.Canceled, "The caller went away.", 499);
            flight.Status = flight.Status == 0 ? 499 : flight.Status;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            services.ReportInternal(call.RequestId, failure);
            await RefuseAsync(flight, GatewayServices.InternalError(call.RequestId), exchange, cancellationToken);
        }
        finally
        {
            try
            {
                if (flight.Answer is { } answer)
                {
                    await answer.DisposeAsync();
                }
            }
            finally
            {
                services.Record(flight);                                  // (7)
                Shadows?.Offer(flight);
            }
        }
    }

    /// <summary>Steps (1) to (4), for a dry run.</summary>
    public async ValueTask DecideAsync(Flight flight, IExchange exchange, CancellationToken cancellationToken)
    {
        Authorize(flight);
        await ClassifyAsync(flight, exchange, cancellationToken);
        await PlanAsync(flight, asks: false, cancellationToken);
    }

    /// <summary>Writes an error in the caller's dialect as the whole reply.</summary>
    public static async ValueTask RefuseAsync(Flight flight, GatewayError error, IExchange exchange, CancellationToken cancellationToken)
    {
        flight.Error = error;
        if (flight.Status != 0 && (flight.Answer is not null || !flight.BeganEarly))
        {
            // The answer has begun, so the error cannot be told in it any more.
            flight.Outcome = LedgerOutcome.Broken;
            exchange.Abort();
            return;
        }

        if (error.Kind == GatewayErrorKind.Canceled)
        {
            flight.Outcome = LedgerOutcome.Canceled;
        }

        var format = flight.Call.Format;
        if (flight.BeganEarly)
        {
            format.Streams.CreateEncoder(flight.ReplyContext()).WriteError(error, exchange.Output);
            exchange.Abort();
        }
        else
        {
            flight.Status = format.Errors.Status(error);
            exchange.Start(ReplyHeads.Error(flight, error) with { DialectHeader = format.Errors.Header(error) });
            format.Errors.Write(error, flight.Call.RequestId, exchange.Output);
        }

        try
        {
            await exchange.Output.FlushAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            flight.Outcome = LedgerOutcome.Canceled;
        }
    }

    private void Authorize(Flight flight)
    {
        flight.Caller = services.Authenticate(flight.Snapshot, flight.Call.ApiKey);
        flight.Caller.Require(flight.Call.Format.Operation == Operation.Embeddings ? "embeddings" : "chat");
    }

    private async ValueTask ClassifyAsync(Flight flight, IExchange exchange, CancellationToken cancellationToken)
    {
        flight.Body = await exchange.ReadBodyAsync(flight.Snapshot.Limits.MaxBodyBytes, cancellationToken);
        flight.Snapshot.Limits.HoldDepth(flight.Body.Span);
        flight.Outline = flight.Call.Format.Requests.Outline(flight.Body.Span, flight.Call.Path);
        RequestLimits.HoldName(flight.Outline.Model);
        await services.Kept.ExpandAsync(flight, cancellationToken);
        flight.Hints = Hints.Merge(exchange.ReadHints(), flight.Outline.Hints);
        flight.Signals = services.ReadSignals(flight.Snapshot, flight.Outline, flight.Hints, flight.Call.Intent);
        EscalationSignals.Read(flight.Snapshot.Policies, flight.Call.Format, flight.Call.Path, flight.Body, flight.Outline, flight.Signals);
    }

    // A dry run asks nobody, so it routes by the classifier alone.
    private async ValueTask PlanAsync(Flight flight, bool asks, CancellationToken cancellationToken)
    {
        var snapshot = flight.Snapshot;
        if (snapshot.Catalog.Deployments.Count == 0)
        {
            throw new GatewayException(GatewayServices.NoProvider());
        }

        var key = flight.Caller!.Known?.Key;
        if (!snapshot.Policies.TryChooseFor(flight.Outline!.Model, flight.Hints, snapshot.Catalog, key?.Policies ?? [], out var policy, out var unknown))
        {
            throw new GatewayException(unknown!);
        }

        var query = new RouteQuery
        {
            Model = flight.Outline.Model,
            Signals = flight.Signals!,
            Hints = flight.Hints,
            KeyModels = key?.Models ?? [],
            Caller = flight.Caller.Facts,
            Catalog = snapshot.Catalog,
            Live = services.LiveFor(policy, flight.StartedAt),
            Policy = policy,
            RolledBack = services.Canaries.RolledBack,
            Seed = services.NextSeed(),
            Prior = services.Recall(flight),
        };
        if (asks && snapshot.Policies.AsksForIntents && flight.Classified is { Abstained: true } && Intents is { } intents)
        {
            query = await intents.AskAsync(flight, query, cancellationToken);
        }

        flight.Decision = ModelRouter.Decide(query);
        if (flight.Decision.Error is { } error)
        {
            throw new GatewayException(error);
        }

        MessageThreads.Check(flight);
    }

    /// <summary>Step (5) for a flight that is decided.</summary>
    /// <exception cref="GatewayException">Nobody answered, or a limit refuses it.</exception>
    internal async ValueTask AttemptAsync(Flight flight, IExchange exchange, CancellationToken cancellationToken)
    {
        var plan = await services.Spending.ReserveAsync(flight, Deployments(flight.Decision!), cancellationToken);
        var cascade = await CascadeRun.ForAsync(services, flight, plan, cancellationToken);
        services.Journal(flight, cascade?.First ?? plan[0]);
        var started = services.Time.GetTimestamp();
        AttemptResult result;
        await using (EarlyReply.For(services.Time, flight, exchange, cancellationToken))
        {
            result = cascade is null
                ? await AskAsync(flight, plan, default, cancellationToken)
                : await CascadeAsync(flight, cascade, started, cancellationToken);
        }

        flight.Elsewhere += services.Time.GetElapsedTime(started);
        flight.Answer = result.Answer;
        if (result.Error is { } error)
        {
            throw new GatewayException(error);
        }
    }

    private ValueTask<AttemptResult> AskAsync(Flight flight, Deployment[] plan, TimeSpan spent, CancellationToken cancellationToken)
    {
        var limits = GatewayServices.LimitsFor(flight, spent);
        return services.Attempts.RunAsync(Inbound(flight, limits.Hedge is not null, null), plan, flight.Snapshot.Bindings, limits, flight.Attempts, cancellationToken);
    }

    // A cheap model's answer if it passes, else the plan's.
    private async ValueTask<AttemptResult> CascadeAsync(Flight flight, CascadeRun cascade, long started, CancellationToken cancellationToken)
    {
        if (await cascade.AnswerAsync(Inbound(flight, hedged: false, cascade.OutputCap), cancellationToken) is { } answer)
        {
            return new(answer, null);
        }

        // As for any first call, whoever is asked now is asked even where it cannot be noted.
        var rest = cascade.Rest();
        services.JournalAnother(flight, rest[0]);
        return await AskAsync(flight, rest, services.Time.GetElapsedTime(started), cancellationToken);
    }

    private InboundCall Inbound(Flight flight, bool hedged, int? cap) => new()
    {
        Format = flight.Call.Format,
        Body = flight.Body,
        Outline = flight.Outline!,
        Media = flight.Snapshot.Media,
        Strict = flight.Hints.Strict ?? false,
        ForwardedHeaders = flight.Call.ForwardedHeaders,
        Seals = new(services.Seals, flight.Caller!.Id),
        OutputCap = (int?)Least(flight.Hold?.OutputCap, cap),
        MayAskAnother = async (next, cancel) => await services.Spending.AffordsAnotherAsync(flight, cancel) && services.JournalAnother(flight, next),
        MayAskBeside = !hedged ? null : async (next, cancel) => await services.Spending.AffordsBesideAsync(flight, cancel) && services.JournalBeside(flight, next),
        Reply = flight.ReplyContext(),
    };

    private static long? Least(long? one, int? other) => one is { } cap ? Math.Min(cap, other ?? int.MaxValue) : other;

    /// <summary>How a request ended whose answer was written.</summary>
    internal static LedgerOutcome OutcomeOf(Attempt attempt) => attempt.Outcome switch
    {
        AttemptOutcome.Succeeded => LedgerOutcome.Succeeded,
        AttemptOutcome.Canceled => LedgerOutcome.Canceled,
        _ => LedgerOutcome.Broken,
    };

    private static Deployment[] Deployments(RouteDecision decision)
    {
        var plan = new Deployment[decision.Plan.Count];
        for (var at = 0; at < plan.Length; at++)
        {
            plan[at] = decision.Plan[at].Deployment;
        }

        return plan;
    }

    private async ValueTask ReplyAsync(Flight flight, IExchange exchange, CancellationToken cancellationToken)
    {
        var answer = flight.Answer!;
        flight.Overhead = services.Time.GetElapsedTime(flight.StartedTimestamp) - flight.Elsewhere;
        if (!flight.BeganEarly)
        {
            flight.Status = 200;
            exchange.Start(ReplyHeads.Answer(flight, answer));
        }

        var attempt = await answer.WriteToAsync(services.OutputFor(flight, exchange.Output), cancellationToken);
        flight.Outcome = OutcomeOf(attempt);
        if (flight.Outcome == LedgerOutcome.Broken)
        {
            exchange.Abort();
        }
        else if (flight.Outcome == LedgerOutcome.Succeeded)
        {
            services.Remember(flight, attempt);
            await services.Cache.StoreAsync(flight);
        }
    }
}
