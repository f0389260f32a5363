using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Routing.Sessions;

/// <summary>Conversations as a caller sends them, decided over the bundled catalog with the shipped classifier.</summary>
internal static class Conversation
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly CatalogSnapshot Catalog = BundledCatalog.Load();
    private static readonly SignalReader Reader = new(new ClassifierReader());

    /// <summary>The outline of turns, the user's first, then in turn.</summary>
    public static RequestOutline Outline(params IReadOnlyList<string> turns)
    {
        var messages = new JsonArray();
        for (var i = 0; i < turns.Count; i++)
        {
            messages.Add((JsonNode)new JsonObject { ["role"] = i % 2 == 0 ? "user" : "assistant", ["content"] = turns[i] });
        }

        return OpenAIChatFormat.Instance.Requests.Outline(Encoding.UTF8.GetBytes(new JsonObject { ["model"] = "auto", ["messages"] = messages }.ToJsonString()));
    }

    public static RequestSignals Read(params IReadOnlyList<string> turns) => Reader.Read(Outline(turns), CallerHints.None);

    public static RouteDecision Decide(RequestSignals signals, PriorChoice? prior = null, Policy? policy = null, LiveState? live = null) => ModelRouter.Decide(new()
    {
        Model = "auto",
        Signals = signals,
        Catalog = Catalog,
        Live = live ?? LiveState.Empty(At),
        Policy = policy ?? Policies.Balanced,
        Prior = prior,
    });

    /// <summary>What a conversation remembers of a decision a minute later.</summary>
    public static PriorChoice Served(RouteDecision decision) => new(decision.Ranked[0].Deployment.Id, At.AddMinutes(-1));
}
