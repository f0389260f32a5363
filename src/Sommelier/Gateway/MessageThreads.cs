using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>Conversations that Anthropic keeps for its callers (<c>thread</c>), who then send what is new only.</summary>
/// <remarks>
/// A thread lives in one account and belongs to one model. It is passed on where the next turn can go nowhere else; else it is refused
/// from its first turn on, in the vendor's own words, which have its SDK's tool runner send the whole conversation instead.
/// Source: @anthropic-ai/sdk 1.12.0, <c>ThreadUnsupportedRequestError</c>.
/// </remarks>
internal static class MessageThreads
{
    private const string Unsupported = "thread_unsupported_request";

    /// <summary>Checks a flight whose plan is made. Costs nothing where no thread is asked for.</summary>
    /// <exception cref="GatewayException">Its thread cannot be kept, or not be gone on with: names the remedy.</exception>
    public static void Check(Flight flight)
    {
        if (!flight.Outline!.Threaded)
        {
            return;
        }

        var plan = flight.Decision!.Plan;
        var first = plan[0].Deployment;
        if (flight.Snapshot.Bindings.Find(first.Provider) is not { Binding.Provider.KeepsThreads: true } provider)
        {
            throw Refusal($"'thread' names a conversation that Anthropic keeps, which {first.Id} cannot read. Send the whole conversation without 'thread', or name a model at Anthropic as provider/model.");
        }

        if (plan.Count > 1 || provider.Ring is not null)
        {
            throw Refusal($"'thread' is kept in one account and for one model, and this request may go to several. Send the whole conversation without 'thread', or name one model at Anthropic that has one key, as provider/model.");
        }
    }

    private static GatewayException Refusal(string message) => new(new(GatewayErrorKind.InvalidRequest, message, 400, "thread", Unsupported));
}
