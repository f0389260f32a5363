using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

/// <summary>Registries replace discovery, and these tests say which line is missing.</summary>
public sealed class RegistryTests
{
    [Fact]
    public void Every_signal_has_its_line() => Assert.Equal([], Missing(SignalRegistry.All, nameof(SignalRegistry)));

    [Fact]
    public void Every_constraint_has_its_line() => Assert.Equal([], Missing(ConstraintRegistry.All, nameof(ConstraintRegistry)));

    [Fact]
    public void Every_strategy_has_its_line() => Assert.Equal([], Missing(StrategyRegistry.All, nameof(StrategyRegistry)));

    [Fact]
    public void Names_are_unique_and_snake_case()
    {
        string[][] kinds = [[.. SignalRegistry.All.Select(s => s.Name)], [.. ConstraintRegistry.All.Select(c => c.Name)], [.. StrategyRegistry.All.Select(s => s.Name)], [.. RouteReasons.Names]];

        Assert.All(kinds, names => Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count()));
        Assert.All(kinds.SelectMany(n => n), name => Assert.Matches("^[a-z]+(_[a-z]+)*$", name));
        Assert.Equal(Enum.GetValues<RouteReason>().Length, RouteReasons.Names.Count);
    }

    [Fact]
    public void A_policy_with_an_unknown_strategy_says_which_are_known()
    {
        var query = RouteCase.Parse("intent coding 1\n\na/x price=1/1 q=0.5x10\n").Query;

        var error = Assert.Throws<InvalidOperationException>(() => ModelRouter.Decide(query with { Policy = query.Policy with { Strategy = "dearest" } }));

        Assert.Contains("cheapest", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Missing<T>(IEnumerable<T> listed, string registry)
        where T : class =>
        typeof(ModelRouter).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(T)))
            .Except(listed.Select(i => i.GetType())).Select(t => $"add `new {t.Name}()` to {registry}");
}
