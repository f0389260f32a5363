using Sommelier.Canonical;
using Sommelier.Gateway.Asides;
using Sommelier.Ledger;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Gateway.Classifying;

/// <summary>Asks a cheap model for the intent of a request whose classifier abstains, where the policy says so. Never fails a request.</summary>
/// <remarks>
/// The model gets the turn alone, and only where every constraint of policy, key and caller would let it serve.
/// </remarks>
internal sealed class IntentCalls(AsideCalls calls, GatewayServices services)
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
        var signals = new RequestSignals { InputTokens = IntentQuestion.TokensOf(text), ExpectedOutputTokens = 8, MaxOutputTokens = IntentQuestion.OutputTokens, ConversationKey = query.Signals.ConversationKey };
        if (AsideCall.Decide(query, settings.Model, signals) is not { } decision)
        {
            return (null, ClassifyOutcome.NotAllowed);
        }

        var call = new AsideCall
        {
            Original = original,
            Endpoint = LedgerEntry.ClassifyEndpoint,
            Format = Format,
            Body = IntentQuestion.Write(text, decision.Plan[0].Deployment.Id),
            Decision = decision,
            Timeout = settings.Timeout,
        };
        var (said, outcome) = await calls.AskAsync(call, Read, cancellationToken);
        return (said, outcome switch
        {
            AsideOutcome.Answered => said is null ? ClassifyOutcome.Unreadable : ClassifyOutcome.Told,
            AsideOutcome.OverBudget => ClassifyOutcome.OverBudget,
            AsideOutcome.Late => ClassifyOutcome.Late,
            _ => ClassifyOutcome.Failed,
        });
    }

    private static Intent? Read(ReadOnlySpan<byte> answer) =>
        IntentQuestion.Read(string.Concat(Format.Responses.Read(answer, WireQuirks.Default).Parts.OfType<TextPart>().Select(static part => part.Text)));
}
