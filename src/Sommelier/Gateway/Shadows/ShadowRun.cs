using Sommelier.Canonical;
using Sommelier.Gateway.Bodies;
using Sommelier.Ledger;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Gateway.Shadows;

/// <summary>One copy of a request on its way: steps (5) to (7) of <see cref="ChatPipeline"/>, with nobody at the other end.</summary>
internal sealed class ShadowRun(ChatPipeline pipeline, GatewayServices services)
{
    /// <summary>Sends the copy and puts it on record.</summary>
    /// <param name="original">What is copied.</param>
    /// <param name="decision">Who gets the copy.</param>
    /// <param name="payer">Who pays.</param>
    /// <param name="body">A copy of the body.</param>
    /// <param name="cancellationToken">Cancelled when the gateway stops.</param>
    /// <returns>What became of it: <c>answered</c>, <c>failed</c>, or <c>over_budget</c>, where it was not sent and nothing is on record.</returns>
    public async Task<string> SendAsync(Flight original, RouteDecision decision, Caller payer, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var flight = new Flight(
            original.Call with { RequestId = services.NewRequestId(), Endpoint = LedgerEntry.ShadowEndpoint, ApiKey = null, Recorded = null },
            original.Snapshot,
            services.Time.GetUtcNow(),
            services.Time.GetTimestamp())
        {
            Caller = payer,
            Body = body,
            Outline = original.Outline,
            Signals = original.Signals,
            Hints = original.Hints with { Tags = [LedgerEntry.ShadowEndpoint, $"{LedgerEntry.ShadowEndpoint}_of:{original.Call.RequestId}", .. original.Hints.Tags] },
            Decision = decision,
        };
        try
        {
            await AnswerAsync(flight, cancellationToken);
        }
        catch (GatewayException refusal)
        {
            flight.Error = refusal.Error;
        }
        catch (WireException refusal)
        {
            flight.Error = refusal.Error;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            flight.Outcome = LedgerOutcome.Canceled;
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
                services.RecordAside(flight);
            }
        }

        return flight.Outcome == LedgerOutcome.Succeeded ? "answered"
            : flight.Error?.Kind == GatewayErrorKind.BudgetExceeded ? "over_budget"
            : "failed";
    }

    private async ValueTask AnswerAsync(Flight flight, CancellationToken cancellationToken)
    {
        var nobody = new DiscardingExchange();
        await pipeline.AttemptAsync(flight, nobody, cancellationToken);
        flight.Status = 200;
        var attempt = await flight.Answer!.WriteToAsync(BodyKeeper.Copied(flight, nobody).Output, cancellationToken);
        flight.Outcome = ChatPipeline.OutcomeOf(attempt);
    }
}
