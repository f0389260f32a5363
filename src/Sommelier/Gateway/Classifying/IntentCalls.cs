using Sommelier.Canonical;
using Sommelier.Gateway.Shadows;
using Sommelier.Ledger;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Gateway.Classifying;

/// <summary>Asks a cheap model for the intent of a request whose classifier abstains, where the policy says so. Never fails a request.</summary>
/// <remarks>
/// The call is a ledger entry of its own, with the caller's key: it is held, journalled, counted and billed as any request of that key. The
/// model gets the turn alone, and only where every constraint of policy, key and caller would let it serve.
/// </remarks>
internal sealed class IntentCalls(ChatPipeline pipeline, GatewayServices services)
{
    private static readonly IWireFormat Format = WireFormats.Get("openai-chat");

    private readonly IntentMemory memory = new();

    /// <summary>The query with the signals that a model's word makes; the same one where nobody is asked, or in vain.</summary>
    /// <param name="flight">Not decided yet.</param>
    /// <param name="query">What would be decided upon.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    public async ValueTask<RouteQuery> AskAsync(Flight flight, RouteQuery query, CancellationToken cancellationToken)
    {
        // The rules' word holds: they may keep the request in a place, or the question from it.
        var ruled = PolicyResolver.ByRules(query);
        if (ruled.Policy.Classify is not { } settings || ModelNames.Resolve(query) is not { Deployments: null, Error: null } || flight.Outline!.Tail.LastUser.Length == 0)
        {
            return query;
        }

        var started = services.Time.GetTimestamp();
        var text = IntentQuestion.TextOf(flight.Outline.Tail);
        var key = IntentMemory.Key(flight.Caller!.Id, settings.Model, text);
        var told = memory.Find(key, services.Time.GetUtcNow());
        flight.Classification = ClassifyOutcome.Remembered;
        if (told is null)
        {
            (told, flight.Classification) = await TryAsync(flight, ruled, settings, text, cancellationToken);
            flight.Elsewhere += services.Time.GetElapsedTime(started);
            if (told is { } fresh && settings.KeepFor > TimeSpan.Zero)
            {
                memory.Keep(key, fresh, services.Time.GetUtcNow() + settings.KeepFor);
            }
        }

        if (told is not { } intent)
        {
            return query;
        }

        flight.Signals = GatewayServices.ReadSignals(flight, intent);
        return query with { Signals = flight.Signals };
    }

    // Whatever breaks here breaks no request; what nobody expected is told by the log.
    private async ValueTask<(Intent? Told, ClassifyOutcome Outcome)> TryAsync(Flight original, RouteQuery query, ClassifySettings settings, string text, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(original, query, settings, text, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            services.ReportInternal(original.Call.RequestId, failure);
            return (null, ClassifyOutcome.Failed);
        }
    }

    private async ValueTask<(Intent? Told, ClassifyOutcome Outcome)> SendAsync(Flight original, RouteQuery query, ClassifySettings settings, string text, CancellationToken cancellationToken)
    {
        var plain = query with
        {
            Policy = query.Policy with { Rules = [], Split = [], Canary = null, MinQuality = null, MaxLatencyMs = null },
            Hints = query.Hints with { MinQuality = null, MaxLatencyMs = null },
            Signals = new() { InputTokens = IntentQuestion.TokensOf(text), ExpectedOutputTokens = 8, MaxOutputTokens = IntentQuestion.OutputTokens, ConversationKey = query.Signals.ConversationKey },
        };
        if (SolePlan.Decide(plain, settings.Model) is not { } decision)
        {
            return (null, ClassifyOutcome.NotAllowed);
        }

        var body = IntentQuestion.Write(text, decision.Plan[0].Deployment.Id);
        var flight = new Flight(
            original.Call with { RequestId = services.NewRequestId(), Format = Format, Endpoint = LedgerEntry.ClassifyEndpoint, Path = default, ApiKey = null, ForwardedHeaders = [], Recorded = null },
            original.Snapshot,
            services.Time.GetUtcNow(),
            services.Time.GetTimestamp())
        {
            Caller = original.Caller,
            Body = body,
            Outline = Format.Requests.Outline(body.Span, default),
            Signals = plain.Signals,
            Hints = plain.Hints with { Tags = [LedgerEntry.ClassifyEndpoint, $"{LedgerEntry.ClassifyEndpoint}_of:{original.Call.RequestId}", .. original.Hints.Tags] },
            Decision = decision,
        };
        using var patience = new CancellationTokenSource(settings.Timeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await AnswerAsync(flight, either.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            flight.Outcome = LedgerOutcome.Canceled;
            throw;
        }
        catch (Exception failure) when (failure is GatewayException or WireException or UpstreamException or OperationCanceledException)
        {
            flight.Error ??= (failure as GatewayException)?.Error ?? (failure as WireException)?.Error;
            return (null, patience.IsCancellationRequested ? ClassifyOutcome.Late
                : flight.Error?.Kind is GatewayErrorKind.BudgetExceeded or GatewayErrorKind.RateLimited && flight.Attempts.Count == 0 ? ClassifyOutcome.OverBudget
                : ClassifyOutcome.Failed);
        }
        finally
        {
            if (flight.Answer is { } answer)
            {
                await answer.DisposeAsync();
            }

            services.RecordAside(flight);
        }
    }

    private async ValueTask<(Intent? Told, ClassifyOutcome Outcome)> AnswerAsync(Flight flight, CancellationToken cancellationToken)
    {
        await pipeline.AttemptAsync(flight, new DiscardingExchange(), cancellationToken);
        flight.Status = 200;
        var writer = new HoldingWriter();
        try
        {
            var attempt = await flight.Answer!.WriteToAsync(writer, cancellationToken);
            flight.Outcome = ChatPipeline.OutcomeOf(attempt);
            var response = Format.Responses.Read(writer.Span, WireQuirks.Default);
            var said = IntentQuestion.Read(string.Concat(response.Parts.OfType<TextPart>().Select(static part => part.Text)));
            return (said, said is null ? ClassifyOutcome.Unreadable : ClassifyOutcome.Told);
        }
        finally
        {
            writer.Release();
        }
    }
}
