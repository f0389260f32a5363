using Sommelier.Canonical;
using Sommelier.Gateway.Shadows;
using Sommelier.Ledger;
using Sommelier.Wire;

namespace Sommelier.Gateway.Asides;

/// <summary>Makes calls beside requests. Each is a ledger entry of its own, with the caller's key: held, journalled, counted and billed as any request of that key.</summary>
internal sealed class AsideCalls(ChatPipeline pipeline, GatewayServices services)
{
    /// <summary>Makes a call and reads its answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<(T? Answer, AsideOutcome Outcome)> AskAsync<T>(AsideCall call, AsideReader<T> read, CancellationToken cancellationToken)
    {
        var original = call.Original;
        var hints = call.Decision.Query.Hints;
        var flight = new Flight(
            original.Call with { RequestId = services.NewRequestId(), Format = call.Format, Endpoint = call.Endpoint, Path = default, ApiKey = null, ForwardedHeaders = [], Recorded = null },
            original.Snapshot,
            services.Time.GetUtcNow(),
            services.Time.GetTimestamp())
        {
            Caller = original.Caller,
            Body = call.Body,
            Outline = call.Format.Requests.Outline(call.Body.Span, default),
            Signals = call.Decision.Query.Signals,
            Hints = hints with { Tags = [call.Endpoint, $"{call.Endpoint}_of:{original.Call.RequestId}", .. original.Hints.Tags] },
            Decision = call.Decision,
        };
        using var patience = new CancellationTokenSource(call.Timeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (await AnswerAsync(flight, read, either.Token), AsideOutcome.Answered);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            flight.Outcome = LedgerOutcome.Canceled;
            throw;
        }
        catch (Exception failure) when (failure is GatewayException or WireException or UpstreamException or OperationCanceledException)
        {
            flight.Error ??= (failure as GatewayException)?.Error ?? (failure as WireException)?.Error;
            return (default, patience.IsCancellationRequested ? AsideOutcome.Late
                : flight.Error?.Kind is GatewayErrorKind.BudgetExceeded or GatewayErrorKind.RateLimited && flight.Attempts.Count == 0 ? AsideOutcome.OverBudget
                : AsideOutcome.Failed);
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

    private async ValueTask<T> AnswerAsync<T>(Flight flight, AsideReader<T> read, CancellationToken cancellationToken)
    {
        await pipeline.AttemptAsync(flight, new DiscardingExchange(), cancellationToken);
        flight.Status = 200;
        var writer = new HoldingWriter();
        try
        {
            var attempt = await flight.Answer!.WriteToAsync(writer, cancellationToken);
            flight.Outcome = ChatPipeline.OutcomeOf(attempt);
            return read(writer.Span);
        }
        finally
        {
            writer.Release();
        }
    }
}
