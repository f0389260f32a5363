using System.Text.Json;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>Steps (1) to (4) of <see cref="ChatPipeline"/> alone: tells who would answer, asks nobody, spends nothing.</summary>
internal sealed class RoutePreview(ChatPipeline pipeline, GatewayServices services)
{
    /// <summary>Replies with the decision; a request that nothing can serve gets its ranking of dropped candidates too.</summary>
    public async ValueTask RunAsync(ChatCall call, IExchange exchange, CancellationToken cancellationToken)
    {
        var flight = services.BeginDryRun(call);
        try
        {
            await pipeline.DecideAsync(flight, exchange, cancellationToken);
        }
        catch (GatewayException) when (flight.Decision is { Dropped.Count: > 0 })
        {
            // The reasons are the answer that a dry run is asked for.
        }
        catch (GatewayException refusal)
        {
            await ChatPipeline.RefuseAsync(flight, refusal.Error, exchange, cancellationToken);
            return;
        }
        catch (WireException refusal)
        {
            await ChatPipeline.RefuseAsync(flight, refusal.Error, exchange, cancellationToken);
            return;
        }

        flight.Status = 200;
        exchange.Start(ReplyHeads.Preview(flight));
        await using (var json = new Utf8JsonWriter(exchange.Output))
        {
            RouteDecisionJson.WriteAnswer(json, flight.Decision!);
        }

        await exchange.Output.FlushAsync(cancellationToken);
    }
}
