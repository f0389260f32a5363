using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>A query with what follows from it for every candidate: the tighter of policy and caller, the capabilities needed.</summary>
public sealed class RouteContext
{
    internal RouteContext(RouteQuery query, bool named)
    {
        Query = query;
        Named = named;
        Today = DateOnly.FromDateTime(query.At.UtcDateTime);
        MaxCostUsd = Tighter(query.Policy.MaxCostUsd, query.Hints.MaxCostUsd);
        MaxLatencyMs = query.Policy.MaxLatencyMs is { } a && query.Hints.MaxLatencyMs is { } b ? Math.Min(a, b) : query.Policy.MaxLatencyMs ?? query.Hints.MaxLatencyMs;
        MinQuality = query.Policy.MinQuality is { } p && query.Hints.MinQuality is { } q ? Math.Max(p, q) : query.Policy.MinQuality ?? query.Hints.MinQuality;
        Data = query.Policy.Data is { } own && query.Hints.Data is { } asked ? (DataClass)Math.Max((int)own, (int)asked) : query.Policy.Data ?? query.Hints.Data;
        PolicyOnly = new(query.Policy.Only, query.Catalog);
        Escalates = !named && query.Policy.Escalate is { } escalate && escalate.IsCalledFor(query.Signals);
        ProfileOnly = new(query.Policy.ProfileOnly, query.Catalog);
        PolicyExclude = new(query.Policy.Exclude, query.Catalog);
        KeyModels = new(query.KeyModels, query.Catalog);
        CallerOnly = new(query.Hints.Only, query.Catalog);
        CallerExclude = new(query.Hints.Exclude, query.Catalog);
        Order = new(OrderFor(query), query.Catalog);
        Strategy = StrategyRegistry.Underlying(query.Policy);
        Figures = CatalogFigures.Of(query.Catalog);
        Mixture = IntentMixture.Of(query.Signals);
        Needed = Needs.Of(query.Signals);
        InputWithMargin = (int)Math.Min(int.MaxValue, ((query.Signals.InputTokens * 11L) + 9) / 10);
    }

    /// <summary>The query.</summary>
    public RouteQuery Query { get; }

    /// <summary>The rules.</summary>
    public Policy Policy => Query.Policy;

    /// <summary>What is known about the request.</summary>
    public RequestSignals Signals => Query.Signals;

    /// <summary>Whether the caller named the model outright.</summary>
    public bool Named { get; }

    /// <summary>Whether the last answer was not enough, and the policy asks a better model then.</summary>
    internal bool Escalates { get; }

    /// <summary>The day of the decision, UTC.</summary>
    public DateOnly Today { get; }

    /// <summary>The lower of policy's and caller's ceiling, USD; null: none.</summary>
    public decimal? MaxCostUsd { get; }

    /// <summary>The lower of policy's and caller's budget, ms to the first chunk; null: none.</summary>
    public int? MaxLatencyMs { get; }

    /// <summary>The higher of policy's and caller's least quality; null: none.</summary>
    public double? MinQuality { get; }

    /// <summary>The more delicate of policy's and caller's data class; null: nobody has said.</summary>
    public DataClass? Data { get; }

    /// <summary>Capabilities without which the request cannot be served at all.</summary>
    public Capabilities Needed { get; }

    /// <summary>Estimated input tokens with a margin of a tenth: the estimate may be low.</summary>
    public int InputWithMargin { get; }

    internal NameList PolicyOnly { get; }

    internal NameList ProfileOnly { get; }

    internal NameList PolicyExclude { get; }

    internal NameList KeyModels { get; }

    internal NameList CallerOnly { get; }

    internal NameList CallerExclude { get; }

    /// <summary>The policy's explicit order for this request; empty when it has none.</summary>
    internal NameList Order { get; }

    /// <summary>The policy's strategy for what its explicit order does not name.</summary>
    internal IRoutingStrategy Strategy { get; }

    internal CatalogFigures Figures { get; }

    internal double[] Mixture { get; }

    /// <summary>The intent that weighs most in <see cref="Mixture"/>.</summary>
    internal Intent LikelyIntent => (Intent)Mixture.AsSpan().IndexOf(Mixture.Max());

    private static decimal? Tighter(decimal? a, decimal? b) => a is { } x && b is { } y ? Math.Min(x, y) : a ?? b;

    private static IReadOnlyList<string> OrderFor(RouteQuery query) =>
        !query.Signals.Abstained && query.Policy.Prefer.TryGetValue(query.Signals.Intent, out var preferred)
            ? preferred
            : query.Policy.Order;
}
