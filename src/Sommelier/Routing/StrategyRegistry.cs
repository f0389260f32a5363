using Sommelier.Routing.Strategies;

namespace Sommelier.Routing;

/// <summary>Every strategy. A new one is a file in <c>Strategies/</c> and a line here; a test names the line that is missing.</summary>
public static class StrategyRegistry
{
    private static readonly IRoutingStrategy Cheapest = new CheapestStrategy();
    private static readonly IRoutingStrategy Order = new OrderStrategy();
    private static readonly IRoutingStrategy Pinned = new PinnedStrategy();

    /// <summary>All of them; a policy may name any but <c>pinned</c>, which follows from the model name.</summary>
    public static IReadOnlyList<IRoutingStrategy> All { get; } =
    [
        Cheapest,
        new BestQualityStrategy(),
        new FastestStrategy(),
        new WeightedStrategy(),
        Order,
        Pinned,
    ];

    /// <summary>The names that a policy may give.</summary>
    public static IEnumerable<string> NamesForPolicies => All.Where(s => s != Pinned).Select(s => s.Name);

    /// <summary>The strategy of a name, or null.</summary>
    public static IRoutingStrategy? Find(string name)
    {
        foreach (var strategy in Strategies)
        {
            if (string.Equals(strategy.Name, name, StringComparison.Ordinal))
            {
                return strategy;
            }
        }

        return null;
    }

    /// <summary>What decides this request: the name that the caller sent, the policy's order, the policy's strategy.</summary>
    internal static IRoutingStrategy For(RouteContext context) => context.Named ? Pinned : ForPolicy(context);

    internal static IRoutingStrategy ForPolicy(RouteContext context) => context.Order.IsEmpty ? context.Strategy : Order;

    /// <summary>The policy's strategy for what its explicit order does not name.</summary>
    /// <exception cref="InvalidOperationException">The policy names a strategy that does not exist.</exception>
    internal static IRoutingStrategy Underlying(Policy policy)
    {
        var found = Find(policy.Strategy)
            ?? throw new InvalidOperationException($"The policy '{policy.Name}' names the strategy '{policy.Strategy}', which does not exist; known: {string.Join(", ", NamesForPolicies)}.");
        return ReferenceEquals(found, Order) || ReferenceEquals(found, Pinned) ? Cheapest : found;
    }

    private static readonly IRoutingStrategy[] Strategies = [.. All];
}
